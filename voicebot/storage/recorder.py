"""Every event of every call into the database, without a call ever waiting for it."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.events import Event
from voicebot.standing import standing
from voicebot.storage.caller_key import CallerKey
from voicebot.storage.database import TROUBLE, FileLock, connect, migrate, parsed, passing, reason, sqlite_file
from voicebot.storage.entries import Entries, Entry, OpenAt
from voicebot.storage.keeping import LONGEST_CALL, conclude_unfinished, keep

QUEUE_LIMIT = 10_000
"""Events kept while the database cannot be written; about a hundred calls of three minutes."""
BATCH_LIMIT = 200
WRITE_SECONDS = 10.0
CLOSE_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
EVER = datetime.max.replace(tzinfo=UTC)

_log = logging.getLogger(__name__)


class Recorder:
    """Writes events in the background; what cannot be written is kept, within bounds, and tried again.

    Of the bot's speech what the caller heard is stored (Said, Interrupted), not what was meant to be said or sent.
    """

    def __init__(
        self,
        url: str,
        data_dir: Path | None = None,
        *,
        whole_numbers: bool = False,
        open_at: OpenAt = lambda _municipality, _moment: None,
    ) -> None:
        """`url`: SQLAlchemy's; `data_dir`: where the key for callers' numbers lies, else beside a SQLite file.

        whole_numbers: whether callers' numbers are kept; open_at: whether a municipality is open at a moment.
        """
        self._url = parsed(url)
        self._file = sqlite_file(self._url)
        self._key_file = (data_dir or (self._file.parent if self._file else Path(".voicebot"))) / "caller.key"
        self._whole_numbers, self._open_at = whole_numbers, open_at
        self._bounds: deque[Entry] = deque(maxlen=QUEUE_LIMIT)
        self._others: deque[Entry] = deque(maxlen=QUEUE_LIMIT)
        self._in_hand = 0
        self._news, self._closing = asyncio.Event(), asyncio.Event()
        self.down, self.lost = False, 0
        """Whether writing fails at the moment, and how many events have been lost since it did."""

    @property
    def waiting(self) -> int:
        """Events that have not been written yet."""
        return len(self._bounds) + len(self._others) + self._in_hand

    async def open(self) -> None:
        """Lock, migrate and start writing; StorageError says what is wrong with the database and what to do.

        Calls that a crash left open are closed with outcome 'fault': at once where the database is ours alone, else
        when they are older than any call that another process may be carrying.
        """
        async with contextlib.AsyncExitStack() as undo:
            if self._file:
                undo.callback(FileLock(self._file).release)
            self._entries = Entries(CallerKey(self._key_file), self._open_at, whole_numbers=self._whole_numbers)
            self.sessions = self._sessions(undo)
            await migrate(self.sessions.kw["bind"])
            ours_alone = self._url.get_backend_name() == "sqlite"
            in_memory = ours_alone and not self._file  # which another engine would not see
            self._writing = self.sessions if in_memory else self._sessions(undo)
            before = EVER if ours_alone else datetime.now(UTC) - LONGEST_CALL
            await conclude_unfinished(self._writing, before, self._open_at)
            self._sweeper = standing(self._keep_concluding(), "recorder's sweeper")
            self._writer = standing(self._write_all(), "recorder")
            self._held = undo.pop_all()

    def _sessions(self, undo: contextlib.AsyncExitStack) -> async_sessionmaker[AsyncSession]:
        """Over connections of their own: however many the pages take, the writer has its."""
        engine = connect(self._url)
        undo.push_async_callback(engine.dispose)
        return async_sessionmaker(engine, expire_on_commit=False)

    def record(self, event: Event) -> None:
        """Keep `event` for writing; returns at once. With a full queue the oldest goes, starts and ends last."""
        try:
            entry = self._entries.of(event)
        except Exception as fault:  # whatever it is, the call goes on
            return self._say_refused(type(event).__name__, fault)
        if entry is None:
            return
        queue = self._bounds if entry.bounds else self._others
        if len(queue) == QUEUE_LIMIT:
            self.lost += 1
            if self.lost == 1:
                _log.error("The record's queue is full: the oldest events are lost until the database can be written.")
        queue.append(entry)
        self._news.set()

    async def _keep_concluding(self) -> None:
        """Look, until cancelled, for calls that somebody's crash has left open."""
        while True:
            await asyncio.sleep(LONGEST_CALL.total_seconds())
            try:
                await conclude_unfinished(self._writing, datetime.now(UTC) - LONGEST_CALL, self._open_at)
            except Exception as fault:  # whatever it is, a later look may do better
                _log.warning("Calls left without an end are not closed for now (%s).", reason(fault))

    async def close(self) -> None:
        """Write what is left, for CLOSE_SECONDS at most, and let go of the database."""
        self._closing.set()
        self._news.set()
        self._sweeper.cancel()
        written, _ = await asyncio.wait({self._writer}, timeout=CLOSE_SECONDS)
        if not written:
            _log.error("The record was closed with events that could not be written; they are lost.")
            self._writer.cancel()
        await asyncio.wait({self._writer, self._sweeper}, timeout=WRITE_SECONDS)
        await self._held.aclose()

    async def _write_all(self) -> None:
        while not self._closing.is_set() or self._bounds or self._others:
            await self._news.wait()
            self._news.clear()
            while batch := self._next_batch():
                self._in_hand = len(batch)
                await self._write(batch)
                self._in_hand = 0

    def _next_batch(self) -> list[Entry]:
        """Starts and ends of calls first: an event's call is there before it."""
        batch: list[Entry] = []
        for queue in (self._bounds, self._others):
            while queue and len(batch) < BATCH_LIMIT:
                batch.append(queue.popleft())
        return batch

    async def _write(self, batch: Sequence[Entry]) -> None:
        """Write `batch`, trying again as long as the database fails; what it will never take is left out."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout(WRITE_SECONDS), self._writing.begin() as session:
                    await keep(session, batch)
            except (*TROUBLE, TypeError, ValueError) as fault:
                if not passing(fault):
                    return await self._write_singly(batch, fault)
                self._say_down(fault)
                await self._rest(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return self._say_up()

    async def _rest(self, seconds: float) -> None:
        """Wait before trying again, shorter once the record is to be closed."""
        if self._writer.cancelling():  # the driver answered the cancellation with a fault of its own
            raise asyncio.CancelledError
        if self._closing.is_set():
            return await asyncio.sleep(FIRST_PAUSE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def _write_singly(self, batch: Sequence[Entry], fault: Exception) -> None:
        if len(batch) == 1:
            return self._say_refused(batch[0].event["type"], fault)
        for entry in batch:
            await self._write([entry])

    def _say_refused(self, event: str, fault: Exception) -> None:
        _log.error("An event (%s) cannot be recorded: %s.", event, reason(fault))

    def _say_down(self, fault: Exception) -> None:
        if not self.down:
            _log.warning("The record cannot be written (%s); events are kept and tried again.", reason(fault))
        self.down = True

    def _say_up(self) -> None:
        if self.down:
            _log.warning("The record is written again; %d events were lost.", self.lost)
        self.down, self.lost = False, 0
