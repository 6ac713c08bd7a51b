"""Figures that outlive the calls they count."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage import tallies
from voicebot.storage.story import Result, Spoken, Summary
from voicebot.storage.tables import Tally

pytest_plugins = ["tests.databases"]

DAY = date(2026, 7, 1)


def spoken(decision: str | None, answer: str | None, wait: float | None) -> Spoken:
    return Spoken(5.0, "jeg har mistet mit pas", 0.7, decision, answer, 0.9, wait, unanswered=False)


def summary(*turns: Spoken, result: Result = Result.SETTLED, satisfied: bool | None = None) -> Summary:
    return Summary(
        municipality="roskilde",
        started=datetime(2026, 6, 30, 22, 30, tzinfo=UTC),  # half past midnight in Denmark
        outcome="goodbye",
        seconds=61.6,
        result=result,
        reason=None,
        topic="pas-mistet",
        outside_hours=True,
        satisfied=satisfied,
        turns=turns,
    )


def test_what_one_call_adds() -> None:
    turns = (
        spoken("answer", "pas-mistet", 0.5),
        spoken("reject", "afvis-skat", 0.62),
        spoken("smalltalk", "smalltalk-hej", None),
        spoken(None, None, None),
    )
    assert tallies.of_call(summary(*turns, satisfied=False)) == {
        ("calls", DAY, 0, "all"): 1,
        ("result", DAY, -1, "settled"): 1,
        ("seconds", DAY, -1, "settled"): 62,
        ("topic", DAY, -1, "pas-mistet"): 1,
        ("topic_settled", DAY, -1, "pas-mistet"): 1,
        ("outside", DAY, -1, "yes"): 1,
        ("satisfied", DAY, -1, "no"): 1,
        ("turns", DAY, -1, "answer"): 1,
        ("turns", DAY, -1, "reject"): 1,
        ("turns", DAY, -1, "smalltalk"): 1,
        ("answers", DAY, -1, "pas-mistet"): 1,
        ("answers", DAY, -1, "afvis-skat"): 1,
        ("wait", DAY, -1, "0055"): 1,
        ("wait", DAY, -1, "0065"): 1,
    }
    assert ("topic_settled", DAY, -1, "pas-mistet") not in tallies.of_call(summary(result=Result.FAILED))


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(0.0, "0005"), (0.049, "0005"), (0.05, "0010"), (0.15, "0020"), (0.35, "0040"), (0.55, "0060"), (1.499, "0150"),
     (1.5, "0155"), (99.9, "9995"), (99.96, "9999"), (250.0, "9999")],
)  # fmt: skip
def test_waits_go_into_buckets_of_a_twentieth_of_a_second(seconds: float, bucket: str) -> None:
    assert tallies.wait_bucket(seconds) == bucket


async def test_figures_add_up_also_where_two_count_at_once(database: async_sessionmaker[AsyncSession]) -> None:
    async def count_a_call(n: int) -> None:
        async with database.begin() as session:
            await tallies.add(session, "roskilde" if n else "greve", tallies.of_call(summary()))

    await asyncio.gather(*map(count_a_call, range(5)))
    async with database() as session:
        rows = await session.scalars(select(Tally).where(Tally.what == "seconds"))
        assert {(row.municipality, row.day, row.hour, row.of, row.n) for row in rows} == {
            ("roskilde", DAY, -1, "settled", 4 * 62),
            ("greve", DAY, -1, "settled", 62),
        }


async def test_many_rows_are_added_at_once(database: async_sessionmaker[AsyncSession]) -> None:
    counts = Counter({("topic", DAY, -1, f"emne-{n}"): n + 1 for n in range(1200)})
    for _ in range(2):
        async with database.begin() as session:
            await tallies.add(session, "roskilde", counts)
    async with database() as session:
        assert sum(await session.scalars(select(Tally.n))) == 2 * counts.total()
