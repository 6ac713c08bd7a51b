"""What is not speech gives no words: neither as a call hears it, nor by the recogniser's own gates."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.not_speech import clips
from voicebot.asr import Recogniser
from voicebot.audio import AudioChunk, from_mulaw, joined, read_wav, silence, to_mulaw
from voicebot.endpointing import Endpointer, Signal
from voicebot.vad import SpeechDetector

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"
MARGIN = 0.3
"""Seconds that a call keeps before and after a turn."""
CLIPS = clips()
HARDEST = [
    "white noise at -40 dB", "pink noise at -20 dB", "brown noise at -20 dB", "crackling line", "packets lost",
    "paper", "organ", "bass", "chords", "band", "wind", "cars", "loud coughs", "typing", "engaged tone",
]  # fmt: skip
"""Sounds that Whisper by itself makes words of."""


@pytest.fixture(scope="module")
def ears(models_dir: Path) -> Recogniser:
    return Recogniser(models_dir / "whisper-base")


@pytest.fixture(scope="module")
def heard(models_dir: Path, ears: Recogniser) -> Callable[[AudioChunk], list[str]]:
    """The words of each turn in a sound, as a call hears it."""
    detector = SpeechDetector(models_dir / "silero-vad")

    def listen(sound: AudioChunk) -> list[str]:
        line = from_mulaw(to_mulaw(joined([silence(0.5), sound, silence(3.0)])))
        endpointer, texts = Endpointer(), []
        for probability in detector.stream().feed(line):
            if endpointer.hear(probability, bot_speaking=False) is Signal.TURN_ENDED:
                first, last = endpointer.speech_start - MARGIN, endpointer.speech_end + MARGIN
                turn = line.samples[max(0, round(8000 * first)) : round(8000 * last)]
                texts.append(ears.transcribe(AudioChunk(turn, 8000)).text)
        return texts

    return listen


def test_there_are_many_sounds_and_always_the_same() -> None:
    assert len(CLIPS) >= 40
    again = clips()
    assert all((sound.samples == again[name].samples).all() for name, sound in CLIPS.items())


@pytest.mark.slow
@pytest.mark.parametrize("name", CLIPS)
def test_no_sound_but_speech_gives_a_caller_words(heard: Callable[[AudioChunk], list[str]], name: str) -> None:
    assert not any(heard(CLIPS[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", HARDEST)
def test_the_recogniser_keeps_out_what_the_detector_lets_through(ears: Recogniser, name: str) -> None:
    assert ears.transcribe(from_mulaw(to_mulaw(CLIPS[name]))).text == ""


@pytest.mark.slow
def test_speech_passes(heard: Callable[[AudioChunk], list[str]]) -> None:
    texts = heard(read_wav(FIXTURES / "callers" / "pas-mistet-nico-01.wav"))
    assert len(texts) == 1
    assert "mistet" in texts[0]
