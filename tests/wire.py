"""A media stream whose carrier is played by the test."""

import asyncio
import json
from typing import Any

from starlette.websockets import WebSocket

from tests.test_messages import CONNECTED, MARK, START
from voicebot.line import LineEvent
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.messages import Start


class Wire:
    """The other end of a WebSocket, played by the test."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outgoing: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.gone = False
        self.incoming.put_nowait({"type": "websocket.connect"})

    async def socket(self) -> WebSocket:
        websocket = WebSocket({"type": "websocket", "headers": []}, self.incoming.get, self._take)
        await websocket.accept()
        return websocket

    async def _take(self, message: Any) -> None:
        await self.open.wait()
        if self.gone:
            raise OSError
        self.outgoing.append(message)

    def say(self, *frames: dict[str, Any] | str | bytes) -> None:
        for frame in frames:
            if isinstance(frame, bytes):
                self.incoming.put_nowait({"type": "websocket.receive", "bytes": frame})
            else:
                text = frame if isinstance(frame, str) else json.dumps(frame)
                self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    def close(self, code: int = 1000) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": code})

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(m["text"]) for m in self.outgoing if m["type"] == "websocket.send"]

    @property
    def closed(self) -> bool:
        return any(m["type"] == "websocket.close" for m in self.outgoing)

    def echo(self, *marks: dict[str, Any]) -> None:
        self.say(*(MARK | {"mark": mark["mark"]} for mark in marks))


class Hand:
    """A handover that notes what it is asked."""

    def __init__(self, succeeds: bool = True) -> None:
        self.succeeds = succeeds
        self.asked: list[str] = []

    async def transfer(self, start: Start, number: str) -> bool:
        self.asked.append(f"transfer {start.call} {number}")
        return self.succeeds

    async def hang_up(self, start: Start) -> bool:
        self.asked.append(f"hang up {start.call}")
        return self.succeeds


async def started(wire: Wire, hand: Hand | None = None) -> MediaStream:
    stream = MediaStream(await wire.socket(), hand or Hand())
    wire.say(CONNECTED, START)
    await stream.start()
    return stream


async def heard(stream: MediaStream) -> list[LineEvent]:
    return [event async for event in stream.events()]
