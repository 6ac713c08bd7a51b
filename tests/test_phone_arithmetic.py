"""The web phone in Debian's Chromium: its arithmetic of sound."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.phone_page import Phone, decibels, opened, tone
from voicebot.audio import _DECODE, _ENCODE, AudioChunk

pytest_plugins = ["tests.phone_page"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(browser: Browser, server: Phone) -> Iterator[Page]:
    """One page for all tests: its arithmetic remembers nothing."""
    with opened(browser, server) as page:
        yield page


def test_mulaw_agrees_with_the_servers_for_every_code_and_every_sample(page: Page) -> None:
    decoded, encoded = page.evaluate("""async () => {
        const { fromMulaw, toMulaw } = await import("/phone/static/sound.js");
        const samples = Float32Array.from({ length: 65536 }, (_, index) => (index - 32768) / 32768);
        return [[...fromMulaw(Uint8Array.from({ length: 256 }, (_, code) => code))], [...toMulaw(samples)]];
    }""")
    np.testing.assert_array_equal(np.array(decoded, np.float32), _DECODE)
    np.testing.assert_array_equal(np.array(encoded, np.uint8), _ENCODE)


def test_sound_louder_than_the_line_is_clipped(page: Page) -> None:
    loud, fullest = page.evaluate("""async () => {
        const { toMulaw } = await import("/phone/static/sound.js");
        return [[...toMulaw(Float32Array.of(3, -3))], [...toMulaw(Float32Array.of(1, -1))]];
    }""")
    assert loud == fullest


def resampled(page: Page, chunk: AudioChunk, to: int, block: int) -> np.ndarray:
    """What the page's resampler makes of a sound given to it in blocks."""
    samples = page.evaluate(
        """async ([samples, from, to, block]) => {
            const { Resampler } = await import("/phone/static/sound.js");
            const resampler = new Resampler(from, to);
            const out = [];
            for (let begin = 0; begin < samples.length; begin += block)
                out.push(...resampler.process(Float32Array.from(samples.slice(begin, begin + block))));
            return out;
        }""",
        [chunk.samples.tolist(), chunk.rate, to, block],
    )
    return np.array(samples)


def level(samples: np.ndarray, rate: int, hertz: float) -> float:
    """The amplitude of one frequency in the middle of a sound (a single-bin Fourier sum, Hann window)."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    window = np.hanning(len(middle))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(middle)) / rate)
    return float(2 * abs((middle * window * turn).sum()) / window.sum())


@pytest.mark.parametrize("rate", [16000, 44100, 48000, 96000])
@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_speech_comes_through_the_resampler_unharmed(page: Page, rate: int, hertz: int) -> None:
    out = resampled(page, tone(hertz, 0.25, rate, 0.5), 8000, 128)
    assert abs(decibels(level(out, 8000, hertz) / 0.5)) < 0.5
    back = resampled(page, tone(hertz, 0.25, 8000, 0.5), rate, 160)
    assert abs(decibels(level(back, rate, hertz) / 0.5)) < 0.5


@pytest.mark.parametrize(
    ("rate", "hertz"), [(16000, 6000), (44100, 6000), (48000, 5000), (48000, 6000), (48000, 15000)]
)
def test_what_the_line_cannot_carry_does_not_fold_back_into_speech(page: Page, rate: int, hertz: int) -> None:
    out = resampled(page, tone(hertz, 0.25, rate, 0.5), 8000, 128)[100:-100]
    assert decibels(np.abs(out).max() / 0.5) < -40


def test_playing_adds_no_mirror_image(page: Page) -> None:
    out = resampled(page, tone(1000, 0.25, 8000, 0.5), 48000, 160)
    assert decibels(level(out, 48000, 7000) / 0.5) < -50


@pytest.mark.parametrize(("rate", "to"), [(44100, 8000), (48000, 8000), (8000, 44100)])
def test_blocks_leave_no_seam_and_time_stays_true(page: Page, rate: int, to: int) -> None:
    sound = tone(1000, 0.4, rate)
    whole = resampled(page, sound, to, len(sound.samples))
    np.testing.assert_array_equal(resampled(page, sound, to, 128), whole)
    assert to * 0.397 < len(whole) <= to * 0.4
    np.testing.assert_allclose(whole[100:-100], tone(1000, 0.4, to).samples[: len(whole)][100:-100], atol=0.002)
