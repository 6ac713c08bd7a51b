"""What is asked of the record."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import selectinload

from voicebot.errors import StorageError
from voicebot.storage.database import TROUBLE, connect, migrate, parsed, reason, shown, sqlite_file
from voicebot.storage.tables import Call


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[AsyncSession]:
    """A session to read the record at `url`, also while a bot writes it; StorageError if there is none to read."""
    address = parsed(url)
    file = sqlite_file(address)
    if file and not file.exists():
        raise StorageError("storage.missing", f"{file}: no record yet; start the bot once, or check database_url.")
    engine = connect(address)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            yield session
    except TROUBLE as fault:
        remedy = "Start the bot once to bring it up to date."
        raise StorageError("storage.read", f"{shown(address)}: cannot be read ({reason(fault)}). {remedy}") from None
    finally:
        await engine.dispose()


@asynccontextmanager
async def changing(url: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """Sessions to change the record at `url`, made or brought up to date first, also beside a bot that writes it.

    StorageError: it cannot be opened or written.
    """
    address = parsed(url)
    engine = connect(address)
    try:
        await migrate(engine)
        yield async_sessionmaker(engine, expire_on_commit=False)
    except TROUBLE as fault:
        raise StorageError(
            "storage.write", f"{shown(address)}: cannot be written ({reason(fault)}). Try again."
        ) from None
    finally:
        await engine.dispose()


async def calls(session: AsyncSession, limit: int = 50) -> Sequence[Call]:
    """The newest calls first, at most `limit`, without their events."""
    return (await session.scalars(select(Call).order_by(Call.started.desc(), Call.id).limit(limit))).all()


async def call(session: AsyncSession, call_id: str) -> Call | None:
    """One call with its events in order."""
    return await session.get(Call, call_id, options=[selectinload(Call.events)])
