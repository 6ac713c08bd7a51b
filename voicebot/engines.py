"""The models, loaded once per process and run off the event loop, the caller waiting longest first."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from voicebot.asr import Recogniser, Transcript
from voicebot.audio import AudioChunk
from voicebot.content import Content
from voicebot.dialogue import Heard, State
from voicebot.errors import VoicebotError
from voicebot.tts import SpeechStore
from voicebot.vad import SpeechDetector

T = TypeVar("T")

DESK_LIMIT = 64
"""Jobs that may wait at one desk; more callers than two cores could serve within any patience."""


@dataclass
class Need:
    """Since when a caller waits for a result: event-loop time in seconds; final: False while it is only a guess.

    Who holds it may change it as long as the job waits: what is read is its value at the moment of serving.
    """

    at: float
    final: bool = True


Job = tuple[float, int, Callable[[], Any], asyncio.Future[Any]]


class Desk:
    """One worker thread and the bounded queue before it; who needs the result first is served first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: asyncio.PriorityQueue[Job] = asyncio.PriorityQueue(DESK_LIMIT)
        self._tickets = itertools.count()

    async def run(self, need: Need, work: Callable[[], T]) -> T:
        """Result of `work`, done on the worker thread.

        A job whose caller has gone before its turn is dropped. VoicebotError `engines.busy` when the queue is full.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((need.at, next(self._tickets), work, future))
        except asyncio.QueueFull:
            raise VoicebotError("engines.busy", f"Too many calls wait for {self._name}; add a machine.") from None
        return await future

    async def serve(self) -> None:
        """Take jobs one at a time until cancelled."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, self._name) as thread:
            while True:
                _, _, work, future = await self._queue.get()
                if future.cancelled():
                    continue
                try:
                    result = await loop.run_in_executor(thread, work)
                except Exception as fault:  # the fault belongs to the caller who asked
                    if not future.cancelled():
                        future.set_exception(fault)
                else:
                    if not future.cancelled():
                        future.set_result(result)


@dataclass(frozen=True)
class Understood:
    """What an utterance was heard as, and what it may mean."""

    transcript: Transcript
    heard: Heard


class Engines:
    """Hearing, understanding and speaking for all calls of the process."""

    def __init__(self, detector: SpeechDetector, recogniser: Recogniser, speech: SpeechStore) -> None:
        self.detector = detector
        self.speech = speech
        self._recogniser = recogniser
        self._ears = Desk("recognition")
        self._mouth = Desk("speech")
        self._calls = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Both desks served, for as long as the context is open."""
        desks = [asyncio.create_task(desk.serve()) for desk in (self._ears, self._mouth)]
        try:
            yield
        finally:
            for desk in desks:
                desk.cancel()
            await asyncio.gather(*desks, return_exceptions=True)

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

    async def understand(self, sound: AudioChunk, need: Need, content: Content, state: State) -> Understood:
        """Transcribe one utterance and match it with a call's own content, at this point of its conversation."""
        return await self._ears.run(need, lambda: self._understand(sound, content, state))

    def _understand(self, sound: AudioChunk, content: Content, state: State) -> Understood:
        transcript = self._recogniser.transcribe(sound)
        return Understood(transcript, content.heard(transcript.text, transcript.confidence, state))

    async def say(self, text: str, need: Need) -> bytes:
        """Speech for one piece of text as mu-law at 8 kHz, from the store or made now."""
        ready = self.speech.get(text)
        return ready if ready is not None else await self._mouth.run(need, lambda: self.speech.make(text))

    async def make_ready(self, texts: list[str], done: Callable[[int], None]) -> None:
        """Make speech in advance, a piece at a time, only while no call goes on; done(n): n pieces are ready."""
        for ready, text in enumerate(texts, start=1):
            if self.speech.get(text) is None:
                await self._quiet.wait()
                await self._mouth.run(Need(float("inf"), final=False), lambda text=text: self.speech.make(text))  # type: ignore[misc]
            done(ready)
