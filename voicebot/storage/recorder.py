"""Every event of every call into the database, without a call ever waiting for it."""

import asyncio
import contextlib
import logging
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.events import CallEnded, CallStarted, DigitPressed, Event, Saying
from voicebot.masking import mask_cpr
from voicebot.storage.caller_key import CallerKey
from voicebot.storage.database import FileLock, connect, migrate, parsed, reason, sqlite_file
from voicebot.storage.tables import Call, CallEvent

QUEUE_LIMIT = 10_000
"""Events kept while the database cannot be written; about a hundred calls of three minutes."""
BATCH_LIMIT = 200
WRITE_SECONDS = 10.0
CLOSE_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
DIGITS_KEPT = 4
"""Keys kept per call: more than one call's questions ask for, and too few to make up a CPR number."""

_log = logging.getLogger(__name__)
_Item = tuple[int, Event]


class Recorder:
    """Writes events in the background; what cannot be written is kept, within bounds, and tried again.

    Of the bot's speech what the caller heard is stored (Said, Interrupted), not what was meant to be said or sent.
    """

    def __init__(self, url: str, data_dir: Path | None = None) -> None:
        """`url`: SQLAlchemy's; `data_dir`: where the key for callers' numbers lies, else beside a SQLite file."""
        self._url = parsed(url)
        self._file = sqlite_file(self._url)
        self._key_file = (data_dir or (self._file.parent if self._file else Path(".voicebot"))) / "caller.key"
        self._starts_and_ends: deque[_Item] = deque(maxlen=QUEUE_LIMIT)
        self._others: deque[_Item] = deque(maxlen=QUEUE_LIMIT)
        self._seq = count()
        self._digits: Counter[str] = Counter()
        self._news, self._closing = asyncio.Event(), asyncio.Event()
        self._down, self._lost = False, 0

    async def open(self) -> None:
        """Lock, migrate and start writing; StorageError says what is wrong with the database and what to do.

        Calls that a crash left open are closed with outcome 'fault'.
        """
        async with contextlib.AsyncExitStack() as undo:
            if self._file:
                undo.callback(FileLock(self._file).release)
            self._key = CallerKey(self._key_file)
            self._engine = connect(self._url)
            undo.push_async_callback(self._engine.dispose)
            await migrate(self._engine)
            self.sessions = async_sessionmaker(self._engine, expire_on_commit=False)
            async with self.sessions.begin() as session:
                await _close_unfinished(session)
            self._writer = asyncio.create_task(self._write_all(), name="recorder")
            self._held = undo.pop_all()

    def record(self, event: Event) -> None:
        """Keep `event` for writing; returns at once. With a full queue the oldest goes, starts and ends last."""
        if isinstance(event, Saying):
            return
        queue = self._starts_and_ends if isinstance(event, CallStarted | CallEnded) else self._others
        if len(queue) == QUEUE_LIMIT:
            self._lost += 1
            if self._lost == 1:
                _log.error("The record's queue is full: the oldest events are lost until the database can be written.")
        queue.append((next(self._seq), self._spared(event)))
        self._news.set()

    def _spared(self, event: Event) -> Event:
        """`event` without its digit if the call has pressed too many."""
        if isinstance(event, CallEnded):
            self._digits.pop(event.call, None)
        if not isinstance(event, DigitPressed):
            return event
        self._digits[event.call] += 1
        return event if self._digits[event.call] <= DIGITS_KEPT else replace(event, digit="•")

    async def close(self) -> None:
        """Write what is left, for CLOSE_SECONDS at most, and let go of the database."""
        self._closing.set()
        self._news.set()
        written, _ = await asyncio.wait({self._writer}, timeout=CLOSE_SECONDS)
        if not written:
            _log.error("The record was closed with events that could not be written; they are lost.")
            self._writer.cancel()
            await asyncio.wait({self._writer}, timeout=WRITE_SECONDS)
        await self._held.aclose()

    async def _write_all(self) -> None:
        while not self._closing.is_set() or self._starts_and_ends or self._others:
            await self._news.wait()
            self._news.clear()
            while batch := self._next_batch():
                await self._write(batch)

    def _next_batch(self) -> list[_Item]:
        """Starts and ends of calls first: an event's call is there before it."""
        batch: list[_Item] = []
        for queue in (self._starts_and_ends, self._others):
            while queue and len(batch) < BATCH_LIMIT:
                batch.append(queue.popleft())
        return batch

    async def _write(self, batch: Sequence[_Item]) -> None:
        """Write `batch`, trying again as long as the database fails; what it will never take is left out."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout(WRITE_SECONDS), self.sessions.begin() as session:
                    for item in batch:
                        await self._store(session, *item)
            except (SQLAlchemyError, OSError, TypeError, ValueError) as fault:
                if not _passing(fault):
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

    async def _write_singly(self, batch: Sequence[_Item], fault: Exception) -> None:
        if len(batch) == 1:
            _log.error("An event (%s) cannot be recorded: %s.", type(batch[0][1]).__name__, reason(fault))
            return
        for item in batch:
            await self._write([item])

    def _say_down(self, fault: Exception) -> None:
        if not self._down:
            _log.warning("The record cannot be written (%s); events are kept and tried again.", reason(fault))
        self._down = True

    def _say_up(self) -> None:
        if self._down:
            _log.warning("The record is written again; %d events were lost.", self._lost)
        self._down, self._lost = False, 0

    async def _store(self, session: AsyncSession, seq: int, event: Event) -> None:
        data = asdict(event)
        for field in ("call", "at", "caller", "started", "reply"):
            data.pop(field, None)
        if isinstance(event, CallStarted):
            await session.merge(self._new_call(event))
        elif isinstance(event, CallEnded) and (call := await session.get(Call, event.call)):
            call.outcome = event.outcome
            call.ended = call.started + timedelta(seconds=event.at)
        session.add(CallEvent(call_id=event.call, seq=seq, at=event.at, type=type(event).__name__, data=_masked(data)))

    def _new_call(self, event: CallStarted) -> Call:
        digits = "".join(filter(str.isdigit, event.caller))
        return Call(
            id=event.call,
            channel=event.channel,
            municipality=event.municipality,
            caller_hash=self._key.hash(digits) if digits else None,
            caller_last_two=digits[-2:] or None,
            started=datetime.fromisoformat(event.started),
        )


def _passing(fault: Exception) -> bool:
    """Whether the fault lies with the database and not with what is written."""
    if isinstance(fault, OSError):
        return True
    return isinstance(fault, DBAPIError) and not isinstance(fault, IntegrityError | DataError)


def _masked(value: object) -> object:
    """`value` with CPR numbers masked in every text it holds."""
    if isinstance(value, str):
        return mask_cpr(value)
    if isinstance(value, dict):
        return {key: _masked(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(part) for part in value]
    return value


async def _close_unfinished(session: AsyncSession) -> None:
    """Give calls without an end, which a crash left behind, the outcome 'fault' at their last event."""
    unfinished = (
        select(Call, func.max(CallEvent.at)).outerjoin(CallEvent).where(Call.outcome.is_(None)).group_by(Call.id)
    )
    for call, last in (await session.execute(unfinished)).all():
        call.outcome = "fault"
        call.ended = call.started + timedelta(seconds=last or 0)
