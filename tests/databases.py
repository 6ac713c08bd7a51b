"""Databases of both kinds for tests: a file of SQLite's, and one in a private server of Debian's PostgreSQL."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.storage.database import connect, migrate, parsed
from voicebot.storage.operators import Base

START_LIMIT = 30.0
"""Seconds the server may take to be ready, on a busy machine."""
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


class PostgreSQL:
    """A server of our own behind a Unix socket, careless of crashes. It ends with us, and its files with it."""

    def __init__(self, home: Path) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
        assert programs, "PostgreSQL is missing: apt-get install postgresql"
        self._programs, self._home, self._names = programs[-1], home, count(1)
        self._there = ("-h", str(home), "-U", "voicebot")
        self.migrated = ""
        self._as_owner = ["setpriv", "--pdeathsig=INT"]
        if os.getuid() == 0:  # it refuses to be run by root
            shutil.chown(home, "postgres", "postgres")
            self._as_owner += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def start(self) -> None:
        self._run("initdb", "-D", "data", "-U", "voicebot", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = ["listen_addresses=", "shared_buffers=32MB", "max_connections=60"]
        settings += [f"{care}=off" for care in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")]
        chosen = [part for setting in settings for part in ("-c", setting)]
        log = self._home / "log"
        with log.open("wb") as file:
            command = self._command("postgres", "-D", "data", "-k", str(self._home), *chosen)
            self._server = subprocess.Popen(command, stdout=file, stderr=file, cwd=self._home)
        deadline = time.monotonic() + START_LIMIT
        ready = self._command("pg_isready", *self._there)
        while subprocess.run(ready, check=False, cwd=self._home, capture_output=True).returncode:
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(START_LIMIT)

    def new(self, template: str = "template1") -> str:
        """The name of a new database, empty or a copy of another."""
        name = f"test{next(self._names)}"
        self._run("createdb", *self._there, "-T", template, name)
        return name

    def drop(self, name: str) -> None:
        self._run("dropdb", *self._there, "--force", name)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://voicebot@/{name}?host={self._home}"

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self._as_owner, str(self._programs / program), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(self._command(program, *arguments), check=True, capture_output=True, cwd=self._home)


async def bring_up_to_date(url: str) -> None:
    engine = connect(parsed(url))
    await migrate(engine)
    await engine.dispose()


async def empty(url: str) -> None:
    """Take every row out of PostgreSQL's tables, whoever still holds them: quicker than a database for each test."""
    engine = connect(parsed(url))
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    async with engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    await engine.dispose()


def in_thread(work: Coroutine[None, None, None]) -> None:
    """Do it although a browser's event loop may be running in this thread."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The server, where the database `postgresql.migrated` has all tables, to make copies of."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as home:  # a socket's path must be short
        server = PostgreSQL(Path(home))
        try:
            server.start()
            server.migrated = server.new()
            in_thread(bring_up_to_date(server.url(server.migrated)))
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite's with all tables, to make copies of."""
    file = tmp_path_factory.mktemp("migrated") / "voicebot.db"
    in_thread(bring_up_to_date(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def shared_database(postgresql: PostgreSQL) -> str:
    """The address of a database with all tables that one test after the other uses."""
    return postgresql.url(postgresql.new(postgresql.migrated))


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and nothing in them, of each kind in turn."""
    if request.param == "sqlite":
        file = tmp_path / "data" / "voicebot.db"
        file.parent.mkdir()
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite+aiosqlite:///{file}"
    else:
        url = request.getfixturevalue("shared_database")
        yield url
        in_thread(empty(url))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """Sessions over that database."""
    engine = connect(parsed(database_url))
    yield async_sessionmaker(engine, expire_on_commit=False)
    await engine.dispose()
