"""Calls in the record that grow old, and a look at what is left of them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.recording import A_CALL, recording
from voicebot.storage import Call
from voicebot.storage.choices import Choices
from voicebot.storage.tables import Group, Turn

Sessions = async_sessionmaker[AsyncSession]
BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEPT = Choices(keep_words_days=90, keep_calls_days=730)
WORDS = "jeg har mistet mit pas"


@pytest.fixture
async def called(database: Sessions, database_url: str, tmp_path: Path) -> Sessions:
    """A call that an operator has commented on and whose turn is in a group."""
    async with recording(database_url, tmp_path / "key") as record:
        for event in A_CALL:
            record.record(event)
    async with database.begin() as session:
        await put_in_a_group(session, WORDS)
        await session.execute(update(Call).values(comment="Hun mente kørekort", mark="wrong"))
    return database


async def put_in_a_group(session: AsyncSession, label: str, **values: Any) -> None:
    group = Group(municipality="roskilde", label=label, centre=b"", size=1, state="open", created=BEGAN)
    session.add(group)
    await session.flush()
    await session.execute(update(Turn).values(group_id=group.id, **values))


async def number(sessions: Sessions, table: type) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def only(sessions: Sessions, table: type[Any]) -> Any:
    async with sessions() as session:
        return (await session.scalars(select(table))).one()
