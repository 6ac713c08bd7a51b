"""What goes on now is pushed to those who may see it, for as long as they may."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.types import Message

from tests.dashboard import Client, dashboard, log_in, made_app
from voicebot.dashboard import live, live_pages
from voicebot.events import CallEnded, CallStarted, Decided, DigitPressed, Event, Said, StateChanged, Transcribed
from voicebot.storage.operators import AuditEntry, Login, Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture
async def page(database: Sessions, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(live, "PAUSE", 0.0)
    monkeypatch.setattr(live_pages, "CHECK_SECONDS", 0.0)
    async with dashboard(database) as client:
        yield client


class Stream:
    """An open stream of server-sent events."""

    def __init__(self) -> None:
        self.left, self._sent = asyncio.Event(), asyncio.Queue[Message]()
        self._rest = ""

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self._sent.put_nowait(message)

    async def begun(self) -> int:
        return int((await self._sent.get())["status"])

    async def event(self) -> tuple[str, str]:
        """The next event's name and data."""
        while "\r\n\r\n" not in self._rest:
            self._rest += (await asyncio.wait_for(self._sent.get(), 5))["body"].decode()
        event, self._rest = self._rest.split("\r\n\r\n", 1)
        fields = [line.split(": ", 1) for line in event.split("\r\n")]
        return (
            next(value for name, value in fields if name == "event"),
            "\n".join(value for name, value in fields if name == "data"),
        )


@asynccontextmanager
async def streaming(page: Client, path: str) -> AsyncIterator[Stream]:
    """The stream at a path, left at the end."""
    stream = Stream()
    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http"}
    scope |= {"headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())], "server": ("127.0.0.1", 80)}
    scope |= {"asgi": {"version": "3.0"}, "http_version": "1.1", "root_path": "", "client": ("127.0.0.1", 1)}
    under_way = asyncio.create_task(made_app(page.office)(scope, stream.receive, stream.send))
    assert await stream.begun() == 200
    yield stream
    stream.left.set()
    await asyncio.wait_for(under_way, 5)


def hear(page: Client, *events: Event) -> None:
    for event in events:
        page.office.live.hear(event)


STARTED = CallStarted("c", 0.0, "web", "roskilde", "+4512345678", NOW.isoformat())
QUESTION = Transcribed("c", 5.0, "jeg har mistet <i>mit</i> pas", 0.8, 2.0)


async def audited(page: Client) -> list[tuple[str, str]]:
    async with page.office.sessions() as session:
        return [(each.action, each.object) for each in await session.scalars(select(AuditEntry))]


async def test_the_list_is_pushed_whenever_it_changes(page: Client) -> None:
    async with streaming(page, "/live") as stream:
        assert "Ingen taler med botten" in (await stream.event())[1]
        hear(page, STARTED)
        assert "Der er ikke sagt noget endnu" in (await stream.event())[1]
        hear(page, QUESTION)
        name, html = await stream.event()
        assert name == "nu"
        assert "jeg har mistet &lt;i&gt;mit&lt;/i&gt; pas" in html
        assert "12345678" not in html
        hear(page, StateChanged("c", 6.0, "speaking"))
        assert ">Botten taler<" in (await stream.event())[1]
        hear(page, CallEnded("c", 9.0, "goodbye"))
        assert "Ingen taler med botten" in (await stream.event())[1]
    assert await audited(page) == [("calls.watched", "")]


async def test_who_may_only_see_gets_no_words(page: Client) -> None:
    await log_in(page, Role.SEE)
    hear(page, STARTED, QUESTION)
    async with streaming(page, "/live") as stream:
        html = (await stream.event())[1]
        assert "mistet" not in html
        assert "skjult for din rolle" in html
    assert (await page.get("/opkald/c/lyt")).status_code == 403
    assert (await page.get("/opkald/c/lyt/live")).status_code == 403
    assert await audited(page) == []


async def test_listening_along_to_the_end(page: Client) -> None:
    hear(page, STARTED, Said("c", 2.0, "Goddag"), QUESTION)
    assert 'sse-connect="/opkald/c/lyt/live"' in (await page.get("/opkald/c/lyt")).text
    async with streaming(page, "/opkald/c/lyt/live") as stream:
        name, html = await stream.event()
        assert name == "linjer"
        assert "Goddag" in html
        assert "mistet &lt;i&gt;mit&lt;/i&gt;" in html
        assert "Talegenkendelse 80 %" in html
        assert (await stream.event())[0] == "hoved"
        hear(page, Decided("c", 6.0, "answer", "pas-mistet", 0.9, (), ""), DigitPressed("c", 7.0, "0"))
        name, html = await stream.event()
        assert name == "linje"
        assert "Mistet eller stjålet pas" in html
        assert "<kbd>0</kbd>" in html
        assert "Goddag" not in html
        assert "Mistet eller stjålet pas" in (await stream.event())[1]
        hear(page, CallEnded("c", 9.0, "goodbye"))
        name, html = await stream.event()
        assert 'href="/opkald/c"' in html
        assert (await stream.event())[0] == "slut"
    assert await audited(page) == [("call.listened", "c")]


async def test_a_call_that_does_not_go_on_is_looked_up_in_the_record(page: Client) -> None:
    for path in ("/opkald/a b/lyt", "/opkald/a b/lyt/live"):
        answer = await page.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/opkald/a%20b")


async def log_out(session: AsyncSession) -> None:
    await session.execute(delete(Login))


async def let_only_see(session: AsyncSession) -> None:
    await session.execute(update(Person).values(role=Role.SEE))


@pytest.mark.parametrize("deed", [log_out, let_only_see])
async def test_captions_end_with_the_right_to_them(page: Client, deed: Callable[[AsyncSession], Any]) -> None:
    hear(page, STARTED, Said("c", 2.0, "Goddag"))
    async with streaming(page, "/opkald/c/lyt/live") as stream:
        assert (await stream.event(), (await stream.event())[0])[1] == "hoved"
        async with page.office.sessions.begin() as session:
            await deed(session)
        hear(page, QUESTION)
        assert (await stream.event())[0] == "slut"


async def test_who_is_let_only_see_gets_no_more_words(page: Client) -> None:
    hear(page, STARTED)
    async with streaming(page, "/live") as stream:
        await stream.event()
        async with page.office.sessions.begin() as session:
            await let_only_see(session)
        hear(page, QUESTION)
        name, html = await stream.event()
        assert (name, "mistet" in html) == ("nu", False)


async def test_without_a_database_nobody_is_shown_anything(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async with streaming(page, "/live") as stream:
        await stream.event()

        def gone() -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(page.office, "sessions", gone)
        hear(page, STARTED)
        assert (await stream.event())[0] == "slut"
