"""The figures of a period, of tallies alone: they are there when the calls they count have been forgotten."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.period import WEEK, Period
from voicebot.storage.steps import Step, first_day
from voicebot.storage.tables import Group, Tally, Turn

TOPICS = 10
UNANSWERED = 6


@dataclass(frozen=True)
class Counts:
    """What was counted in some stretch of time: (what, of) of `storage.tallies` → how often."""

    n: Mapping[tuple[str, str], int]

    @property
    def calls(self) -> int:
        """How many calls were over."""
        return self._all("result")

    def of_result(self, result: str) -> int:
        """How many calls had this result."""
        return self.n.get(("result", result), 0)

    def share(self, result: str) -> float | None:
        """Of all calls, 0..1."""
        return self.of_result(result) / self.calls if self.calls else None

    @property
    def length(self) -> float | None:
        """Of the average call, in seconds."""
        return self._all("seconds") / self.calls if self.calls else None

    @property
    def outside(self) -> float | None:
        """Share of the calls outside opening hours, of those where that is known."""
        return self._yes("outside")

    @property
    def satisfied(self) -> float | None:
        """Share of the callers who said that they got an answer, of those who were asked and told."""
        return self._yes("satisfied")

    @property
    def rated(self) -> int:
        """How many callers said whether they got an answer."""
        return self._all("satisfied")

    def wait(self, share: float) -> float | None:
        """So many seconds, at most, did this share of the replies take."""
        waits = sorted((int(of), n) for (what, of), n in self.n.items() if what == "wait")
        left = share * sum(n for _, n in waits)
        for hundredths, n in waits:
            left -= n
            if left <= 0:
                return hundredths / 100
        return None

    def _all(self, what: str) -> int:
        return sum(n for (its, _), n in self.n.items() if its == what)

    def _yes(self, what: str) -> float | None:
        every = self._all(what)
        return self.n.get((what, "yes"), 0) / every if every else None


@dataclass(frozen=True)
class Topic:
    """How many calls were about an answer, and how many of them were settled."""

    answer: str
    calls: int
    settled: int


@dataclass(frozen=True)
class Figures:
    """A period's counts, those of the period before, and how they are spread.

    steps: of each day, week or month of the period by its first day, in order; busy: calls by weekday (Monday is 0) and
    hour; growth: calls against the period before, 0.1 is a tenth more, None where there is too little to compare.
    """

    period: Period
    now: Counts
    before: Counts
    growth: float | None
    step: Step
    steps: Mapping[date, Counts]
    busy: Mapping[tuple[int, int], int]
    topics: Sequence[Topic]


_PARTS = ("result", "seconds", "wait", "outside", "satisfied")


async def figures(session: AsyncSession, period: Period, municipality: str | None, now: datetime) -> Figures:
    """All figures of a period, of one municipality or all of them; now: Danish time."""
    step = Step.of(period)
    by = (Tally.what, Tally.of, first_day(step, Tally.day))
    rows = (await session.execute(_tallies(period, municipality, *by).where(Tally.what.in_(_PARTS)))).all()
    before = _tallies(period.before, municipality, Tally.what, Tally.of).where(Tally.what.in_(_PARTS))
    here = _counts((what, of, n) for what, of, _, n in rows)
    there = _counts((what, of, n) for what, of, n in (await session.execute(before)).all())
    return Figures(
        period,
        here,
        there,
        await _growth(session, period, municipality, (here.calls, there.calls), now),
        step,
        _by_step(period, step, rows),
        await _busy(session, period, municipality),
        await _topics(session, period, municipality),
    )


@dataclass(frozen=True)
class Unanswered:
    """A group of questions that mean the same, and how many of them came in a period."""

    group: int
    label: str
    turns: int


async def unanswered(session: AsyncSession, period: Period, municipality: str | None) -> Sequence[Unanswered]:
    """The groups nobody has dealt with that most questions of a period fell into. Their labels are callers' words."""
    came = (
        select(Turn.group_id, func.count().label("turns"))
        .where(Turn.unanswered, Turn.started >= period.begins, Turn.started < period.ends)
        .group_by(Turn.group_id)
        .subquery()
    )
    query = (
        select(Group.id, Group.label, came.c.turns)
        .join(came, came.c.group_id == Group.id)
        .where(Group.state == "open")
        .order_by(came.c.turns.desc(), Group.id)
        .limit(UNANSWERED)
    )
    if municipality is not None:
        query = query.where(Group.municipality == municipality)
    return [Unanswered(*row) for row in (await session.execute(query)).all()]


async def municipalities(session: AsyncSession, period: Period) -> Sequence[str]:
    """Those that were called in a period."""
    query = select(Tally.municipality).where(Tally.what == "result", Tally.day.between(period.first, period.last))
    return (await session.scalars(query.distinct().order_by(Tally.municipality))).all()


def _tallies(period: Period, municipality: str | None, *by: Any) -> Select[Any]:  # noqa: ANN401 (columns)
    """How much was counted in a period, by some columns."""
    query = select(*by, func.sum(Tally.n)).where(Tally.day.between(period.first, period.last)).group_by(*by)
    return query if municipality is None else query.where(Tally.municipality == municipality)


def _counts(rows: Iterable[tuple[str, str, int]]) -> Counts:
    total = Counter[tuple[str, str]]()
    for what, of, n in rows:
        total[what, of] += n
    return Counts(total)


def _by_step(period: Period, step: Step, rows: Iterable[Any]) -> dict[date, Counts]:
    firsts = [step.first_day(period.first)]
    while (following := step.next(firsts[-1])) <= period.last:
        firsts.append(following)
    parts: dict[date, list[tuple[str, str, int]]] = {first: [] for first in firsts}
    for what, of, first, n in rows:
        parts[first].append((what, of, n))
    return {first: _counts(part) for first, part in parts.items()}


async def _growth(
    session: AsyncSession, period: Period, municipality: str | None, calls: tuple[int, int], now: datetime
) -> float | None:
    """Calls now and before compared; of a day that still goes on only its whole hours, in both."""
    here, before = calls
    if period.last == now.date():
        here -= await _calls_from(session, period.last, municipality, now.hour)
        before -= await _calls_from(session, period.before.last, municipality, now.hour)
    return here / before - 1 if before else None


async def _calls_from(session: AsyncSession, day: date, municipality: str | None, hour: int) -> int:
    query = _tallies(Period(day, day), municipality).where(Tally.what == "calls", Tally.hour >= hour)
    return await session.scalar(query) or 0


async def _busy(session: AsyncSession, period: Period, municipality: str | None) -> dict[tuple[int, int], int]:
    query = _tallies(period, municipality, extract("dow", Tally.day), Tally.hour).where(Tally.what == "calls")
    return {(int(sunday_first - 1) % WEEK, hour): n for sunday_first, hour, n in (await session.execute(query)).all()}


async def _topics(session: AsyncSession, period: Period, municipality: str | None) -> list[Topic]:
    calls = func.sum(Tally.n)
    first = _tallies(period, municipality, Tally.of).where(Tally.what == "topic").order_by(calls.desc(), Tally.of)
    top = {row.of: row[1] for row in (await session.execute(first.limit(TOPICS))).all()}
    query = _tallies(period, municipality, Tally.of).where(Tally.what == "topic_settled", Tally.of.in_(top))
    settled = {row.of: row[1] for row in (await session.execute(query)).all()}
    return [Topic(of, n, settled.get(of, 0)) for of, n in top.items()]
