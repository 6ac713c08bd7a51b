"""A virtual telephone: the carrier's protocol over a line, with notes of all that was said and told.

Times are seconds of the event loop's clock, real or virtual.
"""

import asyncio
import base64
import itertools
import json
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from voicebot.audio import TELEPHONE_RATE, AudioChunk
from voicebot.replay.captions import Caption, caption
from voicebot.replay.channel import Channel, Frame
from voicebot.replay.conditions import CLEAN
from voicebot.replay.playback import Playback
from voicebot.replay.sockets import Dial, LineBroken, LineClosed, Socket
from voicebot.replay.speech import FRAME, FRAME_SECONDS, LINE_NOISE, USUAL_LEVEL, amplitude, in_frames

HANG_UP_LIMIT = 5.0
"""Seconds the bot may take to close the line after the caller has hung up."""
MOST_AHEAD = 300.0
"""Seconds of sound that may wait to be played: several of the longest answers; a bot that sends more has lost count."""


def clock() -> float:
    """Now, on the event loop's clock."""
    return asyncio.get_running_loop().time()


class Handset:
    """One call under way.

    captions: what the bot told; sent: the caller's sound from `began` on, mu-law; fault: what the bot did against the
    protocol.
    """

    def __init__(self, socket: Socket, channel: Channel, delay: float) -> None:
        self._socket, self._channel = socket, channel
        self._stream, self._call = f"MZ{uuid.uuid4().hex}", f"CA{uuid.uuid4().hex}"
        self._numbers = itertools.count(1)
        self._to_say: deque[Frame] = deque()
        self._on_the_way: deque[tuple[float, bytes]] = deque()
        self._changed = asyncio.Event()
        self.began = self._next_frame = clock()
        self.captions: list[Caption] = []
        self.sent = bytearray()
        self.playback = Playback(delay)
        self.closed = self.hung_up = False
        self.fault = ""

    def say(self, sound: AudioChunk) -> float:
        """Queue an utterance; the time at which its first frame goes out."""
        self._to_say.extend(in_frames(sound.samples))
        return max(self._next_frame, clock())

    @property
    def speaking(self) -> bool:
        """Whether the caller has not finished."""
        return bool(self._to_say)

    @property
    def bot_is_done(self) -> bool:
        """Whether the bot has said all and listens."""
        states = (caption.data.get("state") for caption in reversed(self.captions) if caption.type == "StateChanged")
        return next(states, None) == "listening" and self.playback.quiet(clock())

    async def press(self, digit: str) -> None:
        """Press a key."""
        await self._send("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    async def hang_up(self) -> None:
        """End the call, if the bot has not, and wait for it to close the line."""
        if self.closed:
            return
        self.hung_up = True
        await self._send("stop", stop={"accountSid": "replay", "callSid": self._call})
        if not await self.until(lambda: self.closed, HANG_UP_LIMIT):
            self.fault = f"the bot still held the line {HANG_UP_LIMIT:.0f} s after the caller had hung up"
            self.closed = True

    async def until(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Wait until `happened()`, or the line is closed, for `seconds` at most; whether it happened."""
        try:
            async with asyncio.timeout(seconds):
                while not happened() and not self.closed:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass
        return happened()

    async def start(self) -> None:
        """Tell the bot that a call begins."""
        sound = {"encoding": "audio/x-mulaw", "sampleRate": TELEPHONE_RATE, "channels": 1}
        await self._put({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        await self._send(
            "start",
            start={
                "accountSid": "replay",
                "streamSid": self._stream,
                "callSid": self._call,
                "tracks": ["inbound"],
                "mediaFormat": sound,
                "customParameters": {},
            },
        )

    async def talk(self) -> None:
        """Send a frame every 20 ms, and the marks that have been played, until the line is closed."""
        self.began = self._next_frame = clock()
        chunks = itertools.count(1)
        for noise in itertools.cycle(_NOISE):
            await asyncio.sleep(self._next_frame - clock())
            self._speak(self._to_say.popleft() if self._to_say else noise)
            while self._on_the_way and self._on_the_way[0][0] <= self._next_frame:
                await self._send_sound(next(chunks), self._on_the_way.popleft()[1])
            for name in self.playback.played(clock()):
                await self._send("mark", mark={"name": name})
            self._next_frame += FRAME_SECONDS
            self._changed.set()
            if self.closed or self.hung_up:
                return

    def _speak(self, frame: Frame) -> None:
        """Give a frame to the line, which brings it when it can, never before the one that went ahead."""
        sound = self._channel.carry(frame)
        self.sent += sound
        due = self._next_frame + self._channel.late()
        self._on_the_way.append((max(due, self._on_the_way[-1][0]) if self._on_the_way else due, sound))

    async def _send_sound(self, chunk: int, mulaw: bytes) -> None:
        payload, timestamp = base64.b64encode(mulaw).decode(), round((chunk - 1) * FRAME_SECONDS * 1000)
        media = {"track": "inbound", "chunk": str(chunk), "timestamp": str(timestamp), "payload": payload}
        await self._send("media", media=media)

    async def listen(self) -> None:
        """Take what the bot sends until the line is closed."""
        try:
            async for frame in self._socket.messages():
                self._take(json.loads(frame))
                self._changed.set()
                if self.playback.ahead(clock()) > MOST_AHEAD:
                    self.fault = f"the bot sent more than {MOST_AHEAD:.0f} s of sound ahead"
                    return
        except LineBroken:
            self.fault = "the line broke"
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            self.fault = f"the bot sent a message that cannot be read ({type(fault).__name__})"
        finally:
            self.closed = True
            self._changed.set()

    def _take(self, message: dict[str, Any]) -> None:
        now = clock()
        match message["event"]:
            case "media":
                self.playback.play(now, base64.b64decode(message["media"]["payload"], validate=True))
            case "mark":
                self.playback.mark(now, message["mark"]["name"])
            case "clear":
                self.playback.clear(now)
            case "voicebot":
                self.captions.append(caption(now, message))

    async def _send(self, event: str, **fields: object) -> None:
        number = str(next(self._numbers))
        await self._put({"event": event, "sequenceNumber": number, "streamSid": self._stream, **fields})

    async def _put(self, message: dict[str, object]) -> None:
        try:
            await self._socket.send(json.dumps(message))
        except LineClosed:
            self.closed = True
            self._changed.set()


_NOISE = np.random.default_rng(1).normal(0, amplitude(LINE_NOISE), (100, FRAME)).astype(np.float32)
"""2 s of a line on which nobody speaks, frame by frame, to be repeated."""


@asynccontextmanager
async def calling(dial: Dial, channel: Channel | None = None, delay: float = 0.0) -> AsyncIterator[Handset]:
    """A call to a bot, hung up at the end; ReplayError if no bot answers.

    channel: the line from the caller; delay: seconds that the bot's sound takes to the caller's ear.
    """
    async with dial() as socket:
        handset = Handset(socket, channel or CLEAN.channel(USUAL_LEVEL, np.random.default_rng(1)), delay)
        tasks = []
        try:
            await handset.start()
            tasks = [asyncio.create_task(handset.talk()), asyncio.create_task(handset.listen())]
            yield handset
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
