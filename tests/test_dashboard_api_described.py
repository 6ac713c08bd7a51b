"""Whatever is asked of the JSON API, meant or hostile: the answer is what its description promises, never a fault."""

import asyncio
import contextlib
import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from tests.dashboard import Sessions, made_app, made_office
from tests.stored_calls import at_noon, stored
from voicebot.dashboard.api import ENDPOINTS
from voicebot.dashboard.api.endpoint import Endpoint
from voicebot.storage.logins import fingerprint
from voicebot.storage.operators import Login, Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]
TOKEN = "known-to-the-test"
LOGGED_IN = {"Host": "localhost", "Cookie": f"voicebot={TOKEN}", "X-CSRF-Token": "csrf"}
DETERMINED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
PROMISES: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


async def prepare(sessions: Sessions) -> None:
    """A call in the database, and somebody logged in."""
    now = at_noon()
    async with sessions.begin() as session:
        session.add(stored())
        person = Person(name="Karen", role=Role.EDIT, active=True, must_change=False, created=now)
        session.add(Login(token=fingerprint(TOKEN), person=person, csrf="csrf", created=now, seen=now))


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> OpenApiSchema:
    """The API as it describes itself; each request has an event loop of its own, and so has each connection."""
    file = tmp_path_factory.mktemp("api") / "voicebot.db"
    shutil.copy(migrated_file, file)
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}", poolclass=NullPool)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    asyncio.run(prepare(sessions))
    app = made_app(made_office(sessions, now=at_noon))
    return schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=LOGGED_IN)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["meant", "hostile"])
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_whatever_is_asked_the_answer_is_as_described(
    described: OpenApiSchema, endpoint: Endpoint, mode: GenerationMode
) -> None:
    operation = described[endpoint.path][endpoint.method]
    known = (
        {"path_parameters": {"call": "CA1"}} if "{call}" in endpoint.path and mode is GenerationMode.POSITIVE else {}
    )
    strategy = operation.as_strategy(generation_mode=mode, **known)

    examples = 25 if endpoint.asked or "{" in endpoint.path else 3

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=LOGGED_IN, checks=PROMISES)

    with contextlib.suppress(Unsatisfiable):  # there is nothing wrong to give where nothing is taken
        ask()
