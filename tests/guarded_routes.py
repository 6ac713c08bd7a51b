"""Routes to try the door of the pages with, over SQLite."""

import shutil
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voicebot.dashboard.guard import guarded
from voicebot.storage.people import Role


@pytest.fixture
def sqlite_alone(migrated_file: Path, tmp_path: Path) -> str:
    """A `database_url` of SQLite alone: what is asked of the tables is tried in both kinds of database elsewhere."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'voicebot.db')}"


async def who(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} {request.state.login.person.name}")


async def faulty(_: Request) -> Response:
    raise ValueError("jeg har mistet mit pas")


def with_routes(client: httpx.AsyncClient, *routes: BaseRoute) -> None:
    client._transport.app.router.routes[:0] = routes  # type: ignore[attr-defined]


TRIED = [
    guarded("/se", who),
    guarded("/rediger", who, Role.EDIT),
    guarded("/administrer", who, Role.ADMINISTER),
    guarded("/aendr", who, methods=["POST"]),
    guarded("/api/tal", who),
    Route("/fejl", faulty),
]
