"""What every response of the bot's server gets: security headers, and a bound on what is sent to it."""

import logging
from traceback import extract_tb

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voicebot.dashboard.faults import fault_page

LONGEST_BODY = 256 * 1024
"""Bytes: five times the longest file of answers."""
HSTS_SECONDS = 365 * 24 * 3600
"""How long browsers keep to https (OWASP HTTP Strict Transport Security Cheat Sheet: a year)."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
TOO_LONG = f"Det, der blev sendt, er for stort: der er plads til {LONGEST_BODY // 1024} KB."
_OF_THE_DATABASE = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
_log = logging.getLogger(__name__)


class Safety:
    """Middleware around everything the server answers over HTTP; a response's own headers are left as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what goes wrong inside becomes a page that tells nothing of the inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_safely(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(scope, MutableHeaders(scope=message))
            await send(message)

        try:
            announced = Headers(scope=scope).get("content-length", "0")
            if announced.isdecimal() and int(announced) > LONGEST_BODY:
                raise HTTPException(413, TOO_LONG)
            await self._app(scope, _bounded(receive), send_safely)
        except ClientDisconnect:
            return
        except Exception as fault:
            if begun:
                raise
            await (await fault_page(Request(scope), _told(fault)))(scope, receive, send_safely)


def _told(fault: Exception) -> HTTPException:
    if isinstance(fault, HTTPException):
        return fault
    where = extract_tb(fault.__traceback__)[-1]  # not what it says: that may hold what a caller said
    _log.error("A page failed: %s in %s, line %s.", type(fault).__name__, where.filename, where.lineno)
    return HTTPException(503 if isinstance(fault, _OF_THE_DATABASE) else 500)


def _add_headers(scope: Scope, headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith("/statisk/") else "no-store")
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", f"max-age={HSTS_SECONDS}")


def _bounded(receive: Receive) -> Receive:
    got = 0

    async def receive_bounded() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > LONGEST_BODY:
            raise HTTPException(413, TOO_LONG)
        return message

    return receive_bounded
