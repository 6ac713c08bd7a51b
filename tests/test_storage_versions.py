"""Published texts: the newest counts, nothing published meanwhile is lost, and files can count again."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from voicebot.errors import StorageError
from voicebot.storage import versions
from voicebot.storage.database import connect, migrate, parsed

pytest_plugins = ["tests.databases"]
PASS, BIN = "common/pas/pas.yaml", "common/affald/spand.yaml"


async def publish(database, changed, before, who="Mette", note="rettet"):
    async with database() as session:
        await versions.publish(session, changed, who, note, before=before)
        await session.commit()


async def in_use(database):
    async with database() as session:
        return await versions.published(session)


async def told(database, path):
    async with database() as session:
        return [(v.text, v.who) for v in await versions.history(session, path)]


async def test_the_newest_of_each_path_is_in_use(database):
    assert await in_use(database) == {}
    await publish(database, {PASS: "to", BIN: "spand"}, {PASS: "en", BIN: None})
    await publish(database, {PASS: "tre"}, {PASS: "to"}, who="Ali")
    assert await in_use(database) == {PASS: "tre", BIN: "spand"}
    assert await told(database, PASS) == [("tre", "Ali"), ("to", "Mette"), ("en", versions.FOLDER)]
    assert await told(database, BIN) == [("spand", "Mette")]


async def test_what_somebody_else_published_is_not_written_over(database):
    await publish(database, {PASS: "to"}, {PASS: "en"})
    with pytest.raises(StorageError) as fault:
        await publish(database, {BIN: "spand", PASS: "også to"}, {BIN: None, PASS: "en"})
    assert fault.value.code == "versions.conflict"
    assert await in_use(database) == {PASS: "to"}, "all or nothing"


async def test_of_two_at_once_one_is_told(database):
    await publish(database, {PASS: "to"}, {PASS: "en"})
    both = [publish(database, {PASS: text}, {PASS: "to"}) for text in ("a", "b")]
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "StorageError"]
    assert len(await told(database, PASS)) == 3


async def test_a_file_may_be_removed_and_count_again(database):
    await publish(database, {PASS: None}, {PASS: "en"})
    assert await in_use(database) == {PASS: None}
    async with database() as session:
        written = {PASS: None, BIN: "en tekst, som en anden har udgivet en ny over"}
        assert await versions.hand_back(session, written, "Mette", "") == [PASS]
        await session.commit()
    assert await in_use(database) == {}
    await publish(database, {PASS: "fire"}, {PASS: "tre"})
    assert [text for text, _ in await told(database, PASS)] == ["fire", "tre", None, "", "en"]


async def test_they_are_read_without_a_bot_and_where_there_is_nothing_yet(tmp_path: Path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}"
    assert await asyncio.to_thread(versions.published_at, url) == {}
    engine = connect(parsed(url))
    async with engine.begin() as connection:  # a record of an older voicebot
        await connection.exec_driver_sql("create table calls (id text)")
    assert await asyncio.to_thread(versions.published_at, url) == {}
    async with engine.begin() as connection:
        await connection.exec_driver_sql("drop table calls")
    await migrate(engine)
    await publish(async_sessionmaker(engine), {PASS: "to"}, {PASS: "en"})
    await engine.dispose()
    assert await asyncio.to_thread(versions.published_at, url) == {PASS: "to"}


def test_a_database_that_cannot_be_read_is_said(tmp_path: Path):
    (tmp_path / "voicebot.db").write_text("det er ingen database, men dog en fil med noget i" * 30)
    with pytest.raises(StorageError, match="cannot be read"):
        versions.published_at(f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}")
    with pytest.raises(StorageError, match="cannot be read"):
        versions.published_at(f"postgresql+asyncpg://nobody@/x?host={tmp_path}")
