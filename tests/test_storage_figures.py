"""The figures of a period are what was counted, of its days and no others."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage import tallies
from voicebot.storage.figures import Counts, Figures, Topic, Unanswered, figures, unanswered
from voicebot.storage.period import ZONE, Period
from voicebot.storage.steps import Step
from voicebot.storage.tables import Call, Group, Turn

pytest_plugins = ["tests.databases"]

MONDAY = date(2026, 11, 16)
SUNDAY = date(2026, 11, 22)
WEEK = Period(MONDAY, SUNDAY)
NOW = datetime(2026, 11, 30, 12, tzinfo=ZONE)

Sessions = async_sessionmaker[AsyncSession]


async def count(
    database: Sessions, what: str, day: date, of: str, n: int, *, hour: int | None = None, municipality: str = "by"
) -> None:
    """Count something of a day; with an hour, that many calls as well."""
    counts = {(what, day, -1, of): n}
    if hour is not None:
        counts["calls", day, hour, "all"] = n
    async with database.begin() as session:
        await tallies.add(session, municipality, counts)


async def shown(database: Sessions, period: Period = WEEK, now: datetime = NOW, municipality: str | None = None) -> Any:
    async with database() as session:
        return await figures(session, period, municipality, now)


async def test_calls_and_shares_are_of_the_periods_days(database: Sessions) -> None:
    await count(database, "result", MONDAY, "settled", 6, hour=9)
    await count(database, "result", SUNDAY, "settled", 1, hour=23)
    await count(database, "result", SUNDAY, "failed", 3, hour=0)
    await count(database, "result", date(2026, 11, 15), "settled", 100, hour=9)
    await count(database, "result", date(2026, 11, 23), "settled", 100, hour=9)
    found: Figures = await shown(database)
    assert (found.now.calls, found.now.of_result("settled"), found.now.share("failed")) == (10, 7, 0.3)
    assert found.before.calls == 100


async def test_length_waits_and_shares_of_yes(database: Sessions) -> None:
    await count(database, "result", MONDAY, "settled", 2, hour=9)
    await count(database, "result", MONDAY, "abandoned", 2, hour=9)
    await count(database, "seconds", MONDAY, "settled", 200)
    await count(database, "seconds", MONDAY, "abandoned", 20)
    await count(database, "wait", MONDAY, "0055", 90)
    await count(database, "wait", SUNDAY, "0120", 9)
    await count(database, "wait", SUNDAY, "9999", 1)
    await count(database, "outside", MONDAY, "yes", 1)
    await count(database, "outside", MONDAY, "no", 3)
    await count(database, "satisfied", MONDAY, "yes", 3)
    await count(database, "satisfied", MONDAY, "no", 1)
    now = (await shown(database)).now
    assert (now.length, now.outside, now.satisfied, now.rated) == (55.0, 0.25, 0.75, 4)
    assert (now.wait(0.5), now.wait(0.9), now.wait(0.95), now.wait(1)) == (0.55, 0.55, 1.2, 99.99)


async def test_nothing_counted_is_nothing_known(database: Sessions) -> None:
    found: Figures = await shown(database)
    assert found.now.calls == 0
    assert found.now.share("settled") is found.now.length is found.now.wait(0.5) is found.now.outside is None
    assert found.growth is None
    assert (found.busy, found.topics) == ({}, [])
    assert list(found.steps) == [date(2026, 11, day) for day in range(16, 23)]


async def test_one_municipality_or_all(database: Sessions) -> None:
    await count(database, "result", MONDAY, "settled", 1, hour=9)
    await count(database, "result", MONDAY, "settled", 2, hour=9, municipality="ø")
    await count(database, "topic", MONDAY, "pas", 2, municipality="ø")
    assert (await shown(database)).now.calls == 3
    mine = await shown(database, municipality="by")
    assert (mine.now.calls, mine.busy, mine.topics) == (1, {(0, 9): 1}, [])


async def test_topics_by_calls_with_how_many_were_settled(database: Sessions) -> None:
    for day in (MONDAY, SUNDAY):
        await count(database, "topic", day, "pas", 2)
        await count(database, "topic", day, "skat", 5)
    await count(database, "topic_settled", SUNDAY, "skat", 4)
    assert (await shown(database)).topics == [Topic("skat", 10, 4), Topic("pas", 4, 0)]


async def test_busy_hours_by_weekday(database: Sessions) -> None:
    for day, hour, n in ((MONDAY, 9, 3), (SUNDAY, 23, 1), (date(2026, 11, 19), 0, 2)):
        await count(database, "result", day, "settled", n, hour=hour)
    await count(database, "result", MONDAY, "failed", 1, hour=9)
    assert (await shown(database)).busy == {(0, 9): 4, (6, 23): 1, (3, 0): 2}


@pytest.mark.parametrize(
    ("days", "step", "firsts"),
    [
        (3, Step.DAY, [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]),
        (63, Step.WEEK, [date(2026, 9, 21 + 7 * n) for n in range(2)] + [date(2026, 10, 5)]),
        (365, Step.MONTH, [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]),
    ],
)
async def test_every_step_is_there_with_what_was_counted_in_it(
    database: Sessions, days: int, step: Step, firsts: list[date]
) -> None:
    period = Period.of_days(days, SUNDAY)
    await count(database, "result", period.first, "settled", 1, hour=9)
    await count(database, "result", SUNDAY, "settled", 2, hour=9)
    found: Figures = await shown(database, period)
    assert found.step is step
    assert list(found.steps)[:3] == firsts
    calls = [counts.calls for counts in found.steps.values()]
    assert (calls[0], calls[-1], sum(calls)) == (1, 2, 3)


@pytest.mark.parametrize("first", [date(2026, month, 31) for month in (1, 3, 5, 7, 8, 10, 12)])
def test_no_month_is_left_out(first: date) -> None:
    assert Step.MONTH.next(Step.MONTH.first_day(first)) == date(first.year + first.month // 12, first.month % 12 + 1, 1)


async def test_a_day_that_goes_on_is_compared_up_to_the_last_whole_hour(database: Sessions) -> None:
    today, now = Period(SUNDAY, SUNDAY), datetime(2026, 11, 22, 10, 59, tzinfo=ZONE)
    for day, hour, n in ((SUNDAY, 9, 30), (SUNDAY, 10, 5), (date(2026, 11, 15), 9, 20), (date(2026, 11, 15), 10, 50)):
        await count(database, "result", day, "settled", n, hour=hour)
    found: Figures = await shown(database, today, now)
    assert (found.now.calls, found.before.calls, found.growth) == (35, 70, 0.5)
    assert (await shown(database, today)).growth == -0.5


def test_the_period_before() -> None:
    assert WEEK.before == Period(date(2026, 11, 9), date(2026, 11, 15))
    assert Period(SUNDAY, SUNDAY).before == Period(date(2026, 11, 15), date(2026, 11, 15))
    assert Period.of_days(30, SUNDAY).before == Period(date(2026, 9, 24), date(2026, 10, 23))


def test_danish_days_begin_and_end_at_danish_midnight() -> None:
    spring = Period(date(2026, 3, 29), date(2026, 3, 29))
    assert spring.begins == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert spring.ends == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_waits_of_none_and_of_all() -> None:
    assert Counts({}).wait(0.95) is None
    assert Counts({("wait", "0055"): 1}).wait(0.95) == 0.55


async def put(database: Sessions, group: int, started: datetime, *, unanswered: bool = True) -> None:
    async with database.begin() as session:
        call = Call(id=f"{group}{started}", channel="web", municipality="by", started=started)
        said = Turn(number=1, at=1, started=started, municipality="by", heard=0.9, unanswered=unanswered)
        said.group_id = group
        call.turns.append(said)
        session.add(call)


async def test_unanswered_groups_by_how_often_they_came_in_the_period(database: Sessions) -> None:
    async with database.begin() as session:
        for id_, (state, place) in enumerate([("open", "by"), ("open", "by"), ("not_ours", "by"), ("open", "ø")], 1):
            group = Group(id=id_, municipality=place, label=f"nr. {id_}", centre=b"", size=9, state=state)
            group.created = NOW
            session.add(group)
    for day in (16, 17, 18):
        await put(database, 2, datetime(2026, 11, day, 9, tzinfo=UTC))
        await put(database, 3, datetime(2026, 11, day, 9, tzinfo=UTC))
    await put(database, 1, datetime(2026, 11, 15, 23, tzinfo=UTC))
    await put(database, 1, datetime(2026, 11, 22, 23, tzinfo=UTC))
    await put(database, 1, datetime(2026, 11, 20, 23, tzinfo=UTC), unanswered=False)
    await put(database, 4, datetime(2026, 11, 20, 23, tzinfo=UTC))
    async with database() as session:
        assert await unanswered(session, WEEK, "by") == [Unanswered(2, "nr. 2", 3), Unanswered(1, "nr. 1", 1)]
        assert [each.group for each in await unanswered(session, WEEK, None)] == [2, 1, 4]
