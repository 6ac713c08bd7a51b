"""Opening the record: its tables, its address, its key, and a sentence for whatever is in the way."""

import asyncio
import contextlib
import json
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.databases import BOTH, PostgreSQL
from tests.recording import A_CALL, recording
from voicebot.errors import StorageError
from voicebot.storage import CallEvent, Recorder, calls, reading
from voicebot.storage.database import connect, migrations, parsed, reason
from voicebot.storage.operators import Base

pytest_plugins = ["tests.databases", "tests.recording"]


async def test_the_second_bot_on_one_database_is_told_so(url: str, file: Path) -> None:
    async with recording(url):
        with pytest.raises(StorageError, match="another voicebot uses this database") as fault:
            await Recorder(url).open()
        assert str(file) in fault.value.message
    async with recording(url):
        pass


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, url: str) -> str:
    """The address of a database without a table."""
    if request.param == "sqlite":
        return url
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.url(server.new())


async def test_migrating_twice_is_harmless_and_makes_the_tables_of_the_code(empty_database: str, file: Path) -> None:
    for _ in range(2):
        async with recording(empty_database, file.parent):
            pass
    engine = connect(parsed(empty_database))
    of_search = ("turn_words", "ix_turns_words")  # which only the databases themselves have words for
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, _type, _parents: not (name or "").startswith(of_search),
    }
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts=options), Base.metadata)
        )
    await engine.dispose()
    assert differences == []


async def test_the_record_of_an_older_version_is_brought_up_to_date(empty_database: str, file: Path) -> None:
    """Its calls get their figures; what was written twice is there once; and back again, and up again."""
    file.parent.mkdir()
    engine = connect(parsed(empty_database))
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrations(sync), "0001"))
        await connection.execute(text(OLD_CALL))
        for seq, event in enumerate([*A_CALL, A_CALL[-1]]):
            data = json.dumps({key: value for key, value in vars(event).items() if key not in ("call", "at")})
            row = {"seq": min(seq, 4), "at": event.at, "type": type(event).__name__, "data": data}
            await connection.execute(text(OLD_EVENT), row)
    async with recording(empty_database, file.parent), reading(empty_database) as session:
        (found,) = await calls(session)
        assert (found.result, found.topic, found.outcome) == ("abandoned", "pas-mistet", "caller_hung_up")
        assert await session.scalar(select(func.count()).select_from(CallEvent)) == len(A_CALL)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(migrations(sync), "0001"))
    async with recording(empty_database, file.parent), reading(empty_database) as session:
        assert [found.result for found in await calls(session)] == ["abandoned"]
    await engine.dispose()


OLD_CALL = """
INSERT INTO calls (id, channel, municipality, started)
VALUES ('CA1', 'twilio', 'roskilde', '2026-11-22 10:00:00Z')
"""
OLD_EVENT = "INSERT INTO events (call_id, seq, at, type, data) VALUES ('CA1', :seq, :at, :type, :data)"


@pytest.mark.slow
async def test_bots_that_start_at_once_on_one_server_do_not_disturb_each_other(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    url = postgresql.url(postgresql.new())
    bots = [Recorder(url, tmp_path) for _ in range(3)]
    await asyncio.gather(*(bot.open() for bot in bots))
    await asyncio.gather(*(bot.close() for bot in bots))


def test_what_the_database_says_is_told_without_the_row() -> None:
    said = Exception("null value in column\nDETAIL:  Failing row contains (1, jeg hedder Mette).")
    assert reason(IntegrityError("INSERT …", None, said)) == "null value in column"


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
