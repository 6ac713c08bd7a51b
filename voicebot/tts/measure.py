"""How well a voice is understood: what Whisper hears of it over the telephone."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from faster_whisper import WhisperModel

from voicebot.answers import Library
from voicebot.audio import TELEPHONE_RATE, AudioChunk, from_mulaw, to_mulaw
from voicebot.speech_text import clauses, spoken_words, word_errors
from voicebot.tts.base import THREADS, Voice, on_the_telephone

WHISPER_RATE = 16_000
"""Hz, of the sound that Whisper hears."""

Listener = Callable[[AudioChunk], str]
"""Sound at 8 kHz to the text that was heard."""


@dataclass(frozen=True)
class Understood:
    """One text as it was heard. errors: words wrong, missing or too many; words: how many the text has."""

    name: str
    errors: int
    words: int
    speech_seconds: float
    work_seconds: float
    heard: str

    @property
    def word_error(self) -> float:
        """Errors per word, 0 to 1 and over."""
        return self.errors / self.words


@dataclass(frozen=True)
class VoiceReport:
    """What a voice's speech was heard as, text by text."""

    voice: str
    texts: tuple[Understood, ...]

    @property
    def word_error(self) -> float:
        """Errors per word over all texts."""
        return sum(text.errors for text in self.texts) / sum(text.words for text in self.texts)

    @property
    def work_per_second(self) -> float:
        """Seconds of synthesis per second of speech."""
        return sum(text.work_seconds for text in self.texts) / sum(text.speech_seconds for text in self.texts)


def whisper_listener(model_folder: Path) -> Listener:
    """Whisper by faster-whisper as it comes: Danish, int8, beam of 5, no prompt, no earlier text."""
    model = WhisperModel(str(model_folder), device="cpu", compute_type="int8", cpu_threads=THREADS)

    def listen(sound: AudioChunk) -> str:
        segments, _ = model.transcribe(
            sound.resampled(WHISPER_RATE).samples, language="da", beam_size=5, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments)

    return listen


def some_answers(library: Library, count: int = 30) -> dict[str, str]:
    """Answers to measure a voice by, id to text: `count` of them, spread evenly over the library."""
    answers = sorted(library.answers.values(), key=lambda answer: (answer.area, answer.id))
    count = min(count, len(answers))
    return {answer.id: answer.text for answer in (answers[at * len(answers) // count] for at in range(count))}


def voice_word_error(
    voice: Voice, texts: Mapping[str, str], listen: Listener, done: Callable[[Understood], None] = lambda _: None
) -> VoiceReport:
    """Speak each text (name to written text) clause by clause, send it through mu-law, and count what is misheard.

    Both texts are compared as they are said, word by word, without case and punctuation. done: told after each text.
    """
    results = []
    for name, text in texts.items():
        started = time.perf_counter()
        sound = b"".join(to_mulaw(on_the_telephone(voice.speak(piece), piece)) for piece in clauses(text))
        worked = time.perf_counter() - started
        heard = listen(from_mulaw(sound))
        expected = spoken_words(text)
        errors = word_errors(expected, spoken_words(heard))
        results.append(Understood(name, errors, len(expected), len(sound) / TELEPHONE_RATE, worked, heard))
        done(results[-1])
    return VoiceReport(voice.title, tuple(results))
