"""Opening the record: its tables, its address, its key, and a sentence for whatever is in the way."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from tests.databases import BOTH, PostgreSQL
from tests.recording import A_CALL, recording
from voicebot.errors import StorageError
from voicebot.storage import Recorder, calls, reading
from voicebot.storage.database import connect, parsed
from voicebot.storage.operators import Base

pytest_plugins = ["tests.databases", "tests.recording"]


async def test_the_second_bot_on_one_database_is_told_so(url: str, file: Path) -> None:
    async with recording(url):
        with pytest.raises(StorageError, match="another voicebot uses this database") as fault:
            await Recorder(url).open()
        assert str(file) in fault.value.message
    async with recording(url):
        pass


@pytest.mark.parametrize("kind", BOTH)
async def test_migrating_twice_is_harmless_and_makes_the_tables_of_the_code(
    kind: str, url: str, file: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.new())
    for _ in range(2):
        async with recording(url, file.parent):
            pass
    engine = connect(parsed(url))
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


def _in_the_code(name: str | None, _kind: str, _parents: object) -> bool:
    """Where words are searched, each database has something of its own."""
    return not (name or "").startswith(("turn_words", "ix_turns_words"))


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
