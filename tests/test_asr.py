"""Recognition: what is made of Whisper's guesses, with a made-up Whisper."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import voicebot.asr as asr
from voicebot.asr import Recogniser
from voicebot.asr.whisper import Guess
from voicebot.audio import AudioChunk, silence

LOOP = Guess("Det er også på tid. Det er også på tid.", 20, -0.4, 0.1)
QUESTION = Guess("Jeg har mistet mit pas.", 8, -0.5, 0.1)


def noise(seconds: float, level: float = 0.1, rate: int = 8000) -> AudioChunk:
    """White noise; level: root mean square, full scale 1."""
    samples = np.random.default_rng(7).normal(0, level, round(rate * seconds))
    return AudioChunk(samples.astype(np.float32), rate)


class MadeUpWhisper:
    """Gives the guesses it is told to, and keeps what it was asked: (seconds of sound, window, most tokens)."""

    def __init__(self, *guesses: Guess) -> None:
        self._guesses = list(guesses)
        self.asked: list[tuple[float, float, int]] = []
        self.heard: list[np.ndarray] = []

    def spectrogram(self, samples: np.ndarray) -> np.ndarray:
        self.heard.append(samples)
        return samples

    def guess(self, spectrogram: np.ndarray, window: float, most_tokens: int) -> Guess:
        self.asked.append((len(spectrogram) / 16000, window, most_tokens))
        return self._guesses.pop(0)


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Recogniser, MadeUpWhisper]]:
    def make(*guesses: Guess) -> tuple[Recogniser, MadeUpWhisper]:
        whisper = MadeUpWhisper(*guesses)
        monkeypatch.setattr(asr, "Whisper", lambda folder, threads, at_once: whisper)
        return Recogniser(Path("anywhere")), whisper

    return make


def test_a_guess_becomes_a_transcript(recogniser) -> None:
    ears, _ = recogniser(QUESTION)
    transcript = ears.transcribe(noise(3.0))
    assert transcript.text == "Jeg har mistet mit pas."
    assert transcript.words == ("jeg", "har", "mistet", "mit", "pas")
    assert transcript.confidence == pytest.approx(np.exp(-0.5))
    assert transcript.seconds == 3.0


@pytest.mark.parametrize(("seconds", "window"), [(1.0, 6.0), (4.8, 6.0), (9.5, 10.7), (29.0, 30.0)])
def test_the_window_is_as_long_as_the_utterance_needs(recogniser, seconds: float, window: float) -> None:
    ears, whisper = recogniser(QUESTION)
    ears.transcribe(noise(seconds))
    assert [asked[1] for asked in whisper.asked] == [window]


def test_tokens_are_bounded_by_the_duration(recogniser) -> None:
    ears, whisper = recogniser(QUESTION, QUESTION)
    ears.transcribe(noise(1.0))
    ears.transcribe(noise(20.0))
    bounds = [asked[2] for asked in whisper.asked]
    assert bounds == [26, 216]


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100])
def test_sound_of_any_rate_is_heard_at_16_khz(recogniser, rate: int) -> None:
    ears, whisper = recogniser(QUESTION)
    assert ears.transcribe(noise(2.0, rate=rate)).seconds == pytest.approx(2.0)
    assert whisper.asked[0][0] == pytest.approx(2.0, abs=0.01)


def test_of_a_long_utterance_the_last_30_seconds_are_heard(recogniser) -> None:
    ears, whisper = recogniser(QUESTION)
    sound = noise(1200.0, rate=16000)
    assert ears.transcribe(sound).seconds == 1200.0
    assert np.array_equal(whisper.heard[0], sound.samples[-30 * 16000 :])


@pytest.mark.parametrize("doubtful", [LOOP, Guess("Jeg har mistet mit", 46, -0.5, 0.1)], ids=["loop", "no end"])
def test_a_doubtful_guess_falls_back_to_the_full_window(recogniser, doubtful: Guess) -> None:
    ears, whisper = recogniser(doubtful, QUESTION)
    assert ears.transcribe(noise(3.0)).text == "Jeg har mistet mit pas."
    assert [asked[1] for asked in whisper.asked] == [6.0, 30.0]
    assert len(whisper.heard) == 1, "the spectrogram is made once"


def test_a_loop_in_both_windows_collapses_and_counts_for_less(recogniser) -> None:
    ears, whisper = recogniser(LOOP, LOOP)
    transcript = ears.transcribe(noise(3.0))
    assert transcript.text == "Det er også på tid."
    assert transcript.confidence == pytest.approx(np.exp(-0.4) / 2)
    assert len(whisper.asked) == 2


def test_the_full_window_is_not_tried_twice(recogniser) -> None:
    ears, whisper = recogniser(LOOP)
    assert ears.transcribe(noise(30.0)).text == "Det er også på tid."
    assert len(whisper.asked) == 1


@pytest.mark.parametrize(
    "sound",
    [silence(0.0), silence(5.0), noise(0.09), noise(5.0, 0.0005)],
    ids=["empty", "digital silence", "too short", "line hiss"],
)
def test_where_nothing_can_be_said_the_model_is_not_asked(recogniser, sound: AudioChunk) -> None:
    ears, whisper = recogniser()
    assert ears.transcribe(sound) == asr.Transcript("", (), 0.0, sound.seconds)
    assert whisper.asked == []


@pytest.mark.parametrize("said", ["Nej nej nej!", "Hjælp, hjælp, hjælp!"])
def test_words_said_again_are_heard(recogniser, said: str) -> None:
    ears, _ = recogniser(Guess(said, 6, -0.6, 0.1))
    assert ears.transcribe(noise(2.0)).text == said


@pytest.mark.parametrize(
    "guess",
    [
        Guess("Det er det, jeg har været med.", 10, -1.8, 0.9),
        Guess("Hvad er det?", 4, -1.8, 0.5),
        Guess("Hørn, hørn, hørn, hørn", 15, -1.0, 0.35),
        Guess("Tak fordi du så med!", 8, -0.2, 0.1),
        Guess("...", 2, -0.2, 0.1),
        Guess("", 0, 0.0, 0.1),
    ],
)
def test_what_nobody_said_is_nothing(recogniser, guess: Guess) -> None:
    ears, _ = recogniser(guess)
    assert ears.transcribe(noise(3.0)) == asr.Transcript("", (), 0.0, 3.0)
