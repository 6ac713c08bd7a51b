"""A database in trouble: nothing of a call waits for it, and what it takes again is written."""

import asyncio
import contextlib
import logging
import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import selectinload

from tests.databases import PostgreSQL
from tests.recording import A_CALL, recording, started
from voicebot.errors import StorageError
from voicebot.events import CallEnded, CallStarted, Said, Transcribed
from voicebot.storage import Call, Recorder, call, reading, recorder
from voicebot.storage.entries import Entry
from voicebot.storage.tables import Tally, Turn

pytest_plugins = ["tests.databases", "tests.recording"]


async def test_a_locked_database_delays_writing_and_loses_nothing(
    url: str, file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("voicebot.storage.database.BUSY_SECONDS", 0.01)
    async with recording(url) as record:
        with contextlib.closing(sqlite3.connect(file)) as other:
            other.execute("BEGIN IMMEDIATE")
            for event in A_CALL:
                record.record(event)
            while not caplog.records:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            other.rollback()
    assert [line.message.split(";")[0] for line in caplog.records] == [
        "The record cannot be written (database is locked)",
        "The record is written again",
    ]
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert len(found.events) == len(A_CALL)
    assert found.outcome == "caller_hung_up"


async def test_pages_that_take_all_their_connections_leave_the_writer_its_own(
    database_url: str, tmp_path: Path
) -> None:
    async with recording(database_url, tmp_path) as record, contextlib.AsyncExitStack() as pages:
        for _ in range(5 + 10):
            page = await pages.enter_async_context(record.sessions())
            await page.execute(text("SELECT 1"))
        for event in A_CALL:
            record.record(event)
        async with asyncio.timeout(recorder.WRITE_SECONDS - 1):
            while record.waiting:
                await asyncio.sleep(0.01)
    async with reading(database_url) as session:
        assert await call(session, "CA1")


async def test_calls_without_an_end_are_looked_for_again_whatever_went_wrong(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()

    async def fail(*_: object) -> None:
        if caplog.records:
            looked.set()
        raise KeyError("hemmelig")

    async with recording(url) as record:
        record._sweeper.cancel()
        monkeypatch.setattr(recorder, "LONGEST_CALL", timedelta(0))
        monkeypatch.setattr(recorder, "conclude_unfinished", fail)
        record._sweeper = asyncio.create_task(record._keep_concluding())
        await looked.wait()
    assert caplog.records[0].message == "Calls left without an end are not closed for now (KeyError)."


async def test_a_full_queue_drops_the_oldest_events_but_no_start_or_end(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "QUEUE_LIMIT", 3)
    async with recording(database_url, tmp_path) as record:
        record.record(started())
        for number in range(10):
            record.record(Said("CA1", float(number), f"stykke {number}"))
        record.record(CallEnded("CA1", 11.0, "goodbye"))
        assert len([line for line in caplog.records if "queue is full" in line.message]) == 1
    async with reading(database_url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.data.get("text") for event in found.events] == [None, "stykke 7", "stykke 8", "stykke 9", None]
    assert found.outcome == "goodbye"


async def test_an_event_that_cannot_be_understood_is_left_out(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise IndexError("hemmelig")

    async with recording(url, tmp_path) as record:
        monkeypatch.setattr(record._entries, "of", fail)
        record.record(started())
    assert [line.message for line in caplog.records] == ["An event (CallStarted) cannot be recorded: IndexError."]


async def test_an_event_the_database_refuses_does_not_take_others_with_it(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with recording(database_url, tmp_path) as record:
        record.record(Said("unknown", 1.0, "hemmelig tekst"))
        record.record(CallStarted("CA3", 0.0, "web", "roskilde", "", "not a time"))
        for event in A_CALL:
            record.record(event)
    assert len(caplog.records) == 2
    assert all(line.levelno == logging.ERROR and "cannot be recorded" in line.message for line in caplog.records)
    assert "hemmelig" not in caplog.text
    async with reading(database_url) as session:
        found = await call(session, "CA1")
    assert found
    assert len(found.events) == len(A_CALL)


async def test_closing_gives_up_on_a_database_that_stays_locked(
    url: str, file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "CLOSE_SECONDS", 0.2)
    monkeypatch.setattr("voicebot.storage.database.BUSY_SECONDS", 0.01)
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file)) as other:
        async with recording(url) as record:
            other.execute("BEGIN IMMEDIATE")
            record.record(started())
    assert "are lost" in caplog.records[-1].message
    async with recording(url):
        pass


async def test_what_no_column_can_hold_is_left_out_alone(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with recording(database_url, tmp_path) as record:
        record.record(started("CA1" * 100))
        record.record(started())
        record.record(Transcribed("CA1", 3.0, "et nul\0tegn", 0.9, 3.0))
        record.record(CallEnded("CA1", 12.5, "goodbye"))
    assert "cannot be written" not in caplog.text
    async with reading(database_url) as session:
        found = await call(session, "CA1")
        spoken = await session.scalar(select(Turn.text))
    assert found
    assert found.events[1].data["text"] == spoken == "et nultegn"


@contextlib.asynccontextmanager
async def out_of_reach(server: PostgreSQL, name: str) -> AsyncIterator[None]:
    """Cut every connection to a database, and let nobody in."""
    engine = create_async_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        await connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        try:
            yield
        finally:
            await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    await engine.dispose()


@pytest.mark.slow
async def test_a_server_out_of_reach_delays_writing_and_loses_nothing(
    postgresql: PostgreSQL, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.01)
    name = postgresql.new(postgresql.migrated)
    async with recording(postgresql.url(name), tmp_path) as record:
        record.record(A_CALL[0])
        while record.waiting:
            await asyncio.sleep(0.01)
        async with out_of_reach(postgresql, name):
            for event in A_CALL[1:]:
                record.record(event)
            while not record.down:
                await asyncio.sleep(0.01)
            assert record.waiting == len(A_CALL) - 1
        while record.down:
            await asyncio.sleep(0.01)
        assert (record.waiting, record.lost) == (0, 0)
    assert [line.message.split(" (")[0].split(";")[0] for line in caplog.records] == [
        "The record cannot be written",
        "The record is written again",
    ]
    async with reading(postgresql.url(name)) as session:
        found = await call(session, "CA1")
    assert found
    assert len(found.events) == len(A_CALL)
    postgresql.drop(name)


@pytest.mark.slow
async def test_a_server_that_is_not_there_is_said_at_the_start(postgresql: PostgreSQL, tmp_path: Path) -> None:
    for address in (postgresql.url("nosuch"), f"postgresql+asyncpg://voicebot@/there?host={tmp_path}"):
        with pytest.raises(StorageError, match="cannot be opened") as fault:
            await Recorder(address, tmp_path).open()
        assert "database_url" in fault.value.message


async def test_what_is_written_twice_is_there_once(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A commit that was taken for lost is tried again."""
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.0)
    url = f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'voicebot.db')}"
    async with recording(url) as record:
        keep, written = recorder.keep, list[Sequence[Entry]]()

        async def keep_twice(session: AsyncSession, batch: Sequence[Entry]) -> None:
            await keep(session, batch)
            if batch not in written:
                written.append(batch)
                await session.commit()
                raise TimeoutError

        monkeypatch.setattr(recorder, "keep", keep_twice)
        for event in A_CALL:
            record.record(event)
            await asyncio.sleep(0)
    assert "cannot be recorded" not in caplog.text
    async with reading(url) as session:
        found = await session.scalar(select(Call).options(selectinload(Call.events), selectinload(Call.turns)))
        figures = {row.what: row.n for row in await session.execute(select(Tally.what, Tally.n))}
    assert found
    assert (len(found.events), len(found.turns)) == (len(A_CALL), 1)
    assert figures["result"] == figures["turns"] == 1
