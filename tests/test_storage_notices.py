"""Notices between the processes that share a database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.databases import PostgreSQL
from tests.recording import A_CALL, started
from voicebot.events import Decided, Event, Saying, Transcribed
from voicebot.storage import notices
from voicebot.storage.notices import EVENT, PUBLISHED, Notices, heard_event, told

pytest_plugins = ["tests.databases"]
NOWHERE = "postgresql+asyncpg://nowhere/db"


async def until(holds: Callable[[], object]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


class Process:
    """What listens on a database, and what it has heard."""

    def __init__(self, url: str) -> None:
        self.notices = Notices(url)
        self.events: list[str] = []
        self.published: list[str] = []
        self.notices.listen(EVENT, self.events.append)
        self.notices.listen(PUBLISHED, self.published.append)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Process"]:
        task = asyncio.create_task(self.notices.keep_up())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_alone_what_is_told_is_heard_at_once(tmp_path: object) -> None:
    here = Process(f"sqlite+aiosqlite:///{tmp_path}/voicebot.db")
    await here.notices.keep_up()
    here.notices.tell(EVENT, "æøå")
    here.notices.tell(PUBLISHED, "1")
    assert (here.events, here.published) == (["æøå"], ["1"])


async def test_whatever_goes_wrong_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[str] = []

    class Engine:
        def connect(self) -> None:
            tries.append("connect")
            raise ValueError("hemmelig")

        async def dispose(self) -> None:
            tries.append("dispose")

    monkeypatch.setattr(notices, "connect", lambda _: Engine())
    monkeypatch.setattr(notices, "FIRST_PAUSE", 0.0)
    async with Process(NOWHERE).running():
        await until(lambda: len(tries) > 2)
    assert tries[-1] == "dispose"
    assert [line.message for line in caplog.records] == [
        "Other bots on this database are not heard at the moment (ValueError)."
    ]


class Standing:
    """Engine, connection and driver in one, which stands and brings no notices."""

    def __init__(self, said: list[str]) -> None:
        self.driver_connection, self._said = self, said

    @contextlib.asynccontextmanager
    async def connect(self) -> AsyncIterator["Standing"]:
        yield self

    async def get_raw_connection(self) -> "Standing":
        return self

    def add_termination_listener(self, _: object) -> None: ...

    async def add_listener(self, _channel: str, _heard: object) -> None:
        self._said.append("listens")

    async def invalidate(self) -> None: ...

    async def dispose(self) -> None: ...


async def test_what_was_published_while_a_process_started_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Process(NOWHERE)
    monkeypatch.setattr(notices, "connect", lambda _: Standing(here.published))
    async with here.running():
        await until(lambda: here.events)
    assert (here.published, here.events) == (["listens", ""], [""])


@pytest.mark.slow
async def test_each_process_hears_the_others_and_itself_once(postgresql: PostgreSQL) -> None:
    url = postgresql.url(postgresql.migrated)
    async with Process(url).running() as here, Process(url).running() as there:
        await met(here, there)
        here.notices.tell(EVENT, "a b  æ")
        there.notices.tell(PUBLISHED, "7")
        here.notices.tell(EVENT, "x" * 7501)
        here.notices.tell(EVENT, "last")
        assert here.events == ["a b  æ", "x" * 7501, "last"]
        await until(lambda: len(there.events) == 2 and here.published)
    assert (there.events, here.published, there.published) == (["a b  æ", "last"], ["7"], ["7"])


async def met(*processes: Process) -> None:
    """Tell until all have heard all, then forget what was told."""
    while not all(len(set(process.events) - {""}) == len(processes) for process in processes):
        for number, process in enumerate(processes):
            process.notices.tell(EVENT, f"hello {number}")
        await asyncio.sleep(0.02)
    while any(process.notices._unsent for process in processes):
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    for process in processes:
        process.events.clear()
        process.published.clear()


@pytest.mark.slow
async def test_a_lost_connection_comes_back_and_says_that_something_was_missed(
    postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notices, "FIRST_PAUSE", 0.05)
    url = postgresql.url(postgresql.new(postgresql.migrated))
    async with Process(url).running() as here, Process(url).running() as there:
        await met(here, there)
        await cut_all(url)
        await until(lambda: "" in here.published and "" in there.published)
        here.notices.tell(EVENT, "again")
        await until(lambda: "again" in there.events)
    said = [line.message.split(" (")[0] for line in caplog.records]
    assert sorted(said) == 2 * ["Other bots on this database are heard again."] + 2 * [
        "Other bots on this database are not heard at the moment"
    ]


async def cut_all(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    await engine.dispose()


@pytest.mark.parametrize("event", [*A_CALL[1:], Saying("CA1", 1.0, "Hej.")], ids=lambda event: type(event).__name__)
def test_an_event_comes_out_as_it_went_in(event: Event) -> None:
    assert heard_event(told(event)) == event


def test_a_callers_number_is_told_to_nobody() -> None:
    assert "11223344" not in told(started())
    assert heard_event(told(started())) == started(caller="")


@pytest.mark.parametrize(
    "payload", ["", "{}", "[]", '["Unknown", {}]', '["Decided", {}]', '["dataclass", {}]', '["Event", []]', "["]
)
def test_what_is_no_event_is_none(payload: str) -> None:
    assert heard_event(payload) is None


def test_every_event_of_a_talkative_call_is_short_enough() -> None:
    long = "nogle ord på dansk, som fylder " * 60
    for event in (Transcribed("CA1", 1.0, long, 0.5, 60.0), Decided("CA1", 1.0, "answer", "a" * 64, 1.0, (), long)):
        assert len(told(event).encode()) <= notices.LONGEST
