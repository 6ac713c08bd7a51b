"""A call with scripted models: real stages of ours, no model, no clock; sound is loud (speech) or silent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np

from voicebot.answers import Library, load_library
from voicebot.asr import Transcript
from voicebot.audio import AudioChunk, silence
from voicebot.call import Call
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.events import Event
from voicebot.line import CallInfo, Digit, HungUp, LineEvent, Played, Sound
from voicebot.matching import Candidate

ROSKILDE = load_library(Path(__file__).parent.parent / "answers", "roskilde")


class LoudIsSpeech:
    """A detector that takes loud sound for speech: 256 samples a frame, as Silero."""

    def __init__(self) -> None:
        self.rest = np.zeros(0, np.float32)

    def stream(self) -> "LoudIsSpeech":
        return LoudIsSpeech()

    def feed(self, chunk: AudioChunk) -> list[float]:
        sound = np.concatenate([self.rest, chunk.samples])
        frames = len(sound) // 256
        self.rest = sound[frames * 256 :]
        return [float(np.abs(f).max() > 0.1) for f in sound[: frames * 256].reshape(frames, 256)]


class Script:
    """What the scripted recogniser hears next, and what the scripted matcher makes of it."""

    def __init__(self) -> None:
        self.hears: list[str | Exception] = []
        self.means: dict[str, tuple[Candidate, ...]] = {}
        self.utterances: list[AudioChunk] = []
        self.unready: set[str] = set()
        self.made: list[str] = []
        self.broken_voice = False
        self.hold: Callable[[], None] = lambda: None

    def transcribe(self, sound: AudioChunk) -> Transcript:
        self.utterances.append(sound)
        text = self.hears.pop(0)
        self.hold()
        if isinstance(text, Exception):
            raise text
        return Transcript(text, tuple(text.split()), 0.9 if text else 0.0, sound.seconds)

    def match(self, text: str) -> tuple[Candidate, ...]:
        return self.means.get(text, ())

    def get(self, text: str) -> bytes | None:
        return None if text in self.unready else f"<{text}>".encode()

    def make(self, text: str) -> bytes:
        if self.broken_voice:
            raise RuntimeError("no voice")
        self.made.append(text)
        self.unready.discard(text)
        return f"<{text}>".encode()


class ScriptedLine:
    """A line that remembers what was done to it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.samples = 0
        self.marks: list[str] = []
        self.clears = 0
        self.transferred: str | None = None
        self.hung_up = False

    async def play(self, mulaw: bytes) -> None:
        self.samples += len(mulaw)
        self.heard.append(mulaw.strip(b"\xff").decode()[1:-1])

    async def mark(self, name: str) -> None:
        self.marks.append(name)

    async def clear(self) -> None:
        self.clears += 1
        self.marks.clear()

    async def transfer(self, number: str) -> None:
        self.transferred = number

    async def hang_up(self) -> None:
        self.hung_up = True


class ScriptedCall:
    """A caller at the other end of a `Call`; every step returns when the bot has done what follows from it."""

    def __init__(self, script: Script, library: Library = ROSKILDE, admitted: bool = True) -> None:
        self.script, self.library = script, library
        self.line = ScriptedLine()
        self.seen: list[Event] = []
        self._queue: asyncio.Queue[LineEvent] = asyncio.Queue()
        self.engines = Engines(LoudIsSpeech(), script, script)  # type: ignore[arg-type]
        content = Content(library, script)  # type: ignore[arg-type]
        info = CallInfo("CA1", "web", "roskilde", "")
        self.call = Call(info, self.line, content, self.engines, self.seen.append, admitted=admitted)
        self._run: asyncio.Task[None]
        self._thinking = False

    async def __aenter__(self) -> "ScriptedCall":
        self._running = self.engines.running()
        await self._running.__aenter__()
        self._run = asyncio.create_task(self.call.run(self._events()))
        await self.settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._run.done():
            await self.hang_up()
        await asyncio.wait_for(self._run, 5)
        await self._running.__aexit__(None, None, None)

    async def _events(self) -> AsyncIterator[LineEvent]:
        while True:
            event = await self._queue.get()
            await asyncio.sleep(0)  # a line's events come one at a time: whoever is ready goes first
            while self._guessing and not self._thinking:  # a recogniser that takes no audio time at all
                await asyncio.sleep(0.0005)
            yield event
            if isinstance(event, HungUp):
                return

    @property
    def _guessing(self) -> bool:
        guess = self.call._ear._guess
        return guess is not None and not (guess._task.done() and (guess._speech is None or guess._speech.done()))

    async def settle(self, thinking: bool = False) -> None:
        """Let the bot work until nothing moves; thinking: it is held in thought and need not finish."""
        for _ in range(1000):
            await asyncio.sleep(0.001)
            held = thinking or self._thinking
            if self._run.done() or (self._queue.empty() and (held or not self.call._work.under_way)):
                break
        await asyncio.sleep(0.002)

    async def _sound(self, chunk: AudioChunk, thinking: bool) -> None:
        self._thinking = thinking
        for begin in range(0, len(chunk.samples), 160):
            self._queue.put_nowait(Sound(AudioChunk(chunk.samples[begin : begin + 160], chunk.rate)))
        await self.settle(thinking)

    async def speak(self, seconds: float = 1.5, thinking: bool = False) -> None:
        samples = np.full(round(seconds * 8000), 0.5, np.float32)
        samples[-1600:] *= 0.4  # a voice fades before it gives the word away
        await self._sound(AudioChunk(samples, 8000), thinking)

    async def quiet(self, seconds: float = 1.0, thinking: bool = False) -> None:
        await self._sound(silence(seconds), thinking)

    async def ask(self, text: str, *candidates: tuple[str, float]) -> None:
        """Say something that is heard as `text` and means `candidates`."""
        self.script.hears.append(text)
        self.script.means[text] = tuple(Candidate(*c) for c in candidates)
        await self.speak()
        await self.quiet()

    async def press(self, digit: str) -> None:
        self._queue.put_nowait(Digit(digit))
        await self.settle()

    async def hear(self) -> list[str]:
        """Listen to all that was sent: the marks come back. Returns the texts since the last time."""
        marks, self.line.marks = self.line.marks, []
        for mark in marks:
            self._queue.put_nowait(Played(mark))
        await self.settle()
        texts, self.line.heard = self.line.heard, []
        return texts

    async def hang_up(self) -> None:
        self._queue.put_nowait(HungUp("caller"))
        await self.settle()

    def saw(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.seen if type(event) is kind]
