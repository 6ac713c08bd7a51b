"""A sentence recorded as a caller's: its form, its level, the line it comes over."""

import numpy as np
import pytest

from tests.humming import HummingVoice, humming
from voicebot.audio import AudioChunk
from voicebot.errors import ReplayError, SpeechError
from voicebot.fixtures.speaking import over_the_line, recorded, seeded
from voicebot.replay.conditions import parse_condition
from voicebot.replay.speech import FRAME, speech_end, speech_level, speech_start


def decibels(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.square(samples).mean()))


def test_a_recording_has_line_around_speech_at_the_usual_level() -> None:
    sound = recorded(HummingVoice(), "et to tre fire", seeded(1))
    assert sound.rate == 8000
    assert sound.samples.dtype == np.float32
    assert len(sound.samples) % FRAME == 0
    assert sound.seconds == pytest.approx(0.3 + 1.0 + 0.5, abs=0.02)
    assert speech_start(sound) == pytest.approx(0.3, abs=0.02)
    assert sound.seconds - speech_end(sound) == pytest.approx(0.5, abs=0.04)
    assert speech_level(sound) == pytest.approx(-24, abs=0.5)
    assert decibels(sound.samples[:2000]) == pytest.approx(-62, abs=0.5)
    assert decibels(sound.samples[-3500:]) == pytest.approx(-62, abs=0.5)


def test_chance_is_the_same_for_the_same_seed_and_names() -> None:
    def made(seed: int, *names: str) -> bytes:
        return recorded(HummingVoice(), "hallo", seeded(seed, *names)).samples.tobytes()

    assert made(1, "a", "b") == made(1, "a", "b")
    assert len({made(1, "a", "b"), made(2, "a", "b"), made(1, "b", "a"), made(1)}) == 4


def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(SpeechError, match="no word"):
        recorded(HummingVoice(), "?! …", seeded(1))


def test_a_clean_line_leaves_a_recording_alone_and_a_bad_one_does_not() -> None:
    clean = recorded(HummingVoice(), "et to tre fire fem seks syv otte", seeded(1))
    assert over_the_line(clean, parse_condition("ren"), seeded(1)) is clean
    noisy = over_the_line(clean, parse_condition("telefon,stoej-10db,tab-5pct"), seeded(1))
    assert len(noisy.samples) == len(clean.samples)
    frames = noisy.samples.reshape(-1, FRAME)
    assert any(not frame.any() for frame in frames), "lost frames are silent"
    assert decibels(noisy.samples[:2000]) > -50, "the street is heard before the speech"
    quick = over_the_line(clean, parse_condition("tempo-1.2"), seeded(1))
    assert len(quick.samples) < len(clean.samples)
    assert len(quick.samples) % FRAME == 0


@pytest.mark.parametrize("condition", ["forsinkelse-300ms", "telefon,jitter-40ms"])
def test_what_comes_late_cannot_be_recorded(condition: str) -> None:
    with pytest.raises(ReplayError, match=r"cannot be late.*replay --condition"):
        over_the_line(AudioChunk(np.zeros(FRAME, np.float32), 8000), parse_condition(condition), seeded(1))


def test_a_case_says_who_speaks_in_it_and_over_what() -> None:
    head = humming().head("Hej", ["in_scope"], "Made up.", parse_condition("tab-2pct"))
    assert head["tags"] == ["in_scope", "accent", "bad_line"]
    assert head["provenance"] == "Made up. Spoken by the voice Hum over the line tab-2pct."
    assert head["licence"] == "The voice's: CC0-1.0"
    assert humming().head("Hej", [], "Made up.")["tags"] == ["accent"]
