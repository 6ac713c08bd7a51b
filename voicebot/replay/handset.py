"""A virtual telephone: the carrier's protocol over a WebSocket, in real time, with notes of all that it is told."""

import asyncio
import base64
import itertools
import json
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from voicebot.audio import TELEPHONE_RATE, AudioChunk, to_mulaw
from voicebot.errors import ReplayError
from voicebot.replay.playback import Playback

MEDIA_PATH = "/phone/media"
FRAME_SECONDS = 0.02
FRAME = round(FRAME_SECONDS * TELEPHONE_RATE)
"""Samples in one message: 20 ms, as carriers send them."""
NOISE_LEVEL = -62.0
"""dBFS RMS of the line between utterances: a real line is never digitally silent."""
OPEN_LIMIT, HANG_UP_LIMIT = 10.0, 5.0
"""Seconds to reach the bot, and that it may take to close the line after the caller has hung up."""


@dataclass(frozen=True)
class Caption:
    """An event of the call as the bot told it. at: seconds on this side's clock; data: the event's fields."""

    at: float
    type: str
    data: dict[str, Any]


class Handset:
    """One call under way. captions: what the bot told; fault: what the bot did against the protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._stream, self._call = f"MZ{uuid.uuid4().hex}", f"CA{uuid.uuid4().hex}"
        self._numbers = itertools.count(1)
        self._to_say: deque[str] = deque()
        self._changed = asyncio.Event()
        self._next_frame = monotonic()
        self.captions: list[Caption] = []
        self.playback = Playback()
        self.closed = self.hung_up = False
        self.fault = ""

    def say(self, sound: AudioChunk) -> float:
        """Queue an utterance; the time at which its first frame goes out."""
        self._to_say.extend(_payloads(sound))
        return max(self._next_frame, monotonic())

    @property
    def speaking(self) -> bool:
        """Whether the caller has not finished."""
        return bool(self._to_say)

    @property
    def bot_is_done(self) -> bool:
        """Whether the bot has said all and listens."""
        states = (caption.data.get("state") for caption in reversed(self.captions) if caption.type == "StateChanged")
        return next(states, None) == "listening" and self.playback.quiet(monotonic())

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
        began = self._next_frame = monotonic()
        for chunk, noise in enumerate(itertools.cycle(_NOISE), start=1):
            await asyncio.sleep(self._next_frame - monotonic())
            payload = self._to_say.popleft() if self._to_say else noise
            timestamp = round((self._next_frame - began) * 1000)
            media = {"track": "inbound", "chunk": str(chunk), "timestamp": str(timestamp)}
            await self._send("media", media=media | {"payload": payload})
            for name in self.playback.played(monotonic()):
                await self._send("mark", mark={"name": name})
            self._next_frame += FRAME_SECONDS
            self._changed.set()
            if self.closed or self.hung_up:
                return

    async def listen(self) -> None:
        """Take what the bot sends until the line is closed."""
        try:
            async for frame in self._socket:
                self._take(json.loads(frame))
                self._changed.set()
        except (ConnectionClosed, ValueError, KeyError, TypeError) as fault:
            if not isinstance(fault, ConnectionClosed):
                self.fault = f"the bot sent a message that cannot be read ({type(fault).__name__})"
            elif fault.rcvd is None or fault.rcvd.code not in {1000, 1001}:
                self.fault = "the line broke"
        finally:
            self.closed = True
            self._changed.set()

    def _take(self, message: dict[str, Any]) -> None:
        now = monotonic()
        match message["event"]:
            case "media":
                self.playback.play(now, base64.b64decode(message["media"]["payload"], validate=True))
            case "mark":
                self.playback.mark(now, message["mark"]["name"])
            case "clear":
                self.playback.clear(now)
            case "voicebot":
                self.captions.append(Caption(now, message["type"], message))

    async def _send(self, event: str, **fields: object) -> None:
        number = str(next(self._numbers))
        await self._put({"event": event, "sequenceNumber": number, "streamSid": self._stream, **fields})

    async def _put(self, message: dict[str, object]) -> None:
        try:
            await self._socket.send(json.dumps(message))
        except ConnectionClosed:
            self.closed = True
            self._changed.set()


def _payloads(sound: AudioChunk) -> list[str]:
    """Whole frames of mu-law, in the carrier's base64."""
    mulaw = to_mulaw(sound)
    frames = (mulaw[i : i + FRAME].ljust(FRAME, b"\xff") for i in range(0, len(mulaw), FRAME))
    return [base64.b64encode(frame).decode() for frame in frames]


def _noise(seconds: float = 2.0) -> AudioChunk:
    """Line noise in whole frames, to be repeated."""
    count = round(seconds / FRAME_SECONDS) * FRAME
    samples = np.random.default_rng(1).normal(0, 10 ** (NOISE_LEVEL / 20), count).astype(np.float32)
    return AudioChunk(samples, TELEPHONE_RATE)


_NOISE = _payloads(_noise())


def media_address(url: str) -> str:
    """The ws:// or wss:// address calls go to, which is the web phone's where `url` has no path; ReplayError."""
    parts = urlsplit(url)
    if parts.scheme not in {"ws", "wss"} or not parts.netloc:
        raise ReplayError("replay.url", f"{url}: not a ws:// or wss:// address, such as ws://127.0.0.1:8000.")
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}{MEDIA_PATH}"


@asynccontextmanager
async def calling(url: str) -> AsyncIterator[Handset]:
    """A call to the bot at `url`, hung up at the end; ReplayError if it cannot be reached."""
    try:
        socket = await connect(url, open_timeout=OPEN_LIMIT, close_timeout=HANG_UP_LIMIT, proxy=None, compression=None)
    except (OSError, WebSocketException) as fault:
        raise ReplayError(
            "replay.unreachable",
            f"{url}: no bot answers there ({type(fault).__name__}). Start it with `voicebot serve`, or check --url.",
        ) from None
    handset = Handset(socket)
    tasks = []
    try:
        await handset.start()
        tasks = [asyncio.create_task(handset.talk()), asyncio.create_task(handset.listen())]
        yield handset
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await socket.close()
