"""Log-ins that failed: who has to wait, and for how long, in both kinds of database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage import attempts
from voicebot.storage.operators import Attempt

pytest_plugins = ["tests.databases"]

Sessions = async_sessionmaker[AsyncSession]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (8, 8), (11, 60), (10_000, 60)])
def test_waits_grow_but_not_for_ever(failures: int, seconds: float) -> None:
    assert attempts.wait(failures, attempts.FREE_BY_NAME) == seconds


async def test_many_wrong_passwords_have_to_wait_and_a_right_one_ends_it(database: Sessions) -> None:
    async with database() as session:
        for _ in range(attempts.FREE_BY_NAME):
            assert await attempts.try_once(session, "Karen", "192.0.2.1", NOON) == 0
        assert await attempts.try_once(session, "karen", "192.0.2.2", NOON) == 1
        assert await attempts.try_once(session, "Karen", "192.0.2.2", NOON) == 1  # who had to wait is not counted
        assert await attempts.try_once(session, "Bo", "192.0.2.1", NOON) == 0
        later = NOON + timedelta(seconds=1)
        assert await attempts.try_once(session, "Karen", "192.0.2.1", later) == 0
        await attempts.succeeded(session, "Karen", "192.0.2.1", later)
        await session.commit()
        assert await attempts.try_once(session, "Karen", "192.0.2.1", later) == 0


async def test_many_tries_at_once_are_not_all_let_through(database: Sessions) -> None:
    async def try_in() -> float:
        async with database() as session:
            return await attempts.try_once(session, "Karen", "192.0.2.1", NOON)

    waits = await asyncio.gather(*(try_in() for _ in range(15)))
    assert waits.count(0) <= attempts.FREE_BY_NAME


async def test_one_address_cannot_try_all_names(database: Sessions) -> None:
    async with database() as session:
        waits = [
            await attempts.try_once(session, f"name {number}", "192.0.2.1", NOON)
            for number in range(attempts.FREE_BY_ADDRESS + 1)
        ]
        assert waits == [0] * attempts.FREE_BY_ADDRESS + [1]
        assert await attempts.try_once(session, "Karen", "192.0.2.2", NOON) == 0


async def test_failures_are_forgotten_after_an_hour(database: Sessions) -> None:
    async with database() as session:
        for _ in range(9):
            await attempts.try_once(session, "Karen", "192.0.2.1", NOON)
        late = NOON + attempts.REMEMBERED + timedelta(seconds=1)
        assert await attempts.try_once(session, "Karen", "192.0.2.1", late) == 0
        assert await session.scalar(select(func.count()).select_from(Attempt)) == 2
