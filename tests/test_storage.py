import asyncio
import contextlib
import logging
import sqlite3
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from voicebot.errors import StorageError
from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    DigitPressed,
    Event,
    Interrupted,
    Matched,
    Said,
    Saying,
    Transcribed,
)
from voicebot.storage import Recorder, call, calls, reading, recorder
from voicebot.storage.database import connect, parsed
from voicebot.storage.tables import Base


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "voicebot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@contextlib.asynccontextmanager
async def recording(url: str) -> AsyncIterator[Recorder]:
    record = Recorder(url)
    await record.open()
    try:
        yield record
    finally:
        await record.close()


def started(call_id: str = "CA1", caller: str = "+4511223344") -> CallStarted:
    return CallStarted(call_id, 0.0, "twilio", "roskilde", caller, "2026-11-22T10:00:00+00:00")


A_CALL: list[Event] = [
    started(),
    Transcribed("CA1", 4.0, "jeg har mistet mit pas", 0.7, 2.5),
    Matched("CA1", 4.0, (("pas-mistet", 0.9), ("pas-fornyelse", 0.3))),
    Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), "Meld det til politiet."),
    CallEnded("CA1", 12.5, "caller_hung_up"),
]


async def test_a_call_and_its_events_come_back_in_order(url: str) -> None:
    async with recording(url) as record:
        for event in A_CALL:
            record.record(event)
    async with reading(url) as session:
        found = await call(session, "CA1")
        assert found
        assert (found.channel, found.municipality, found.outcome) == ("twilio", "roskilde", "caller_hung_up")
        assert found.started == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
        assert found.ended == datetime(2026, 11, 22, 10, 0, 12, 500_000, tzinfo=UTC)
        assert [event.type for event in found.events] == [type(event).__name__ for event in A_CALL]
        assert found.events[2].data == {"candidates": [["pas-mistet", 0.9], ["pas-fornyelse", 0.3]]}
        assert found.events[3].at == 4.0
        assert [one.id for one in await calls(session)] == ["CA1"]
        assert await call(session, "CA2") is None


async def test_what_was_heard_is_stored_not_what_was_sent(url: str) -> None:
    told = ("Meld det til politiet,", "og tag dit kort med.", "Er der andet?")
    async with recording(url) as record:
        record.record(started())
        record.record(Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), " ".join(told)))
        for piece in told:
            record.record(Saying("CA1", 4.0, piece))
        record.record(Said("CA1", 6.0, told[0]))
        record.record(Interrupted("CA1", 7.1, told[1], 0.9))
        record.record(CallEnded("CA1", 12.5, "caller_hung_up"))
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.type for event in found.events] == ["CallStarted", "Decided", "Said", "Interrupted", "CallEnded"]
    assert set(found.events[1].data) == {"decision", "answer", "confidence", "options"}
    assert [event.data for event in found.events[2:4]] == [{"text": told[0]}, {"text": told[1], "heard": 0.9}]


async def test_a_callers_number_is_known_again_but_not_kept(url: str, file: Path) -> None:
    async with recording(url) as record:
        record.record(started("CA1", "+4511223344"))
        record.record(started("CA2", "+4511223344"))
        record.record(started("CA3", "+4555667788"))
        record.record(started("CA4", ""))
    async with reading(url) as session:
        hashes = {one.id: one.caller_hash for one in await calls(session)}
        found = await call(session, "CA1")
    assert hashes["CA1"] == hashes["CA2"] != hashes["CA3"]
    assert hashes["CA4"] is None
    assert found
    assert found.caller_last_two == "44"
    stored = b"".join(path.read_bytes() for path in file.parent.glob("voicebot.db*"))
    assert b"11223344" not in stored
    key = file.parent / "caller.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    async with recording(url):
        pass
    assert key.read_bytes() == before


async def test_no_cpr_number_reaches_the_database(url: str, file: Path) -> None:
    async with recording(url) as record:
        record.record(started())
        record.record(Transcribed("CA1", 1.0, "mit nummer er 010190-1234", 0.9, 3.0))
        record.record(Matched("CA1", 1.0, (("nul en nul en halvfems tolv fireogtredive", 0.1),)))
        record.record(Said("CA1", 2.0, "Ring 46 31 30 00."))
        for digit in "0101901234":
            record.record(DigitPressed("CA1", 3.0, digit))
        record.record(DigitPressed("CA2", 3.0, "7"))
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    data = [event.data for event in found.events]
    assert data[1]["text"] == "mit nummer er [CPR]"
    assert data[2]["candidates"] == [["[CPR]", 0.1]]
    assert data[3]["text"] == "Ring 46 31 30 00."
    assert "".join(one["digit"] for one in data[4:]) == "0101••••••"
    assert b"1234" not in file.read_bytes()


async def test_a_call_cut_off_by_a_crash_is_closed_as_a_fault_at_the_next_start(url: str) -> None:
    async with recording(url) as record:
        for event in A_CALL[:-1]:
            record.record(event)
        record.record(started("CA2"))
    async with recording(url):
        pass
    async with reading(url) as session:
        cut, empty = await call(session, "CA1"), await call(session, "CA2")
    assert cut
    assert empty
    assert cut.outcome == empty.outcome == "fault"
    assert cut.ended
    assert (cut.ended - cut.started).total_seconds() == 4.0
    assert empty.ended == empty.started


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


