"""Entries into the tables, once each however often they are written; and calls that were left without an end."""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage import tallies
from voicebot.storage.entries import Entry, OpenAt
from voicebot.storage.story import Story, Summary
from voicebot.storage.tables import Call, CallEvent, Turn

LONGEST_CALL = timedelta(minutes=30)
"""A call that began longer ago without an end has none, whatever process carried it: twice the limit of a call."""
FOLDED_AT_ONCE = 100
"""Calls without an end that are worked out in one transaction."""

_log = logging.getLogger(__name__)


async def keep(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Write entries, the starts of calls before their events; the caller commits."""
    if calls := [entry.call for entry in entries if entry.call]:
        await session.execute(_unless_there(session, Call), calls)
    if events := [entry.event for entry in entries]:
        await session.execute(_unless_there(session, CallEvent), events)
    await conclude(session, {entry.event["call_id"]: entry.end for entry in entries if entry.end})


def _unless_there(session: AsyncSession, table: type[Call | CallEvent]) -> Insert:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


async def conclude(session: AsyncSession, ends: dict[str, Summary]) -> None:
    """Give calls their end, their turns and their place in the figures, unless they have got them already."""
    counts: dict[str, Counter[tallies.Key]] = defaultdict(Counter)
    turns = []
    for call_id, summary in sorted(ends.items()):
        ending = update(Call).where(Call.id == call_id, Call.result.is_(None)).values(summary.columns())
        without_session = {"synchronize_session": False}
        if await session.scalar(ending.returning(Call.id), execution_options=without_session):
            turns += summary.turn_rows(call_id)
            counts[summary.municipality] += tallies.of_call(summary)
    if turns:
        await session.execute(insert(Turn), turns)
    for municipality in sorted(counts):
        await tallies.add(session, municipality, counts[municipality])


async def conclude_unfinished(
    sessions: async_sessionmaker[AsyncSession], begun_before: datetime, open_at: OpenAt
) -> int:
    """Work out, from their events, calls that nobody has: a crash left them, or an older version; how many."""
    done, last = 0, ""
    while True:
        async with sessions.begin() as session:
            left = select(Call).where(Call.result.is_(None), Call.started < begun_before, Call.id > last)
            left = left.order_by(Call.id).limit(FOLDED_AT_ONCE).with_for_update(skip_locked=True)
            calls = {call.id: call for call in await session.scalars(left)}
            if not calls:
                return done
            stories = {call_id: Story() for call_id in calls}
            events = select(CallEvent.call_id, CallEvent.type, CallEvent.at, CallEvent.data)
            events = events.where(CallEvent.call_id.in_(calls)).order_by(CallEvent.call_id, CallEvent.seq)
            for call_id, type_, at, data in await session.execute(events):
                _hear(stories[call_id], type_, at, data)
            await conclude(session, {id_: _summary(call, stories[id_], open_at) for id_, call in calls.items()})
        done, last = done + len(calls), max(calls)


def _hear(story: Story, type_: str, at: float, data: Mapping[str, Any]) -> None:
    """A damaged event is left out: it would keep its call, and all that come after it, open for ever."""
    try:
        story.hear(type_, at, data)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        _log.warning("An event (%s) of a call without an end is damaged (%s).", type_, type(fault).__name__)


def _summary(call: Call, story: Story, open_at: OpenAt) -> Summary:
    is_open = open_at(call.municipality, call.started)
    return story.summary(call.started, call.municipality, None if is_open is None else not is_open)
