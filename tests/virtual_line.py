"""A call over a carrier's line in audio time: what is sent is played at its own pace, and marks come back then."""

import asyncio
from collections import deque
from dataclasses import dataclass

from tests.scripted import Script, ScriptedCall, ScriptedLine
from voicebot.audio import AudioChunk
from voicebot.call.watching import Moment
from voicebot.line import Played, Sound

STEP = 0.1
"""Seconds of sound that come at once."""
LETTERS_PER_SECOND = 15.0


class SpeakingScript(Script):
    """Speech that lasts as long as the text does."""

    def get(self, text: str) -> bytes | None:
        sound = super().get(text)
        return sound and sound.ljust(round(len(text) / LETTERS_PER_SECOND * 8000), b"\xff")

    def make(self, text: str) -> bytes:
        super().make(text)
        return self.get(text) or b""


@dataclass
class Playing:
    """A piece in the carrier's buffer, in seconds of the call."""

    text: str
    begins: float
    ends: float
    mark: str = ""


class CarrierLine(ScriptedLine):
    """Plays what it is sent; heard holds what was played, cut short where it was cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.buffer: deque[Playing] = deque()
        self.sounds: list[Playing] = []

    async def play(self, mulaw: bytes) -> None:
        await super().play(mulaw)
        begins = max(self.now, self.buffer[-1].ends if self.buffer else 0.0)
        piece = Playing(self.heard[-1], begins, begins + len(mulaw) / 8000)
        self.buffer.append(piece)
        self.sounds.append(piece)

    async def mark(self, name: str) -> None:
        self.buffer[-1].mark = name

    async def clear(self) -> None:
        await super().clear()
        for piece in self.buffer:
            piece.begins, piece.ends = min(piece.begins, self.now), min(piece.ends, self.now)
        self.buffer.clear()

    def due(self) -> list[str]:
        """The marks of what has been played by now."""
        marks = []
        while self.buffer and self.buffer[0].ends <= self.now:
            marks.append(self.buffer.popleft().mark)
        return marks


class VirtualCall(ScriptedCall):
    """A scripted call over a `CarrierLine`; while `loses_marks`, none comes back."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.line: CarrierLine = CarrierLine()
        self.call._line = self.call._speaker._line = self.line
        self.loses_marks = False
        self.moments: list[Moment] = []

    @property
    def over(self) -> bool:
        return self._run.done()

    async def _sound(self, chunk: AudioChunk, thinking: bool) -> None:
        self._thinking = thinking
        size = round(STEP * chunk.rate)
        for begin in range(0, len(chunk.samples), size):
            if self.over:
                return
            self._queue.put_nowait(Sound(AudioChunk(chunk.samples[begin : begin + size], chunk.rate)))
            await self._taken()
            self.line.now = self.call._ear.now
            for mark in self.line.due():
                if not self.loses_marks:
                    self._queue.put_nowait(Played(mark))
            await self._taken()
            self.moments.append(self.call._moment())

    @property
    def _busy(self) -> bool:
        return self._guessing or self.call._work.under_way

    async def _taken(self) -> None:
        """Let the bot do all that follows from what it was told, as far as it is not held."""
        for _ in range(5):
            await asyncio.sleep(0)
        while not self.over and (not self._queue.empty() or (self._busy and not self._thinking)):
            await asyncio.sleep(0.0002)
        for _ in range(3):
            await asyncio.sleep(0)
