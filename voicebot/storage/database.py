"""Opening the record: one bot per SQLite file, migrated, or a sentence that says what to do."""

import fcntl
import os
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from voicebot.errors import StorageError

BUSY_SECONDS = 2.0
"""How long SQLite waits for another writer; well under the recorder's limit for one batch."""
TROUBLE = (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What is raised where a database cannot be reached or does not do what it is asked; SQLAlchemy passes on some of the
driver's own while it connects."""
_MIGRATING = 5_032_027
"""A number for PostgreSQL's advisory lock."""
_REFUSED = ("22", "23")
"""Classes of PostgreSQL's codes: data it cannot take, rules of the tables broken (PostgreSQL's manual, appendix A)."""
_NO_CHANGE = ("SELECT", "WITH", "PRAGMA", "EXPLAIN", "BEGIN")
"""How statements begin that SQLite needs no lock for."""


def parsed(url: str) -> URL:
    """`url` in its parts; StorageError if it is none."""
    try:
        return make_url(url)
    except ArgumentError:
        raise StorageError(
            "storage.url", "database_url is no database address; write sqlite+aiosqlite:///file.db."
        ) from None


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory or another kind of database."""
    in_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(str(url.database)) if in_file else None


def shown(url: URL) -> str:
    """How a fault names the database: its file, or its address without the password."""
    return str(sqlite_file(url) or url.render_as_string(hide_password=True))


def connect(url: URL) -> AsyncEngine:
    """An engine for `url`, with SQLite set to let readers in while it writes; StorageError without a driver for it.

    In both kinds of database what a transaction reads is what others have committed by then, not when it began.
    """
    try:
        engine = create_async_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=_settings(url))
    except (SQLAlchemyError, ImportError) as fault:
        raise StorageError("storage.driver", f"{shown(url)}: no driver for this database ({fault}).") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "before_cursor_execute", _begin_writing)
    return engine


def _settings(url: URL) -> dict[str, Any]:
    """PostgreSQL neither compiles a query of milliseconds, nor plans it without a look at what is asked for."""
    if url.get_backend_name() != "postgresql":
        return {}
    return {"server_settings": {"jit": "off", "plan_cache_mode": "force_custom_plan"}}


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (any DBAPI's connection)
    connection.isolation_level = None  # Python's own would leave changes of tables outside the transaction
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_writing(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    """Take the lock with the first change: SQLite refuses it to a transaction that has read before somebody wrote."""
    driver = connection.connection.driver_connection
    if not (driver and driver.in_transaction) and not statement.lstrip().startswith(_NO_CHANGE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


async def migrate(engine: AsyncEngine) -> None:
    """Bring the tables up to date; StorageError for a database that cannot be read, written or understood."""
    name = shown(engine.url)
    try:
        if file := sqlite_file(engine.url):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(0o600)  # it will hold what citizens say
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except CommandError:
        raise StorageError(
            "storage.newer",
            f"{name}: written by a newer voicebot. Install that version again, or move the file away to start afresh.",
        ) from None
    except TROUBLE as fault:
        raise StorageError(
            "storage.open", f"{name}: cannot be opened ({reason(fault)}). {_remedy(engine.url, fault)}"
        ) from None


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # where several may start at once
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
    command.upgrade(migrations(connection), "head")


def migrations(connection: Connection) -> Config:
    """What Alembic needs to work on a connection."""
    config = Config()
    config.set_main_option("script_location", "voicebot.storage:migrations")
    config.attributes["connection"] = connection
    return config


def passing(fault: BaseException) -> bool:
    """Whether the fault lies with the database at the moment, and not with what is written."""
    if not isinstance(fault, DBAPIError):
        return isinstance(fault, OSError | asyncpg.PostgresError | asyncpg.InterfaceError)
    state = getattr(fault.orig, "sqlstate", None) or ""
    refused = isinstance(fault, IntegrityError | DataError) or state.startswith(_REFUSED)
    return not refused and not isinstance(getattr(fault.orig, "__cause__", None), asyncpg.DataError)


def reason(fault: BaseException) -> str:
    """What the database says is wrong, without the statement and its values: PostgreSQL adds lines with the row."""
    return str(fault.orig).partition("\n")[0] if isinstance(fault, DBAPIError) else type(fault).__name__


def _remedy(url: URL, fault: BaseException) -> str:
    said = reason(fault)
    if url.get_backend_name() != "sqlite":
        return "Check that its server runs, that the database and its user are there, and that database_url is right."
    if "not a database" in said or "malformed" in said:
        return "The file is damaged or no database: move it away and start again; a new one is made."
    if "full" in said or "disk I/O" in said:
        return "Make room on the disk and start again."
    if "locked" in said:
        return "Another program is writing to it: close that and start again."
    return "Check that its folder exists and may be written to, and that database_url is right."


class FileLock:
    """A lock beside a SQLite file that says a bot is using it; the kernel lets go of it when the process ends."""

    def __init__(self, database: Path) -> None:
        """StorageError: another bot has it, or the folder cannot be written to."""
        path = database.with_name(f"{database.name}.lock")
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as fault:
            raise StorageError(
                "storage.folder", f"{path}: cannot be written ({fault.strerror}). Check the folder and the disk."
            ) from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise StorageError(
                "storage.in_use",
                f"{database}: another voicebot uses this database. Stop that one, or give this one its own "
                "data_dir or database_url.",
            ) from None

    def release(self) -> None:
        """Let another bot have the database."""
        os.close(self._handle)