async def test_a_full_queue_drops_the_oldest_events_but_no_start_or_end(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "QUEUE_LIMIT", 3)
    async with recording(url) as record:
        record.record(started())
        for number in range(10):
            record.record(Said("CA1", float(number), f"stykke {number}"))
        record.record(CallEnded("CA1", 11.0, "goodbye"))
        assert len([line for line in caplog.records if "queue is full" in line.message]) == 1
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.data.get("text") for event in found.events] == [None, "stykke 7", "stykke 8", "stykke 9", None]
    assert found.outcome == "goodbye"


async def test_an_event_the_database_refuses_does_not_take_others_with_it(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with recording(url) as record:
        record.record(Said("unknown", 1.0, "hemmelig tekst"))
        record.record(CallStarted("CA3", 0.0, "web", "roskilde", "", "not a time"))
        for event in A_CALL:
            record.record(event)
    assert len(caplog.records) == 2
    assert all(line.levelno == logging.ERROR and "cannot be recorded" in line.message for line in caplog.records)
    assert "hemmelig" not in caplog.text
    async with reading(url) as session:
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


async def test_the_second_bot_on_one_database_is_told_so(url: str, file: Path) -> None:
    async with recording(url):
        with pytest.raises(StorageError, match="another voicebot uses this database") as fault:
            await Recorder(url).open()
        assert str(file) in fault.value.message
    async with recording(url):
        pass


async def test_migrating_twice_is_harmless_and_makes_the_tables_of_the_code(url: str) -> None:
    for _ in range(2):
        async with recording(url):
            pass
    engine = connect(parsed(url))
    async with engine.connect() as connection:
        columns = await connection.run_sync(
            lambda sync: {
                table: {(column["name"], str(column["type"]), column["nullable"]) for column in columns}
                for (_, table), columns in inspect(sync).get_multi_columns().items()
            }
        )
        indexes = await connection.run_sync(
            lambda sync: {
                table: {index["name"] for index in inspect(sync).get_indexes(table)} for table in ("calls", "events")
            }
        )
    await engine.dispose()
    assert columns.pop("alembic_version")
    assert columns == {
        table.name: {
            (column.name, str(column.type.compile(engine.dialect)), bool(column.nullable)) for column in table.columns
        }
        for table in Base.metadata.sorted_tables
    }
    assert indexes == {table.name: {index.name for index in table.indexes} for table in Base.metadata.sorted_tables}


async def test_a_migration_that_fails_half_way_leaves_nothing_behind(url: str, file: Path) -> None:
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE events (id INTEGER)")
        with pytest.raises(StorageError, match="already exists"):
            await Recorder(url).open()
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("events",)]
        other.execute("DROP TABLE events")
        other.commit()
    async with recording(url):
        pass


async def test_a_file_that_is_no_database_is_named_and_left_alone(url: str, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not a database at all, " * 100)
    with pytest.raises(StorageError, match="damaged or no database: move it away") as fault:
        await Recorder(url).open()
    assert str(file) in fault.value.message
    assert file.read_bytes().startswith(b"not a database")
    file.unlink()
    async with recording(url):
        pass


async def test_a_database_of_a_newer_version_is_refused(url: str, file: Path) -> None:
    async with recording(url):
        pass
    with contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    with pytest.raises(StorageError, match="written by a newer voicebot"):
        await Recorder(url).open()


async def test_a_full_disk_is_said_at_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(connection: object) -> None:
        raise OperationalError("", None, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr("voicebot.storage.database._upgrade", full)
    with pytest.raises(StorageError, match="Make room on the disk"):
        await Recorder(url).open()


@pytest.mark.parametrize(
    ("address", "said"),
    [("nonsense", "no database address"), ("nosuch://host/db", "no driver for this database")],
)
async def test_a_wrong_address_is_said(address: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=said):
        await Recorder(address, tmp_path).open()


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="cannot be written"):
        await Recorder(f"sqlite+aiosqlite:///{tmp_path}/data/voicebot.db").open()


async def test_a_key_cut_short_is_said(url: str, file: Path) -> None:
    file.parent.mkdir()
    (file.parent / "caller.key").write_bytes(b"short")
    with pytest.raises(StorageError, match="not a key of 32 bytes"):
        await Recorder(url).open()


async def test_reading_without_a_record_says_what_to_do(url: str, file: Path) -> None:
    with pytest.raises(StorageError, match="no record yet"):
        async with reading(url):
            pass
    file.parent.mkdir()
    sqlite3.connect(file).close()
    with pytest.raises(StorageError, match="Start the bot once"):
        async with reading(url) as session:
            await calls(session)


async def test_a_record_in_memory_needs_no_file(tmp_path: Path) -> None:
    record = Recorder("sqlite+aiosqlite:///:memory:", tmp_path)
    await record.open()
    for event in A_CALL:
        record.record(event)
    await asyncio.sleep(0)
    await record.close()
    assert [path.name for path in tmp_path.iterdir()] == ["caller.key"]
