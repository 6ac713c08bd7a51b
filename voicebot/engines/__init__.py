"""The models, loaded once per process and run off the event loop, the caller waiting longest first."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from voicebot.asr import AT_ONCE, Recogniser, Transcript
from voicebot.audio import AudioChunk
from voicebot.content import Content
from voicebot.dialogue import Heard, State
from voicebot.engines.desk import Desk, Need
from voicebot.errors import VoicebotError
from voicebot.tts import SpeechStore
from voicebot.vad import SpeechDetector

__all__ = ["Desk", "Engines", "Need", "Understood"]

HEARING_LIMIT = 10.0
"""Seconds after which the recognition of an utterance hangs; 30 s of speech heard twice take 3 s on one busy core."""
SPEAKING_LIMIT = 30.0
"""Seconds after which making a piece of speech hangs; the try-out voice takes 8 s for a long one, 16 s on one core."""


@dataclass(frozen=True)
class Understood:
    """What an utterance was heard as, and what it may mean."""

    transcript: Transcript
    heard: Heard


class Engines:
    """Hearing, understanding and speaking for all calls of the process."""

    def __init__(self, detector: SpeechDetector, recogniser: Recogniser, speech: SpeechStore) -> None:
        self.detector = detector
        self.recogniser = recogniser
        self.speech = speech
        self._ears, self._mouth = Desk("recognition", HEARING_LIMIT), Desk("speech", SPEAKING_LIMIT)
        self.desks = self._ears, self._mouth
        self._calls = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """All desks served while the context is open; recognition by a thread for each utterance heard at once."""
        served = [*[self._ears] * AT_ONCE, self._mouth]
        serving = [asyncio.create_task(desk.serve()) for desk in served]
        try:
            yield
        finally:
            for desk in serving:
                desk.cancel()
            await asyncio.gather(*serving, return_exceptions=True)

    @asynccontextmanager
    async def call_under_way(self) -> AsyncIterator[None]:
        """A call goes on: speech made in advance gives way to it."""
        self._calls += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._calls -= 1
            if self._calls == 0:
                self._quiet.set()

    @property
    def quiet(self) -> bool:
        """Whether no call goes on."""
        return self._quiet.is_set()

    async def wait_for_quiet(self) -> None:
        """Return once no call goes on."""
        await self._quiet.wait()

    def longest_wait(self) -> float:
        """Seconds that a caller has now waited for the recogniser's turn, the longest of all."""
        return self._ears.longest_wait()

    def stuck(self) -> tuple[str, ...]:
        """The models whose threads hang, so that no call can use them."""
        return tuple(desk.name for desk in self.desks if desk.stuck)

    async def understand(self, sound: AudioChunk, need: Need, content: Content, state: State) -> Understood:
        """Transcribe one utterance and match it with a call's own content, at this point of its conversation."""
        return await self._ears.run(need, lambda: self._understand(sound, content, state))

    def _understand(self, sound: AudioChunk, content: Content, state: State) -> Understood:
        transcript = self.recogniser.transcribe(sound)
        return Understood(transcript, content.heard(transcript.text, transcript.confidence, state))

    async def say(self, text: str, need: Need) -> bytes:
        """Speech for one piece of text as mu-law at 8 kHz, from the store or made now."""
        ready = self.speech.get(text)
        return ready if ready is not None else await self._mouth.run(need, lambda: self._made(text))

    def _made(self, text: str) -> bytes:
        """Speech that somebody may have made since it was asked for."""
        return self.speech.get(text) or self.speech.make(text)

    async def make_ready(self, texts: list[str], done: Callable[[int], None]) -> None:
        """Make speech in advance, a piece at a time, only while no call goes on; done(n): n pieces are ready.

        A piece that has to make room for a call's is left until it is said.
        """
        for ready, text in enumerate(texts, start=1):
            if self.speech.get(text) is None:
                await self.wait_for_quiet()
                await self._make(text)
            done(ready)

    async def _make(self, text: str) -> None:
        try:
            await self._mouth.run(Need(float("inf"), final=False), lambda: self.speech.make(text))
        except VoicebotError as fault:
            if fault.code != "engines.busy":
                raise
