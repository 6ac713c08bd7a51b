"""What a line does to a call is what its name says, by measurement."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.audio import AudioChunk, from_mulaw, joined, silence
from voicebot.errors import ReplayError
from voicebot.replay.channel import Channel, Losses
from voicebot.replay.conditions import CLEAN, Condition, parse_condition
from voicebot.replay.speech import FRAME, FRAME_SECONDS, speech_end, speech_level, speech_start

RATE = 8000
LEVEL = -24.0
QUIET, AUDIBLE = np.zeros(FRAME, np.float32), np.full(FRAME, 0.1, np.float32)
LOST = b"\xff" * FRAME


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def tone(hertz: float, seconds: float = 1.0, rate: int = RATE) -> AudioChunk:
    turns = hertz * np.arange(round(seconds * rate)) / rate
    return AudioChunk((0.3 * np.sin(2 * np.pi * turns)).astype(np.float32), rate)


def utterance(seconds: float = 1.0) -> AudioChunk:
    """A line of 0.3 s, speech, 0.5 s of line."""
    return joined([silence(0.3), tone(440, seconds), silence(0.5)])


def through(name: str, sound: AudioChunk) -> AudioChunk:
    return parse_condition(name).speak(sound, chance())


def decibels(sound: AudioChunk) -> float:
    return float(10 * np.log10(np.mean(np.square(sound.samples)) + 1e-12))


def line(name: str, seed: int = 1, level: float = LEVEL) -> Channel:
    return parse_condition(name).channel(level, chance(seed))


def carried(channel: Channel, frames: int, frame: np.ndarray = QUIET) -> list[bytes]:
    return [channel.carry(frame) for _ in range(frames)]


def background(name: str, seconds: int = 30, level: float = LEVEL) -> AudioChunk:
    return from_mulaw(b"".join(carried(line(name, level=level), seconds * 50)))


PARTS = (
    "telefon",
    "tempo-1.1",
    "klip-200ms",
    "stoej-10db",
    "stemmer-15db",
    "tab-2pct",
    "jitter-40ms",
    "forsinkelse-300ms",
)


@pytest.mark.parametrize("name", ["ren", *PARTS, ",".join(PARTS)])
def test_a_name_written_as_it_should_be_stays_as_it_is(name: str) -> None:
    assert parse_condition(name).name == name


@pytest.mark.parametrize("order", [*permutations(["tab-2pct", "telefon", "stoej-10db"])], ids=",".join)
def test_the_same_parts_in_another_order_are_the_same_condition(order: tuple[str, ...]) -> None:
    assert parse_condition(",".join(order)).name == "telefon,stoej-10db,tab-2pct"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" Telefon , stoej-10.0dB", "telefon,stoej-10db"),
        ("tab-0pct,tempo-1,klip-0ms,jitter-0ms,forsinkelse-00ms", "ren"),
        ("ren,tab-02.50pct", "tab-2.5pct"),
        ("stoej-0db", "stoej-0db"),
    ],
)
def test_what_means_the_same_has_one_name(written: str, name: str) -> None:
    assert parse_condition(written).name == name


@given(
    tempo=st.integers(90, 120).map(lambda n: n / 100),
    noise=st.none() | st.integers(0, 4000).map(lambda n: n / 100),
    lost=st.integers(0, 5000).map(lambda n: n / 100),
    late=st.integers(0, 2000),
    telephone=st.booleans(),
)
def test_a_condition_is_read_from_its_name(
    tempo: float, noise: float | None, lost: float, late: float, telephone: bool
) -> None:
    condition = Condition(telephone, tempo, klip=late, stoej=noise, stemmer=noise, tab=lost, forsinkelse=late)
    assert parse_condition(condition.name) == condition


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("stoej-", "'stoej-': write stoej-10db, with a number from 0 to 40."),
        ("stoej", "'stoej': write stoej-10db,"),
        ("stoej-10", "'stoej-10': write stoej-10db,"),
        ("stoej--5db", "write stoej-10db, with a number from 0 to 40"),
        ("telefon,tab-200pct", "'tab-200pct': write tab-2pct, with a number from 0 to 50."),
        ("tempo-3", "'tempo-3': write tempo-1.1, with a number from 0.9 to 1.2."),
        ("tempo-1.001", "write tempo-1.1"),
        ("tempo-nan", "write tempo-1.1"),
        ("jitter-١ms", "write jitter-40ms"),
        ("støj-10db", "the nearest is stoej-10db, of ren, telefon, tempo-1.1, klip-200ms"),
        ("telephone", "the nearest is telefon"),
        ("telefon-3", "the nearest is telefon"),
        ("xyz", "'xyz': no such condition; there are ren"),
        ("", "'': no such condition; there are ren, telefon, tempo-1.1"),
        ("telefon,,ren", "'': no such condition"),
        ("tab-2pct,tab-5pct", "'tab-5pct': tab stands there twice"),
    ],
)
def test_what_is_no_condition_is_refused_with_what_may_be_written(written: str, said: str) -> None:
    with pytest.raises(ReplayError) as fault:
        parse_condition(written)
    assert said in fault.value.message


def test_a_clean_line_changes_nothing() -> None:
    sound = utterance()
    assert np.array_equal(CLEAN.speak(sound, chance()).samples, sound.samples)
    channel = line("ren")
    heard = from_mulaw(channel.carry(sound.samples[4000 : 4000 + FRAME]))
    assert np.allclose(heard.samples, sound.samples[4000 : 4000 + FRAME], atol=0.01)
    assert (channel.late(), CLEAN.delay) == (0.0, 0.0)


@pytest.mark.parametrize("hertz", [500, 1000, 2000, 3000])
def test_a_telephone_carries_its_band(hertz: int) -> None:
    assert decibels(through("telefon", tone(hertz))) == pytest.approx(decibels(tone(hertz)), abs=0.5)


@pytest.mark.parametrize("hertz", [50, 120, 3900])
def test_a_telephone_cuts_off_what_lies_outside_its_band(hertz: int) -> None:
    assert decibels(through("telefon", tone(hertz))) < decibels(tone(hertz)) - 20


def test_a_telephone_has_256_values() -> None:
    assert len(set(through("telefon", tone(440.3, 5)).samples.tolist())) <= 256


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("tempo", [0.9, 1.1, 1.2])
def test_tempo_changes_the_length_and_not_the_pitch(tempo: float, rate: int) -> None:
    faster = through(f"tempo-{tempo}", tone(440, 3, rate))
    assert (faster.rate, faster.seconds) == (RATE, pytest.approx(3 / tempo, abs=0.001))
    spectrum = np.abs(np.fft.rfft(faster.samples))
    assert spectrum.argmax() / faster.seconds == pytest.approx(440, abs=5)
    assert decibels(faster) == pytest.approx(decibels(tone(440)), abs=0.5)


@given(samples=st.integers(0, 400))
def test_however_short_an_utterance_is_it_can_be_spoken_faster(samples: int) -> None:
    assert len(Condition(tempo=1.2).speak(silence(samples / RATE), chance()).samples) == round(samples / 1.2)


@pytest.mark.parametrize("gone", [100, 200, 500])
def test_the_first_of_the_speech_is_gone_not_of_the_line_before_it(gone: int) -> None:
    sound, heard = utterance(), through(f"klip-{gone}ms", utterance())
    assert speech_start(heard) - speech_start(sound) == pytest.approx(gone / 1000, abs=FRAME_SECONDS)
    assert (heard.seconds, speech_end(heard)) == (sound.seconds, speech_end(sound))
    changed = np.flatnonzero(heard.samples != sound.samples)
    assert (changed[0], changed[-1] + 1 - changed[0]) == (0.3 * RATE, gone * RATE / 1000)
    assert decibels(AudioChunk(heard.samples[changed], RATE)) == pytest.approx(-62, abs=1)


def test_of_a_word_that_is_shorter_than_what_is_cut_nothing_is_left() -> None:
    assert np.abs(through("klip-2000ms", utterance(0.2)).samples).max() < 0.01


@pytest.mark.parametrize("level", [-18.0, -30.0])
@pytest.mark.parametrize("under", [0, 10, 20])
@pytest.mark.parametrize("kind", ["stoej", "stemmer"])
def test_the_noise_lies_so_far_under_the_speech(kind: str, under: int, level: float) -> None:
    assert decibels(background(f"{kind}-{under}db", 16, level)) == pytest.approx(level - under, abs=1)


def test_noises_add_up() -> None:
    assert decibels(background("stoej-10db,stemmer-10db", 16)) == pytest.approx(LEVEL - 10 + 3, abs=1)


@pytest.mark.parametrize("kind", ["stoej", "stemmer"])
def test_noise_is_heard_through_the_call_in_the_telephones_band(kind: str) -> None:
    noise = background(f"{kind}-10db", 40)
    assert min(decibels(AudioChunk(second, RATE)) for second in noise.samples.reshape(-1, RATE)) > LEVEL - 10 - 12
    power, hertz = np.abs(np.fft.rfft(noise.samples)) ** 2, np.fft.rfftfreq(len(noise.samples), 1 / RATE)
    assert power[(hertz > 300) & (hertz < 3400)].sum() > 0.85 * power.sum()


def test_noise_begins_again_without_a_click() -> None:
    noise = background("stoej-10db", 32)
    steps = np.abs(np.diff(noise.samples))
    assert steps[16 * RATE - 2 : 16 * RATE + 2].max() < np.percentile(steps, 99.9)


def test_a_street_swells_and_voices_come_in_syllables() -> None:
    def moving(kind: str, low: float, high: float) -> float:
        loud = np.sqrt(np.square(background(f"{kind}-10db", 16).samples).reshape(-1, FRAME).mean(axis=1))
        power, hertz = np.abs(np.fft.rfft(loud - loud.mean())) ** 2, np.fft.rfftfreq(len(loud), FRAME_SECONDS)
        return float(power[(hertz > low) & (hertz < high)].sum() / power.sum())

    assert moving("stoej", 0, 2) > 0.6
    assert moving("stemmer", 2, 10) > 0.5


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05, 0.2, 0.5])
def test_so_many_frames_are_lost_in_bursts(share: float) -> None:
    losses = Losses(share, chance())
    lost = [losses.next() for _ in range(60_000)]
    assert np.mean(lost) == pytest.approx(share, rel=0.15)
    bursts = sum(now and not before for before, now in pairwise(lost))
    assert sum(lost) == pytest.approx(2 * bursts, rel=0.1)


def test_what_is_lost_is_silent() -> None:
    heard = carried(line("tab-20pct"), 5000, AUDIBLE)
    assert heard.count(LOST) == pytest.approx(1000, rel=0.15)
    assert set(heard) == {LOST, line("ren").carry(AUDIBLE)}


def test_the_same_frames_are_lost_with_noise_and_without() -> None:
    plain, noisy = (carried(line(f"tab-10pct{more}"), 500, AUDIBLE) for more in ("", ",stoej-10db"))
    assert [frame == LOST for frame in plain] == [frame == LOST for frame in noisy]


def test_a_stalling_line_brings_at_once_what_has_waited_and_nothing_overtakes() -> None:
    channel = line("jitter-100ms,forsinkelse-300ms")
    late = [channel.late() for _ in range(10_000)]
    assert 0.3 == min(late) < max(late) <= 0.4
    arrivals = [number * FRAME_SECONDS + seconds for number, seconds in enumerate(late)]
    assert all(after >= before - 1e-9 for before, after in pairwise(arrivals))
    at_once = np.isclose(np.diff(arrivals), 0)
    assert 0.03 < at_once.mean() < 0.15
    assert np.median(late) == 0.3
    assert parse_condition("jitter-100ms,forsinkelse-300ms").delay == 0.3


@pytest.mark.parametrize("name", [*PARTS, ",".join(PARTS)])
def test_the_same_seed_gives_the_same_call(name: str) -> None:
    def call(seed: int) -> tuple[bytes, list[bytes], list[float]]:
        random, condition = chance(seed), parse_condition(name)
        said = condition.speak(utterance(), random).samples.tobytes()
        channel = condition.channel(LEVEL, random)
        return said, carried(channel, 200, AUDIBLE), [channel.late() for _ in range(200)]

    assert call(1) == call(1)
    by_chance = {"klip-200ms", "stoej-10db", "stemmer-15db", "tab-2pct", "jitter-40ms"}
    assert (call(1) != call(2)) == bool(by_chance & set(name.split(",")))


def test_how_loud_speech_is_leaves_its_pauses_out() -> None:
    assert speech_level(utterance()) == pytest.approx(decibels(tone(440)), abs=0.1)
    assert speech_level(silence(1)) == pytest.approx(-100)
