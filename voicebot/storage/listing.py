"""The list of calls, page by page, newest first."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage.filtering import Cursor, Day, Filter, Name
from voicebot.storage.searching import found_ids
from voicebot.storage.tables import Call, Turn
from voicebot.storage.words import containing

__all__ = ["COUNTED", "PAGE", "CallPage", "Cursor", "Day", "Filter", "Name", "every_call", "page_of_calls"]

PAGE = 50
COUNTED = 1000
"""More calls than this are not counted: nobody pages through them, and counting takes longer than finding."""
AT_ONCE = 500
"""Calls read at once where all are wanted."""


@dataclass(frozen=True)
class CallPage:
    """Some calls of the list, newest first; newer, older: cursors to the pages before and after, where there are any.

    count: how many calls the whole list has; None: more than `COUNTED`. first_words: what the caller said first, or
    first of what was searched for, by the call's id, where words were asked for and are kept.
    """

    calls: Sequence[Call]
    newer: str | None
    older: str | None
    count: int | None
    first_words: Mapping[str, str]


async def page_of_calls(
    session: AsyncSession, filter_: Filter, cursor: Cursor | None = None, *, words: bool = False
) -> CallPage:
    """A page of the list after `cursor`, or its first; words: whether what callers said goes with it."""
    ids = await found_ids(session, filter_, cursor, PAGE + 1)
    more, upwards = len(ids) > PAGE, cursor is not None and not cursor.older
    found = await _calls(session, ids[:PAGE])
    newer = bool(found) and (more if upwards else cursor is not None)
    older = bool(found) and (upwards or more)
    return CallPage(
        found,
        str(Cursor(False, found[0].started, found[0].id)) if newer else None,
        str(Cursor(True, found[-1].started, found[-1].id)) if older else None,
        await _count(session, filter_) if newer or older else len(found),
        await _said(session, filter_, ids[:PAGE]) if words else {},
    )


async def every_call(
    sessions: async_sessionmaker[AsyncSession], filter_: Filter, *, words: bool
) -> AsyncIterator[tuple[Call, str | None]]:
    """All calls of the list with what the caller said (see `CallPage`), read little by little.

    Nothing is held of the database while they are used: those who take a file slowly keep no caller's events waiting.
    """
    cursor, more = None, True
    while more:
        async with sessions() as session:
            ids = await found_ids(session, filter_, cursor, AT_ONCE)
            calls = await _calls(session, ids)
            said = await _said(session, filter_, ids) if words else {}
        for call in calls:
            cursor = Cursor(True, call.started, call.id)
            yield call, said.get(call.id)
        more = len(ids) == AT_ONCE


async def _calls(session: AsyncSession, ids: Sequence[str]) -> Sequence[Call]:
    ordered = select(Call).where(Call.id.in_(ids)).order_by(Call.started.desc(), Call.id.desc())
    return (await session.scalars(ordered)).all()


async def _count(session: AsyncSession, filter_: Filter) -> int | None:
    count = len(await found_ids(session, filter_, None, COUNTED + 1))
    return count if count <= COUNTED else None


async def _said(session: AsyncSession, filter_: Filter, calls: Sequence[str]) -> dict[str, str]:
    """What each caller said first, or first of what was searched for."""
    turns = containing(filter_.words, session.get_bind().dialect.name) if filter_.words else select(Turn.call_id)
    texts = turns.with_only_columns(Turn.call_id, Turn.text).where(Turn.call_id.in_(calls))
    rows = (await session.execute(texts.order_by(Turn.number.desc()))).all()
    return {call: text for call, text in rows if text}
