"""Speech as a bot has it that has been running for a while: every piece is ready."""

from pathlib import Path

from voicebot.answers.rules import spoken_seconds
from voicebot.audio import TELEPHONE_RATE, AudioChunk
from voicebot.errors import SpeechError
from voicebot.tts import SpeechStore, Voice

_TONE = b"\xa0"
"""A sample in mu-law that is loud enough to be heard (-12 dBFS)."""


class _Nobody(Voice):
    """A voice that cannot speak."""

    key, title, try_out = "nobody", "Ingen", True

    def speak(self, text: str) -> AudioChunk:
        """SpeechError, always."""
        raise SpeechError("speech.nobody", "A rehearsal without a voice says nothing.")


NOBODY = _Nobody()
"""Speaks where nobody listens."""


class EverReady(SpeechStore):
    """A store in which nothing is ever missing: what is, is made when it is asked for, and kept."""

    def get(self, text: str) -> bytes:
        """Speech, G.711 mu-law at 8 kHz; SpeechError if the voice fails."""
        return super().get(text) or self.make(text)


class Unspoken(EverReady):
    """A tone in the place of speech, about as long as it takes to say, and as long on every machine.

    A voice never says the same twice in the same time (Piper draws its durations), and some milliseconds decide how
    the sound of a caller who answers is cut into frames, and so what is heard of a doubtful word.
    """

    def __init__(self) -> None:
        super().__init__(Path(), NOBODY)

    def get(self, text: str) -> bytes:
        """A tone, G.711 mu-law at 8 kHz; no voice is asked, and nothing kept."""
        return _TONE * max(1, round(spoken_seconds(text) * TELEPHONE_RATE))
