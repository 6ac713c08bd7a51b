"""Notices between the processes that share a PostgreSQL database; alone on SQLite, only to ourselves."""

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from voicebot import events
from voicebot.events import CallStarted, Event
from voicebot.storage.database import connect, parsed, reason

EVENT, PUBLISHED = "event", "published"
"""Kinds of notices: something happened in a call; texts were published."""
CHANNEL = "voicebot"
LONGEST = 7500
"""Bytes of a payload: PostgreSQL takes 7,999, and who tells it and of what kind it is stands beside it."""
KEPT = 1000
"""Notices kept while the database cannot be reached."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LOOK_SECONDS, ANSWER_SECONDS = 30.0, 5.0
"""How often the database is asked whether the connection still stands, and how long it may take to answer."""

_log = logging.getLogger(__name__)


class Notices:
    """Tells what happens here to who listens here at once, and to the other processes soon."""

    def __init__(self, url: str) -> None:
        self._url = parsed(url)
        self._shared = self._url.get_backend_name() == "postgresql"
        self._me = secrets.token_hex(8)
        self._listeners: list[tuple[str, Callable[[str], None]]] = []
        self._unsent: deque[str] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self._broken = False

    def listen(self, kind: str, heard: Callable[[str], None]) -> None:
        """Have `heard(payload)` called with every notice of a kind; with '' where some may have been missed.

        That is so whenever listening begins: also at first, for what others told while this process was starting.
        """
        self._listeners.append((kind, heard))

    def tell(self, kind: str, payload: str) -> None:
        """Tell everybody; returns at once. What is longer than `LONGEST` bytes is told here only."""
        self._hear(kind, payload)
        if self._shared and len(payload.encode()) <= LONGEST:
            self._unsent.append(f"{self._me} {kind} {payload}")
            self._news.set()

    def _hear(self, kind: str, payload: str) -> None:
        for of, heard in self._listeners:
            if of == kind:
                heard(payload)

    async def keep_up(self) -> None:
        """Listen to the other processes and tell them, until cancelled, however often the connection is lost."""
        if not self._shared:
            return
        engine = connect(self._url)
        pause = FIRST_PAUSE
        try:
            while True:
                try:
                    async with engine.connect() as connection:
                        await self._converse(connection)
                except Exception as fault:  # whatever it is, the calls and the pages go on
                    if not self._broken:
                        _log.warning("Other bots on this database are not heard at the moment (%s).", reason(fault))
                        self._broken, pause = True, FIRST_PAUSE
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            await engine.dispose()

    async def _converse(self, connection: AsyncConnection) -> None:
        """Tell and listen until the connection is lost, which raises what the driver does."""
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _: self._news.set())
        await driver.add_listener(CHANNEL, self._take)
        try:
            self._say_whole()
            while True:
                while self._unsent:
                    await driver.execute("SELECT pg_notify($1, $2)", CHANNEL, self._unsent[0], timeout=ANSWER_SECONDS)
                    self._unsent.popleft()
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), LOOK_SECONDS)
                except TimeoutError:
                    await driver.execute("SELECT 1", timeout=ANSWER_SECONDS)
                if driver.is_closed():
                    raise ConnectionResetError("closed")
        finally:
            await connection.invalidate()

    def _say_whole(self) -> None:
        if self._broken:
            _log.warning("Other bots on this database are heard again.")
        self._broken = False
        for _, heard in self._listeners:
            heard("")

    def _take(self, _connection: object, _pid: int, _channel: str, notice: str) -> None:
        who, _, rest = notice.partition(" ")
        kind, _, payload = rest.partition(" ")
        if who != self._me:
            self._hear(kind, payload)


def told(event: Event) -> str:
    """`event` as a notice's payload; the caller's number stays here."""
    if isinstance(event, CallStarted):
        event = replace(event, caller="")
    return json.dumps([type(event).__name__, asdict(event)], ensure_ascii=False)


def heard_event(payload: str) -> Event | None:
    """The event in a notice's payload; None where there is none that this version knows."""
    try:
        name, fields = json.loads(payload)
        kind = getattr(events, name)
        fields = {key: _as_tuple(value) for key, value in fields.items()}
        return kind(**fields) if issubclass(kind, Event) else None
    except (ValueError, TypeError, AttributeError):
        return None


def _as_tuple(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value
