"""A year of invented calls: believable, the same by its seed, and one whole with its figures."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.command_line import here, refused
from tests.dashboard import Sessions
from tests.shipped import shipped
from voicebot.demo import Town, Year, fill
from voicebot.demo.rhythm import easter, holidays
from voicebot.demo.year import WORDS_DAYS, Told
from voicebot.errors import StorageError
from voicebot.storage.database import connect, parsed
from voicebot.storage.listing import Filter, page_of_calls
from voicebot.storage.period import Period, danish
from voicebot.storage.tables import Call, CallEvent, Group, Tally, Turn

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def a_year(size: int, seed: int = 1) -> Year:
    return Year([Town.of(shipped(), 1)], size, NOW, seed)


@cache
def told(size: int = 4000, seed: int = 1) -> Sequence[Told]:
    year = a_year(size, seed)
    groups = {subject: number for number, (subject, _) in enumerate(year.groups(), 1)}
    return list(year.calls(groups))


@pytest.mark.parametrize(("year", "month", "day"), [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)])
def test_easter_is_when_it_is(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_nobody_works_on_a_holiday() -> None:
    assert {date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} < holidays(2026)


def test_the_same_seed_makes_the_same_year() -> None:
    assert told(300) == told.__wrapped__(300)
    assert [each.call["started"] for each in told(300)] != [each.call["started"] for each in told(300, seed=2)]


def test_it_is_a_year_up_to_now_in_order() -> None:
    moments = [each.call["started"] for each in told()]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=366) < moments[0] < NOW - timedelta(days=355)
    assert NOW - timedelta(days=3) < moments[-1] < NOW


def test_citizens_call_as_citizens_do() -> None:
    when = [danish(each.call["started"]) for each in told()]
    hours, days = Counter(moment.hour for moment in when), Counter(moment.weekday() for moment in when)
    assert hours[10] > 4 * hours[19] > 0
    assert days[0] > days[4] > 2 * days[6] > 0
    outside = sum(each.call["outside_hours"] for each in told()) / len(told())
    assert 0.15 < outside < 0.5


def test_the_bot_gets_better_and_is_believable() -> None:
    third = len(told()) // 3

    def share(calls: Sequence[Told], result: str) -> float:
        return sum(each.call["result"] == result for each in calls) / len(calls)

    first, last = told()[:third], told()[-third:]
    assert 0.45 < share(first, "settled") < share(last, "settled") < 0.8
    assert 0.1 < share(last, "transferred") < share(first, "transferred") < 0.4
    assert {each.call["result"] for each in told()} == {
        "settled",
        "transferred",
        "abandoned",
        "not_understood",
        "failed",
    }
    waits = sorted(turn["wait"] for each in told() for turn in each.turns if turn["wait"] is not None)
    assert 0.4 < waits[len(waits) // 2] < 0.8
    assert 0 < sum(each.call["slow"] for each in told()) < 0.1 * len(told())


def test_every_special_kind_of_call_is_there() -> None:
    assert {each.call["reason"] for each in told()} == {None, "asked", "failures", "emergency", "busy", "fault"}
    types = {event["type"] for each in told() for event in each.events}
    assert {"Interrupted", "DigitPressed", "Rated", "Failed", "Transferred", "TurnTimed", "Matched"} <= types
    assert {each.call["mark"] for each in told()} == {None, "right", "wrong"}
    callers = Counter(each.call["caller_hash"] for each in told() if each.call["caller_hash"])
    assert max(callers.values()) > 5
    assert {each.call["satisfied"] for each in told()} == {None, True, False}
    assert len({each.call["topic"] for each in told()}) > 100


def test_words_are_there_only_as_long_as_they_are_kept() -> None:
    since = NOW - timedelta(days=WORDS_DAYS)
    old = [each for each in told() if each.call["started"] < since]
    new = [each for each in told() if each.call["started"] >= since]
    assert not any(each.events for each in old)
    assert not any(turn["text"] for each in old for turn in each.turns)
    assert all(each.events and all(turn["text"] for turn in each.turns) for each in new)
    assert all(bool(turn["group_id"]) == turn["unanswered"] for each in told() for turn in each.turns)


async def test_a_database_is_filled_with_calls_and_the_figures_of_just_these(
    database: Sessions, database_url: str
) -> None:
    engine = connect(parsed(database_url))
    done: list[int] = []
    await fill(engine, a_year(2500), done.append)
    assert sum(done) == 2500
    async with database() as session:
        results = select(Call.result, func.count()).group_by(Call.result)
        counted = select(Tally.of, func.sum(Tally.n)).where(Tally.what == "result").group_by(Tally.of)
        assert dict((await session.execute(results)).all()) == dict((await session.execute(counted)).all())
        sizes = select(Group.id, Group.size)
        members = select(Turn.group_id, func.count()).where(Turn.group_id.is_not(None)).group_by(Turn.group_id)
        assert dict((await session.execute(sizes)).all()) == dict((await session.execute(members)).all())
        event = await session.scalar(select(CallEvent).where(CallEvent.type == "Decided").limit(1))
        assert event
        assert event.data["decision"] == "smalltalk"
        week = Period.of_days(7, NOW.date())
        found = await page_of_calls(session, Filter(first=week.first, last=week.last), words=True)
        assert found.first_words
    with pytest.raises(StorageError, match="has calls already"):
        await fill(engine, a_year(10, seed=2), done.append)
    await engine.dispose()


def test_the_command_fills_the_database_of_the_settings(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'record' / 'demo.db'}"
    filled = here("demo-data", "--calls", "40", data_dir=tmp_path / "one", database_url=url)
    assert filled.returncode == 0
    assert "40/40" in filled.stderr
    again = here("demo-data", data_dir=tmp_path / "two", database_url=url)
    refused(again, "has calls already", "database of their own")
    timed = here("bench", "pages", "--times", "1", "--json", data_dir=tmp_path / "three", database_url=url)
    pages = {page["page"]: page for page in json.loads(timed.stdout)}
    assert {"overview, 365 days", "calls, all", "one call", "audit"} <= pages.keys()
    assert "ix_calls_result" in "".join(pages["calls, resultat=settled"]["plan"])
    shown = here("bench", "pages", "--times", "1", "--plan", data_dir=tmp_path / "four", database_url=url)
    assert "95 of 100" in shown.stdout
    assert "ix_calls_result" in shown.stdout
