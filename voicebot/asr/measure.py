"""Ours and faster-whisper's own `transcribe` on the same recordings, one after the other on each: seconds and words."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

from voicebot.asr import RATE, THREADS, words
from voicebot.audio import AudioChunk
from voicebot.speech_text import word_errors

SHORTEST, LONGEST = 3.0, 6.0
"""Seconds of a recording that is measured: as long as most callers' questions."""

Listener = Callable[[AudioChunk], str]
"""Sound at any rate to the text that was heard."""


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it."""

    name: str
    sound: AudioChunk
    said: str


@dataclass(frozen=True)
class Result:
    """What one recogniser made of one recording. seconds: of work; errors: words wrong, missing or too many."""

    heard: str
    seconds: float
    errors: int


@dataclass(frozen=True)
class Comparison:
    """All recordings by both: ours and plain are in the order of the clips.

    words: of all that was said. differing: words to change in plain's texts to make them ours, of plain_words.
    """

    clips: tuple[str, ...]
    ours: tuple[Result, ...]
    plain: tuple[Result, ...]
    words: int
    differing: int
    plain_words: int

    @property
    def ratio(self) -> float:
        """Median seconds of ours to plain's."""
        return _percentile(self.ours, 50) / _percentile(self.plain, 50)

    @property
    def agreement(self) -> float:
        """Share of plain's words that ours has as well, 0 to 1."""
        return max(0.0, 1 - self.differing / max(1, self.plain_words))

    def figures(self) -> dict[str, dict[str, float]]:
        """For each recogniser: seconds p50 and p95, and word error, 0 to 1 and over."""
        return {
            name: {
                "p50_s": _percentile(results, 50),
                "p95_s": _percentile(results, 95),
                "word_error": sum(result.errors for result in results) / self.words,
            }
            for name, results in (("ours", self.ours), ("plain", self.plain))
        }

    def to_json(self) -> dict[str, Any]:
        """Everything measured, recording by recording as well."""
        pairs = zip(self.clips, self.ours, self.plain, strict=True)
        each = [{"clip": clip, "ours": asdict(ours), "plain": asdict(plain)} for clip, ours, plain in pairs]
        return {**self.figures(), "ratio": self.ratio, "agreement": self.agreement, "clips": each}


def some_clips(clips: Mapping[str, Clip], count: int) -> list[Clip]:
    """At most `count` of the recordings of SHORTEST to LONGEST seconds, spread evenly over them."""
    fitting = [clip for clip in clips.values() if SHORTEST <= clip.sound.seconds <= LONGEST]
    count = min(count, len(fitting))
    return [fitting[at * len(fitting) // count] for at in range(count)]


def plain_whisper(model_folder: Path) -> Listener:
    """faster-whisper as it comes: the same model in int8, in Danish, on as many threads as ours, else its defaults."""
    model = WhisperModel(
        str(model_folder), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True
    )

    def listen(sound: AudioChunk) -> str:
        segments, _ = model.transcribe(sound.resampled(RATE).samples, language="da")
        return " ".join(segment.text.strip() for segment in segments)

    return listen


def compared(ours: Listener, plain: Listener, clips: Sequence[Clip], done: Callable[[], None]) -> Comparison:
    """Let both hear each recording, which of them first by turns, after one that does not count; done: told after each.

    Texts are compared without case and punctuation.
    """
    ours(clips[0].sound), plain(clips[0].sound)
    results: dict[Listener, list[Result]] = {ours: [], plain: []}
    for number, clip in enumerate(clips):
        for listen in (ours, plain) if number % 2 == 0 else (plain, ours):
            began = time.perf_counter()
            heard = listen(clip.sound)
            took = time.perf_counter() - began
            results[listen].append(Result(heard, took, word_errors(words(clip.said), words(heard))))
        done()
    pairs = [(words(one.heard), words(other.heard)) for one, other in zip(results[plain], results[ours], strict=True)]
    return Comparison(
        tuple(clip.name for clip in clips),
        tuple(results[ours]),
        tuple(results[plain]),
        sum(len(words(clip.said)) for clip in clips),
        sum(word_errors(one, other) for one, other in pairs),
        sum(len(one) for one, _ in pairs),
    )


def _percentile(results: Sequence[Result], share: float) -> float:
    return float(np.percentile([result.seconds for result in results], share))
