"""Deleting what has been kept long enough; figures without persons stay (`storage.tallies`)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Delete, delete, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage import audit, groups
from voicebot.storage.attempts import REMEMBERED
from voicebot.storage.choices import Choices, chosen
from voicebot.storage.database import reason
from voicebot.storage.keeping import conclude_unfinished
from voicebot.storage.logins import IDLE, LONGEST
from voicebot.storage.operators import Attempt, AuditEntry, Login
from voicebot.storage.period import ZONE, danish
from voicebot.storage.tables import Call, CallEvent, Group, Turn, UtcTime

AT_NIGHT = time(3)
"""Danish time at which it is done: few call then."""
AT_ONCE = 200
"""Calls in one transaction, about a tenth of a second, for callers' events wait meanwhile."""
BREATH = 0.05
"""Seconds between two transactions, in which others may write."""
AUDIT_KEPT = timedelta(days=730)
"""How long the audit trail goes back, whatever is chosen for calls: who administers cannot make it forget them."""
LOOK_SECONDS = 900.0
"""How often is looked whether it is due; and the pause after a failure."""
DONE = "retention.done"
_LOCK = 5_032_026
"""A number for PostgreSQL's advisory lock: of several processes one does it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Forgotten:
    """How much was deleted: the words and events of so many calls, whole calls, groups of questions, audit entries."""

    words: int = 0
    calls: int = 0
    groups: int = 0
    audit: int = 0


def _has_words() -> ColumnElement[bool]:
    events = exists().where(CallEvent.call_id == Call.id)
    turns = exists().where(Turn.call_id == Call.id, Turn.text.is_not(None))
    return or_(Call.comment.is_not(None), events, turns)


def _empty(before: datetime) -> ColumnElement[bool]:
    """Groups without turns: open ones, and others that were dealt with before then."""
    dealt_with = func.coalesce(Group.decided, Group.created, type_=UtcTime) < before
    return or_(Group.state == groups.State.OPEN, dealt_with) & ~exists().where(Turn.group_id == Group.id)


async def due_to_go(session: AsyncSession, kept: Choices, now: datetime) -> Forgotten:
    """What `forget` would delete now, but for groups that it empties itself."""
    words_before, calls_before = _limits(kept, now)

    async def number(of: type[Call | Group | AuditEntry], which: ColumnElement[bool]) -> int:
        return await session.scalar(select(func.count()).select_from(of).where(which)) or 0

    return Forgotten(
        await number(Call, (Call.started < words_before) & (Call.started >= calls_before) & _has_words()),
        await number(Call, Call.started < calls_before),
        await number(Group, _empty(calls_before)),
        await number(AuditEntry, AuditEntry.at < now - AUDIT_KEPT),
    )


async def forget(sessions: async_sessionmaker[AsyncSession], kept: Choices, now: datetime) -> Forgotten:
    """Delete what is older than was chosen, call by call, and note in the audit trail how much it was."""
    words_before, calls_before = _limits(kept, now)
    await conclude_unfinished(sessions, words_before, lambda _municipality, _moment: None)
    calls = await _in_batches(sessions, Call.started < calls_before, _forget_calls)
    words = await _in_batches(sessions, (Call.started < words_before) & _has_words(), _forget_words)
    async with sessions.begin() as session:
        await groups.alone(session)
        await groups.forget_labels(session)
        forgotten = Forgotten(
            words,
            calls,
            await _deleted(session, delete(Group).where(_empty(calls_before))),
            await _deleted(session, delete(AuditEntry).where(AuditEntry.at < now - AUDIT_KEPT)),
        )
        await _deleted(session, delete(Login).where(or_(Login.seen < now - IDLE, Login.created < now - LONGEST)))
        await _deleted(session, delete(Attempt).where(Attempt.at < now - REMEMBERED))
        await audit.note(session, audit.SYSTEM, DONE, "", **asdict(forgotten))
    await _wipe(sessions)
    _log.info("Deleted as old enough: the words of %d calls, %d whole calls.", words, calls)
    return forgotten


def _limits(kept: Choices, now: datetime) -> tuple[datetime, datetime]:
    return now - timedelta(days=kept.keep_words_days), now - timedelta(days=kept.keep_calls_days)


async def _forget_calls(session: AsyncSession, calls: Sequence[str]) -> None:
    await session.execute(delete(Call).where(Call.id.in_(calls)))


async def _forget_words(session: AsyncSession, calls: Sequence[str]) -> None:
    await session.execute(delete(CallEvent).where(CallEvent.call_id.in_(calls)))
    await session.execute(update(Turn).where(Turn.call_id.in_(calls)).values(text=None))
    await session.execute(update(Call).where(Call.id.in_(calls)).values(comment=None))


async def _in_batches(
    sessions: async_sessionmaker[AsyncSession],
    which: ColumnElement[bool],
    forget: Callable[[AsyncSession, Sequence[str]], Awaitable[None]],
) -> int:
    """Have `forget` done with the calls that `which` holds for, the oldest first, until there are none; how many."""
    done, reached = 0, datetime.min.replace(tzinfo=UTC)
    while True:
        async with sessions.begin() as session:
            old = select(Call.id, Call.started).where(which, Call.started >= reached, Call.result.is_not(None))
            calls = (await session.execute(old.order_by(Call.started).limit(AT_ONCE))).all()
            if not calls:
                return done
            await forget(session, [call.id for call in calls])
        done, reached = done + len(calls), calls[-1].started
        await asyncio.sleep(BREATH)


async def _deleted(session: AsyncSession, what: Delete) -> int:
    return cast(CursorResult[Any], await session.execute(what)).rowcount


async def _wipe(sessions: async_sessionmaker[AsyncSession]) -> None:
    """Have SQLite keep no copy of what was deleted: neither in the index of words nor in its log of changes."""
    async with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            await session.execute(text("INSERT INTO turn_words (turn_words) VALUES ('optimize')"))
            await session.commit()
            await session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


async def forget_numbers(sessions: async_sessionmaker[AsyncSession]) -> None:
    """Delete the whole numbers of callers: for a municipality that kept them and no longer wants to."""
    async with sessions.begin() as session:
        await session.execute(update(Call).where(Call.caller_number.is_not(None)).values(caller_number=None))


async def last_done(session: AsyncSession) -> datetime | None:
    """When it was done last; None: never, or longer ago than the audit trail goes back."""
    entries = select(AuditEntry.at).where(AuditEntry.action == DONE).order_by(AuditEntry.id.desc())
    return await session.scalar(entries.limit(1))


def due(last: datetime | None, now: datetime) -> bool:
    """Whether an `AT_NIGHT` has come since it was done last."""
    if last is None:
        return True
    night = datetime.combine(danish(last), AT_NIGHT, ZONE)
    return now >= (night if night > last else datetime.combine(danish(last) + timedelta(days=1), AT_NIGHT, ZONE))


async def keep_forgetting(
    sessions: async_sessionmaker[AsyncSession], now: Callable[[], datetime], *, numbers: bool = False
) -> None:
    """Do it every night, and soon where a night was missed, until cancelled. now: what time it is.

    numbers: whether whole numbers of callers are deleted too, once.
    """
    while True:
        try:
            if numbers:
                await forget_numbers(sessions)
                numbers = False
            async with sessions() as session:
                if due(await last_done(session), now()) and await _alone(session):
                    await forget(sessions, await chosen(session), now())
        except Exception as fault:  # whatever it is, a later look may do better
            _log.warning("What is old enough could not be deleted (%s); it is tried again.", reason(fault))
        await asyncio.sleep(LOOK_SECONDS)


async def _alone(session: AsyncSession) -> bool:
    """Whether no other process is at it, until this session's transaction ends."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))
