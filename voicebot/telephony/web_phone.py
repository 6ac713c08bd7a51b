"""The browser as a telephone: its page, and its calls over the carrier's own protocol with captions beside it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from importlib.resources import files
from os import PathLike, stat_result
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket

from voicebot.answers import Library
from voicebot.events import Event
from voicebot.line import CallInfo
from voicebot.telephony.media_stream import MediaStream, serve_stream
from voicebot.telephony.messages import Start

CAPTION_LIMIT = 256
"""Captions that may wait for a slow browser; what comes on top of them is dropped, the call is never held up."""
LAST_CAPTIONS = 2.0
"""Seconds that a call which is over waits for its last captions to be sent."""

_PAGE = Path(str(files("voicebot.telephony") / "phone"))
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class Voice(Protocol):
    """What the page tells of the voice."""

    @property
    def title(self) -> str:
        """Its name, for a person."""

    @property
    def try_out(self) -> bool:
        """Whether it is only for trying out the bot."""


class Bot(Protocol):
    """What a web phone needs of a bot."""

    @property
    def library(self) -> Library:
        """The answers, and whose they are."""

    @property
    def voice(self) -> Voice:
        """The voice in use."""

    def answer_call(self, stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> Awaitable[None]:
        """Carry one call to its end, telling `watch` of every event."""


class Captions:
    """The events of one call on their way to the browser: bounded, in order, never in the call's way."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._waiting: asyncio.Queue[str] = asyncio.Queue(CAPTION_LIMIT)

    def caption(self, event: Event) -> None:
        """Queue an event as `{"event": "voicebot", "type": its class name, …its fields}`; returns at once."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(caption_message(event))

    @contextlib.asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        """Send what is queued while the context is open, and at its end what is left, for `LAST_CAPTIONS` at most."""
        sender = asyncio.create_task(self._send_all())
        try:
            yield
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._waiting.join(), LAST_CAPTIONS)
        finally:
            sender.cancel()

    async def _send_all(self) -> None:
        while True:
            await self._send(await self._waiting.get())
            self._waiting.task_done()


def caption_message(event: Event) -> str:
    """An event as a frame of the web phone's own protocol; the carrier never gets one."""
    return json.dumps({"event": "voicebot", "type": type(event).__name__, **asdict(event)}, ensure_ascii=False)


class BrowserHandover:
    """A browser cannot be put through: the call tells it by its events, ends, and its socket is closed after them."""

    async def transfer(self, start: Start, number: str) -> bool:
        """Leave the socket open for the last captions; the page shows the number of `Transferred`."""
        return True

    async def hang_up(self, start: Start) -> bool:
        """Leave the socket open for the last captions."""
        return True


class _PageFiles(StaticFiles):
    """The page's files, under the page's own security headers."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_HEADERS)
        return response


def phone_routes(bot: Bot) -> list[BaseRoute]:
    """Routes of the web phone: `/phone`, its files and facts, and its calls at `/phone/media`."""

    async def page(_: Request) -> Response:
        return FileResponse(_PAGE / "index.html", headers=_HEADERS)

    async def info(_: Request) -> Response:
        municipality = bot.library.municipality
        return JSONResponse(
            {
                "municipality": municipality.name,
                "number": municipality.transfer_number,
                "voice": bot.voice.title,
                "try_out": bot.voice.try_out,
            },
            headers={"Cache-Control": "no-store"},
        )

    def admit(start: Start) -> CallInfo:
        return CallInfo(start.call, "web", bot.library.municipality.id, "")

    async def media(websocket: WebSocket) -> None:
        if not is_own_page(websocket):
            await websocket.close()
            return
        await websocket.accept()
        stream = MediaStream(websocket, BrowserHandover())
        captions = Captions(stream.send)

        async def answer_call(_: MediaStream, call: CallInfo) -> None:
            async with captions.under_way():
                await bot.answer_call(stream, call, captions.caption)

        await serve_stream(stream, admit, answer_call)

    return [
        Route("/phone", page),
        Route("/phone/info", info),
        WebSocketRoute("/phone/media", media),
        Mount("/phone/static", _PageFiles(directory=_PAGE)),
    ]


def is_own_page(connection: HTTPConnection) -> bool:
    """Whether a page of this very host asks, or no page at all.

    A browser always names the page in `Origin` (RFC 6455, section 10.2); programs such as the replay do not.
    """
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")
