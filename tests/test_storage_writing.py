"""Reading and writing at once, on both databases."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage.operators import Choice

pytest_plugins = ["tests.databases"]


async def test_who_has_read_may_write_after_somebody_else_has(database: async_sessionmaker[AsyncSession]) -> None:
    async with database.begin() as mine:
        assert (await mine.scalars(select(Choice))).all() == []
        async with database.begin() as other:
            other.add(Choice(name="theirs", value=1))
        assert [choice.name for choice in await mine.scalars(select(Choice))] == ["theirs"]
        mine.add(Choice(name="mine", value=2))
    async with database() as session:
        assert sorted(choice.name for choice in await session.scalars(select(Choice))) == ["mine", "theirs"]


async def test_what_is_not_committed_is_seen_by_nobody(database: async_sessionmaker[AsyncSession]) -> None:
    async with database() as mine, database() as other:
        mine.add(Choice(name="mine", value=2))
        await mine.flush()
        assert (await other.scalars(select(Choice))).all() == []
        await mine.rollback()
        assert (await mine.scalars(select(Choice))).all() == []


async def test_many_writers_wait_for_each_other(database: async_sessionmaker[AsyncSession]) -> None:
    async def write(number: int) -> None:
        async with database.begin() as session:
            await session.scalars(select(Choice))
            session.add(Choice(name=f"number {number}", value=number))

    await asyncio.gather(*map(write, range(10)))
    async with database() as session:
        assert len((await session.scalars(select(Choice))).all()) == 10
