"""Unanswered questions as operators see them, group by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Integer, Subquery, case, cast, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.groups import State, centres, read_mean
from voicebot.storage.period import Period, danish
from voicebot.storage.tables import Group, Turn
from voicebot.storage.words import containing

PAGE = 30
TURNS_PAGE = 20
POINTS = 12
"""Of a trend over a period."""
SIMILAR = 0.2
"""Least cosine of groups that may be worth a look side by side; those above `grouping.THRESHOLD` are mostly one."""


COMPARED = 1000
"""Groups looked at for likeness, 3 MB of them: reading them takes 20 ms."""


@dataclass(frozen=True)
class Asked:
    """A group: how many of its turns came in a period, in the one before, in all; from when to when, Danish time."""

    id: int
    label: str
    answer: str | None
    decided: datetime | None
    turns: int
    before: int
    size: int
    first: datetime
    last: datetime
    since: int
    """Turns that came after the group was dealt with."""
    trend: tuple[int, ...]
    """Turns in the period, in POINTS parts of it."""


@dataclass(frozen=True)
class AskedPage:
    """Groups with turns in a period, most turns first; counts: how many groups there are of each state."""

    groups: Sequence[Asked]
    more: bool
    counts: Mapping[State, int]


@dataclass(frozen=True)
class Similar:
    """Another group of about the same meaning; likeness: cosine of the two."""

    id: int
    label: str
    size: int
    likeness: float


async def page_of_groups(
    session: AsyncSession, state: State, period: Period, words: str = "", page: int = 1
) -> AskedPage:
    """One page, from 1; words: beginnings of words that some turn of the group has, in one go."""
    turns = _turns_by_group(session, period, words)
    counted = select(Group.state, func.count()).join(turns, turns.c.id == Group.id).group_by(Group.state)
    counts = {State(name): n for name, n in await session.execute(counted)}
    shown = select(Group.id, Group.label, Group.answer, Group.decided, turns.c.turns, turns.c.before, Group.size)
    query = (
        shown.join(turns, turns.c.id == Group.id)
        .where(Group.state == state)
        .order_by(turns.c.turns.desc(), Group.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    rows = (await session.execute(query)).all()
    times = await _times(session, period, [row.id for row in rows[:PAGE]])
    found = [(row, times[row.id]) for row in rows[:PAGE]]
    asked = [Asked(**row._mapping, **its.told()) for row, its in found]
    return AskedPage(asked, len(rows) > PAGE, counts)


def _turns_by_group(session: AsyncSession, period: Period, words: str) -> Subquery:
    """Groups' ids with how many `turns` came in the period, and how many `before`; no group without any now."""
    now = func.count().filter(Turn.started >= period.begins)
    query = (
        select(Turn.group_id.label("id"), now.label("turns"), (func.count() - now).label("before"))
        .where(Turn.unanswered, Turn.started >= period.before.begins, Turn.started < period.ends)
        .where(Turn.group_id.is_not(None))
        .group_by(Turn.group_id)
        .having(now > 0)
    )
    if words:
        found = containing(words, session.get_bind().dialect.name).with_only_columns(Turn.group_id)
        query = query.where(Turn.group_id.in_(found.where(Turn.unanswered)))
    return query.subquery()


async def _times(session: AsyncSession, period: Period, ids: Sequence[int]) -> dict[int, "_Times"]:
    begins, ends = int(period.begins.timestamp()), int(period.ends.timestamp())
    place = (cast(extract("epoch", Turn.started), Integer) - begins) * POINTS // (ends - begins)
    within = (Turn.started >= period.begins) & (Turn.started < period.ends)
    late = case((Turn.started >= Group.decided, 1), else_=0).label("late")
    placed = select(Turn.group_id, Turn.started, late, case((within, place), else_=-1).label("place"))
    turns = placed.join(Group, Group.id == Turn.group_id).where(Turn.group_id.in_(ids), Turn.unanswered).subquery()
    of, started = turns.c.group_id, turns.c.started
    times: dict[int, _Times] = {}
    query = select(of, turns.c.place, func.count(), func.min(started), func.max(started), func.sum(turns.c.late))
    for id_, at, n, first, last, late_ones in await session.execute(query.group_by(of, turns.c.place)):
        its = times.setdefault(id_, _Times(first, last))
        its.first, its.last, its.since = min(its.first, first), max(its.last, last), its.since + late_ones
        if at >= 0:
            its.trend[at] = n
    return times


@dataclass
class _Times:
    first: datetime
    last: datetime
    since: int = 0
    trend: list[int] = field(default_factory=lambda: [0] * POINTS)

    def told(self) -> dict[str, Any]:
        return vars(self) | {"first": danish(self.first), "last": danish(self.last), "trend": tuple(self.trend)}


async def turns_of(session: AsyncSession, group: int, page: int = 1) -> tuple[Sequence[Turn], bool]:
    """The turns of a group, newest first, a page at a time from 1; and whether more follow."""
    query = select(Turn).where(Turn.group_id == group).order_by(Turn.started.desc(), Turn.id.desc())
    found = (await session.scalars(query.offset((page - 1) * TURNS_PAGE).limit(TURNS_PAGE + 1))).all()
    return found[:TURNS_PAGE], len(found) > TURNS_PAGE


async def span(session: AsyncSession, group: int) -> tuple[datetime, datetime] | None:
    """When the first and the last turn of a group came, Danish time; None where there is none."""
    query = select(func.min(Turn.started), func.max(Turn.started)).where(Turn.group_id == group)
    first, last = (await session.execute(query)).one()
    return (danish(first), danish(last)) if first else None


async def since(session: AsyncSession, group: Group) -> int:
    """How many turns have come into a group since it was dealt with."""
    if group.decided is None:
        return 0
    query = select(func.count()).where(Turn.group_id == group.id, Turn.started >= group.decided)
    return await session.scalar(query) or 0


async def texts_of(session: AsyncSession, group: int, most: int) -> Sequence[str]:
    """Different texts of a group, those first that came most often, then those that were heard best."""
    query = (
        select(Turn.text)
        .where(Turn.group_id == group, Turn.text.is_not(None))
        .group_by(Turn.text)
        .order_by(func.count().desc(), func.max(Turn.heard).desc(), Turn.text)
        .limit(most)
    )
    return [text for text in await session.scalars(query) if text]


async def similar(session: AsyncSession, group: Group, most: int = 5) -> Sequence[Similar]:
    """Other groups of about the same meaning, the nearest first."""
    mean = read_mean(group.centre)
    others = await centres(session, group.municipality, len(mean), COMPARED)
    if not mean.any():
        return []
    lengths = np.linalg.norm(others.means, axis=1) * np.linalg.norm(mean)
    cosines = others.means @ mean / np.maximum(lengths, 1e-9)
    likeness = {id_: float(x) for id_, x in zip(others.ids, cosines, strict=True) if id_ != group.id and x >= SIMILAR}
    near = sorted(likeness, key=lambda id_: -likeness[id_])[:most]
    found = select(Group.id, Group.label, Group.size).where(Group.id.in_(near), Group.label != "")
    shown = [Similar(*row, likeness[row.id]) for row in await session.execute(found)]
    return sorted(shown, key=lambda each: -each.likeness)
