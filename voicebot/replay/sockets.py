"""How a caller's line reaches the bot: over a WebSocket to one that runs, or straight into the application of one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from voicebot.errors import ReplayError

MEDIA_PATH = "/phone/media"
OPEN_LIMIT, CLOSE_LIMIT = 10.0, 5.0
"""Seconds to reach the bot, and that closing the line may take."""
ORDERLY = {1000, 1001}
"""Codes with which a line is closed as it should be (RFC 6455, section 7.4.1)."""


class LineClosed(Exception):
    """Nothing can be sent any more."""


class LineBroken(Exception):
    """The line went down without having been closed."""


class Socket(Protocol):
    """Messages to and from the bot, until one of the two closes it."""

    async def send(self, text: str) -> None:
        """Send a message; LineClosed."""

    def messages(self) -> AsyncIterator[str | bytes]:
        """What the bot sends, until the line is closed; LineBroken."""


Dial = Callable[[], AbstractAsyncContextManager[Socket]]
"""Calls the bot; the line is closed at the end. ReplayError if no bot answers."""


def media_address(url: str) -> str:
    """The ws:// or wss:// address calls go to, which is the web phone's where `url` has no path; ReplayError."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").encode("idna"), parts.port  # ValueError: no name of a host, no port
    except ValueError:
        host = b""
    if not host or parts.scheme not in {"ws", "wss"}:
        raise ReplayError("replay.url", f"{url}: not a ws:// or wss:// address, such as ws://127.0.0.1:8000.")
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}{MEDIA_PATH}"


class _WebSocket:
    """A real one."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed:
            raise LineClosed from None

    async def messages(self) -> AsyncIterator[str | bytes]:
        try:
            while True:
                yield await self._connection.recv()
        except ConnectionClosed as closed:
            if closed.rcvd is None or closed.rcvd.code not in ORDERLY:
                raise LineBroken from None


def over_the_web(url: str) -> Dial:
    """Call the bot that runs at `url`, see `media_address`."""
    address = media_address(url)

    @asynccontextmanager
    async def dial() -> AsyncIterator[Socket]:
        try:
            connection = await connect(
                address, open_timeout=OPEN_LIMIT, close_timeout=CLOSE_LIMIT, proxy=None, compression=None
            )
        except InvalidStatus as refusal:
            raise ReplayError(
                "replay.refused",
                f"{url}: refused the call with HTTP {refusal.response.status_code}. Check whether a bot with a web "
                "phone answers there, and the path of --url.",
            ) from None
        except (OSError, WebSocketException) as fault:
            raise ReplayError(
                "replay.unreachable",
                f"{url}: no bot answers there ({type(fault).__name__}). Start it with `voicebot serve`, "
                "or check --url.",
            ) from None
        try:
            yield _WebSocket(connection)
        finally:
            await connection.close()

    return dial


Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
"""An ASGI application (asgi.readthedocs.io, version 3.0)."""


class _Inside:
    """A WebSocket as the application sees it, without a network."""

    def __init__(self) -> None:
        self._to_bot: asyncio.Queue[Message] = asyncio.Queue()
        self._from_bot: asyncio.Queue[Message] = asyncio.Queue()
        self._closed = False
        self._to_bot.put_nowait({"type": "websocket.connect"})

    async def send(self, text: str) -> None:
        if self._closed:
            raise LineClosed
        self._to_bot.put_nowait({"type": "websocket.receive", "text": text})

    async def messages(self) -> AsyncIterator[str | bytes]:
        while True:
            message = await self._from_bot.get()
            match message["type"]:
                case "websocket.send":
                    yield message["text"]
                case "websocket.close":
                    return
                case "gone":
                    raise LineBroken

    async def serve(self, application: Application) -> None:
        """Run the application on it; its fault breaks the line, as it would end a server's connection."""
        scope = {"type": "websocket", "path": MEDIA_PATH, "headers": [], "query_string": b"", "subprotocols": []}
        try:
            await application(scope, self._to_bot.get, self._take)
        finally:
            self._closed = True
            self._from_bot.put_nowait({"type": "gone"})

    async def _take(self, message: Message) -> None:
        self._closed = self._closed or message["type"] == "websocket.close"
        self._from_bot.put_nowait(message)

    def hang_up(self) -> None:
        """The caller's end is closed."""
        self._to_bot.put_nowait({"type": "websocket.disconnect", "code": 1000})


def inside(application: Application) -> Dial:
    """Call the bot whose application this is, in this very event loop."""

    @asynccontextmanager
    async def dial() -> AsyncIterator[Socket]:
        socket = _Inside()
        serving = asyncio.create_task(socket.serve(application))
        try:
            yield socket
        finally:
            socket.hang_up()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(serving, return_exceptions=True), CLOSE_LIMIT)

    return dial
