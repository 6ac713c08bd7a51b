"""Finding the calls of a list: by index where an index has them in order, else through what was said, time by time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.filtering import Cursor, Filter
from voicebot.storage.period import Period
from voicebot.storage.tables import Call, Turn, UtcTime
from voicebot.storage.words import containing

_FIRST_SPAN, _WIDER = timedelta(days=1), 4
"""Turns are searched a day at first, then in spans each so many times longer: a common word is found at once, a rare
one has few turns to look at, and neither the database nor we need to know beforehand which it is."""
_FEW = 2000
"""Calls whose turns are looked through one by one sooner than all turns for theirs."""
_LONGEST_CALL = timedelta(hours=1)
"""A turn is never later in its call; four times the limit of a call."""


@dataclass(frozen=True)
class Span:
    """From one moment up to, without, another."""

    begins: datetime
    ends: datetime


async def found_ids(session: AsyncSession, filter_: Filter, cursor: Cursor | None, most: int) -> list[str]:
    """Ids of at most so many calls of the list after `cursor`, the ones next to it first."""
    if not _through_turns(filter_) or await _few(session, filter_):
        return list(await session.scalars(ids_query(session, filter_, cursor, most)))
    reach = await _reach(session, filter_)
    found: list[str] = []
    for span in _spans(reach, cursor) if reach else ():
        found += await session.scalars(ids_query(session, filter_, cursor, most - len(found), span))
        if len(found) == most:
            break
    return found


def ids_query(
    session: AsyncSession, filter_: Filter, cursor: Cursor | None, most: int, span: Span | None = None
) -> Select[str]:
    """What finds ids of calls that began within a span, the ones next to `cursor` first."""
    query = select(Call.id).where(*conditions(session, filter_, span)).limit(most)
    if cursor is None:
        return query.order_by(Call.started.desc(), Call.id.desc())
    here, place = tuple_(Call.started, Call.id), tuple_(literal(cursor.started, UtcTime), literal(cursor.call))
    if cursor.older:
        return query.where(here < place).order_by(Call.started.desc(), Call.id.desc())
    return query.where(here > place).order_by(Call.started, Call.id)


def conditions(session: AsyncSession, filter_: Filter, span: Span | None = None) -> list[ColumnElement[bool]]:
    """What must hold of a call of the list that began within a span.

    With a span, the turns that were meant are found before any call is looked at; else as the database thinks best.
    """
    its = _of_calls(filter_)
    if span:
        its += [Call.started >= span.begins, Call.started < span.ends]
    if _through_turns(filter_):
        its.append(Call.id.in_(_meant(session, filter_, span)))
    return its


def _of_calls(filter_: Filter) -> list[ColumnElement[bool]]:
    """What must hold of the call itself."""
    equal = {
        Call.municipality: filter_.municipality,
        Call.result: filter_.result,
        Call.reason: filter_.reason,
        Call.topic: filter_.topic,
        Call.slow: filter_.slow and True,
        Call.unsure: filter_.unsure and True,
        Call.outside_hours: filter_.open and filter_.open == "nej",
        Call.satisfied: filter_.satisfied and filter_.satisfied == "ja",
    }
    its: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if filter_.first:
        its.append(Call.started >= Period(filter_.first, filter_.first).begins)
    if filter_.last:
        its.append(Call.started < Period(filter_.last, filter_.last).ends)
    if filter_.mark:
        its.append(Call.mark.is_(None) if filter_.mark == "none" else Call.mark == filter_.mark)
    return its


def _through_turns(filter_: Filter) -> bool:
    return bool(filter_.words or filter_.group)


async def _few(session: AsyncSession, filter_: Filter) -> bool:
    """Whether what is asked of the calls themselves leaves few of them."""
    if not (its := _of_calls(filter_)):
        return False
    return len((await session.scalars(select(Call.id).where(*its).limit(_FEW + 1))).all()) <= _FEW


def _meant(session: AsyncSession, filter_: Filter, span: Span | None) -> Select[str]:
    """The calls of the turns that were meant."""
    query = select(Turn.call_id)
    if filter_.words:
        query = containing(filter_.words, session.get_bind().dialect.name)
    if filter_.group:
        query = query.where(Turn.group_id == filter_.group)
    if span is None:
        return query
    query = query.where(Turn.started >= span.begins, Turn.started < span.ends + _LONGEST_CALL)
    return select(query.cte("meant").prefix_with("MATERIALIZED").c.call_id)


async def _reach(session: AsyncSession, filter_: Filter) -> Span | None:
    """From when to when there are such turns, as far as that is known at once; None where there are none."""
    meant = Turn.group_id == filter_.group if filter_.group else Turn.text.is_not(None)
    first = await session.scalar(select(Turn.started).where(meant).order_by(Turn.started).limit(1))
    last = await session.scalar(select(Turn.started).where(meant).order_by(Turn.started.desc()).limit(1))
    if first is None or last is None:
        return None
    begins, ends = first - _LONGEST_CALL, last + timedelta(microseconds=1)
    if filter_.first:
        begins = max(begins, Period(filter_.first, filter_.first).begins)
    if filter_.last:
        ends = min(ends, Period(filter_.last, filter_.last).ends)
    return Span(begins, ends)


def _spans(reach: Span, cursor: Cursor | None) -> Iterator[Span]:
    """The reach in spans that widen away from the cursor, or from its end."""
    width = _FIRST_SPAN
    if cursor is None or cursor.older:
        ends = reach.ends if cursor is None else min(reach.ends, cursor.started + timedelta(microseconds=1))
        while ends > reach.begins:
            begins = max(reach.begins, ends - width)
            yield Span(begins, ends)
            ends, width = begins, width * _WIDER
        return
    begins = max(reach.begins, cursor.started)
    while begins < reach.ends:
        ends = min(reach.ends, begins + width)
        yield Span(begins, ends)
        begins, width = ends, width * _WIDER
