"""What a caller said: an utterance becomes a `Transcript`, by Whisper, in Danish."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicebot.asr.hearsay import collapsed, looping, without_phantoms, words
from voicebot.asr.whisper import RATE, Guess, Whisper
from voicebot.audio import AudioChunk

__all__ = ["AT_ONCE", "LONGEST", "RATE", "THREADS", "Recogniser", "Transcript", "words"]

THREADS = 2
"""CPU threads of one recognition."""
AT_ONCE = 2
"""Utterances recognised at once, on the same weights: what one leaves unused of two cores, the other takes. Measured on
two cores: eight utterances that come at once are done after 1.53 s (1.97 s one by one), a single one after 0.23 s."""
LONGEST = 30.0
"""Seconds that Whisper can hear; of a longer utterance the last 30 s count, as callers end with the question."""
_SHORTEST = 0.1
"""Seconds below which there is no word to hear."""
_FAINTEST = 0.001
"""Root mean square (full scale 1) that the loudest 50 ms must reach, -60 dBFS: below it lies the line's own hiss."""
_SHORTEST_WINDOW = 6.0
"""Seconds the encoder sees at least: the less, the quicker, but the more of its texts loop.

Word error on 89 clips of 1.7 to 5.4 s, loops: 53 % and none at 6 s, 54 % and one at 5 s; on 30 of them 58 % and one at
4.5 s, 56 % and none at 7 s.
"""
_WINDOW_MARGIN = 1.2
"""Seconds of silence behind a longer utterance, for the same reason."""
_LEAST_EVIDENCE = 0.09
"""exp(mean log-probability) x (1 - no-speech probability) x share of different words, below which nothing was said.

Measured: 59 sounds that are no speech (noise, tones, music, coughs, wind) up to 0.087, 89 clips of speech from 0.104.
"""


@dataclass(frozen=True)
class Transcript:
    """What was heard; text and words are empty where nothing was.

    words: in small letters, without punctuation. confidence: 0 to 1, the geometric mean of the tokens' probabilities
    (exp of their mean log-probability), times the share of the words kept where a loop was undone; 0 for nothing.
    seconds: length of the sound given.
    """

    text: str
    words: tuple[str, ...]
    confidence: float
    seconds: float


class Recogniser:
    """Whisper, loaded once.

    model_folder: a CTranslate2 model with its `tokenizer.json`. threads: CPU threads of one recognition. ModelError: a
    file is missing, cut short or not a multilingual Whisper. Any number of threads may call `transcribe` at once; the
    utterances are recognised `AT_ONCE` at a time.
    """

    def __init__(self, model_folder: Path, threads: int = THREADS) -> None:
        self._whisper = Whisper(model_folder, threads, AT_ONCE)

    def transcribe(self, sound: AudioChunk) -> Transcript:
        """What is said in `sound` (any rate, one utterance); RecognitionError where the model fails."""
        nothing = Transcript("", (), 0.0, sound.seconds)
        if sound.seconds < _SHORTEST or _loudest(sound) < _FAINTEST:
            return nothing
        last = AudioChunk(sound.samples[-round(LONGEST * sound.rate) :], sound.rate)
        guess = self._listen(last.resampled(RATE).samples)
        text = collapsed(guess.text) if looping(guess.text) else guess.text
        kept = len(words(text)) / max(1, len(words(guess.text)))
        confidence = min(1.0, math.exp(guess.log_probability)) * kept
        text = without_phantoms(text)
        heard = words(text)
        if not heard or confidence * (1 - guess.no_speech) * len(set(heard)) / len(heard) < _LEAST_EVIDENCE:
            return nothing
        return Transcript(text, tuple(heard), confidence, sound.seconds)

    def _listen(self, samples: NDArray[np.float32]) -> Guess:
        """The guess in a short window; where that loops or does not come to an end, the one in the full window."""
        seconds = len(samples) / RATE
        most_tokens = 16 + round(10 * seconds)  # measured: 6 a second at most
        window = min(LONGEST, max(_SHORTEST_WINDOW, seconds + _WINDOW_MARGIN))
        spectrogram = self._whisper.spectrogram(samples)
        guess = self._whisper.guess(spectrogram, window, most_tokens)
        if window < LONGEST and (guess.tokens >= most_tokens or looping(guess.text)):
            return self._whisper.guess(spectrogram, LONGEST, most_tokens)
        return guess


def _loudest(sound: AudioChunk) -> float:
    """Root mean square of the loudest 50 ms."""
    length = round(0.05 * sound.rate)
    frames = sound.samples[: len(sound.samples) // length * length].reshape(-1, length)
    return float(np.sqrt(np.mean(np.square(frames), axis=1)).max())
