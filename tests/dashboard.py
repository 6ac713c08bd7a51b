"""The dashboard without a bot: its pages over a database, asked by somebody who is logged in."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from tests.shipped import shipped
from voicebot.answers import Fault, Library
from voicebot.dashboard import Office, dashboard_routes
from voicebot.dashboard.faults import fault_page
from voicebot.dashboard.headers import Safety
from voicebot.dashboard.live import Live
from voicebot.health import Part, State
from voicebot.settings import Settings
from voicebot.storage import logins
from voicebot.storage.logins import fingerprint
from voicebot.storage.operators import Login, Person
from voicebot.storage.people import Role
from voicebot.studio import Calls

Sessions = async_sessionmaker[AsyncSession]
HOST = "http://127.0.0.1"


class NoStudio:
    """A studio that finds no faults and knows nothing; tests put what they need in its place."""

    version = "4f1c"

    async def texts(self, *paths: str) -> dict[str, str | None]:
        return dict.fromkeys(paths)

    async def path_of(self, id_: str) -> str | None:
        return None

    async def faults(self, changed: Any) -> Sequence[Fault]:
        return []

    def parts(self, text: str) -> Sequence[tuple[str, str | None]]:
        return [(text, None)]

    def spoken(self, text: str) -> str:
        return text

    async def speech(self, text: str) -> bytes:
        return b"RIFF"

    async def ask(self, question: str, changed: Any) -> Any:
        raise AssertionError("nobody was to be asked")

    async def changes(self, changed: Any, progress: Any) -> Any:
        raise AssertionError("nothing was to be tried")

    async def calls(self, changed: Any, progress: Any) -> Any:
        return Calls()

    async def publish(self) -> Sequence[str]:
        return []


async def healthy() -> Sequence[Part]:
    return [Part("Database", State.GOOD, "SQLite svarer på 1 ms")]


class Client(httpx.AsyncClient):
    """A browser of somebody who is logged in."""

    csrf: str
    office: Office

    async def send_form(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form of ours."""
        return await self.post(path, data={"csrf": self.csrf, **fields})


def made_office(
    sessions: Sessions, *, library: Library | None = None, studio: Any = None, now: Callable[[], datetime] | None = None
) -> Office:
    its = Office(
        settings=Settings(),
        sessions=sessions,
        live=Live(),
        studio=studio or NoStudio(),
        library=lambda: library or shipped(),
        health=healthy,
    )
    if now:
        its.now = now
    return its


def made_app(its: Office) -> Starlette:
    app = Starlette(
        routes=dashboard_routes(), middleware=[Middleware(Safety)], exception_handlers={HTTPException: fault_page}
    )
    app.state.office = its
    return app


@asynccontextmanager
async def dashboard(sessions: Sessions, role: Role | None = Role.EDIT, **made: Any) -> AsyncIterator[Client]:
    """A client of the pages, logged in with `role` (None: not at all); `made`: see `made_office`."""
    its = made_office(sessions, **made)
    transport = httpx.ASGITransport(made_app(its))
    async with Client(transport=transport, base_url=HOST, headers={"Accept": "text/html"}) as client:
        client.office, client.csrf = its, ""
        if role:
            await log_in(client, role)
        yield client


async def log_in(client: Client, role: Role, name: str = "Karen") -> None:
    """Have a person with `role` who is logged in, whatever their password."""
    async with client.office.sessions.begin() as session:
        person = Person(name=f"{name} {role}", role=role, active=True, must_change=False, created=datetime.now(UTC))
        session.add(person)
        await session.flush()
        token = await logins.begin(session, person, client.office.now())
    client.cookies.set("voicebot", token)
    async with client.office.sessions() as session:
        login = await session.get(Login, fingerprint(token))
        assert login
        client.csrf = login.csrf
