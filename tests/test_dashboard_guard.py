"""Who comes in where: every route with every role, sessions, foreign websites, headers, faults."""

import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from sqlalchemy import select, update
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Message, Scope

from tests.dashboard import HOST, Sessions, dashboard, log_in, made_app, made_office
from voicebot.dashboard import dashboard_routes
from voicebot.dashboard.guard import FOREIGN, GuardedRoute, guarded, own_path
from voicebot.dashboard.headers import HEADERS, LONGEST_BODY, TOO_LONG
from voicebot.settings import Settings
from voicebot.storage import logins
from voicebot.storage.operators import Login, Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    """SQLite alone: what is asked of the tables is tried in both kinds of database elsewhere."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'voicebot.db')}"


OPEN = {"/log-ind", "/log-ind/kommune", "/log-ind/kommune/svar"}
"""What those see who are not logged in."""
ROUTES = dashboard_routes()
GUARDED = [route for route in ROUTES if isinstance(route, GuardedRoute)]


def name_of(route: Any) -> str:
    return f"{'+'.join(sorted(route.methods - {'HEAD'}))} {route.path}"


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


def test_only_log_in_and_the_files_of_pages_are_open_to_everybody() -> None:
    others = [route for route in ROUTES if not isinstance(route, GuardedRoute)]
    assert {route.path for route in others if isinstance(route, Route)} <= OPEN
    assert [route.path for route in others if not isinstance(route, Route)] == ["/statisk"]
    assert all(isinstance(route, Route | Mount) for route in others)


@pytest.mark.slow
def test_of_the_bots_own_routes_only_these_need_no_log_in() -> None:
    from voicebot.app.serving import bot_routes  # noqa: PLC0415 - takes seconds to import

    bot = mock.Mock(settings=Settings())
    assert {route.path.rstrip("/") for route in bot_routes(bot)} == {
        *("/healthz", "/readyz", "/metrics", "/phone", "/phone/info", "/phone/media", "/phone/static"),
        *("/twilio/voice", "/twilio/status", "/twilio/media"),
    }


def test_what_changes_something_is_never_got() -> None:
    assert all(route.methods and not ({"GET", "POST"} <= route.methods) for route in GUARDED)


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
async def test_each_route_is_closed_to_who_may_less(database: Sessions, route: GuardedRoute) -> None:
    path = re.sub(r"{\w+(:\w+)?}", "1", route.path)
    (method,) = (route.methods or set()) - {"HEAD"}
    async with dashboard(database, None) as client:
        nobody = await client.request(method, path)
        assert nobody.status_code in {303, 401}
        assert nobody.headers.get("location", "/log-ind").startswith("/log-ind")
        for role in Role:
            if role.may(route.role):
                break
            await log_in(client, role)
            refused = await client.request(method, path, headers={"X-CSRF-Token": client.csrf})
            assert refused.status_code == 403, role


@pytest.mark.parametrize("route", [each for each in GUARDED if "POST" in each.methods], ids=name_of)
async def test_no_form_is_taken_without_its_token(database: Sessions, route: GuardedRoute) -> None:
    path = re.sub(r"{\w+(:\w+)?}", "1", route.path)
    async with dashboard(database, Role.ADMINISTER) as client:
        for data in ({}, {"csrf": ""}, {"csrf": client.csrf[:-1]}, {"csrf": "æ"}):
            assert (await client.post(path, data=data)).status_code == 403
        foreign = await client.post(path, data={"csrf": client.csrf}, headers={"Origin": "https://ondt.example"})
        assert foreign.status_code == 403


async def test_a_form_with_its_token_is_taken(database: Sessions) -> None:
    async with dashboard(database) as client:
        with_routes(client, *TRIED)
        assert (await client.send_form("/aendr")).status_code == 200
        assert (await client.post("/aendr", headers={"X-CSRF-Token": client.csrf})).status_code == 200
        own = {"X-CSRF-Token": client.csrf, "Origin": HOST, "Sec-Fetch-Site": "same-origin"}
        assert (await client.post("/aendr", headers=own)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_website_cannot_log_somebody_in(database: Sessions, site: str) -> None:
    async with dashboard(database, None) as client:
        answer = await client.post("/log-ind", data={"navn": "x"}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert FOREIGN in answer.text


async def test_who_is_not_logged_in_comes_back_to_where_they_were_going(database: Sessions) -> None:
    async with dashboard(database, None) as client:
        with_routes(client, *TRIED)
        assert (await client.get("/se?fra=2026-11-01&ord=æ b")).headers["location"] == (
            "/log-ind?naeste=/se%3Ffra%3D2026-11-01%26ord%3D%25C3%25A6%2520b"
        )
        fragment = await client.get("/se", headers={"HX-Request": "true", "HX-Current-URL": f"{HOST}/rediger?a=1"})
        assert (fragment.status_code, fragment.headers["hx-redirect"]) == (401, "/log-ind?naeste=/rediger%3Fa%3D1")
        assert (await client.get("/api/tal")).json() == {
            "code": "unauthorized",
            "message": "Du er ikke logget ind.",
        }
        assert (await client.get("/se", headers={"Accept": "text/event-stream"})).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//ondt.example",
        "https://ondt.example",
        "/\\ondt.example",
        "/\t/ondt.example",
        "ondt",
        "javascript:alert(1)",
    ],
)
def test_log_in_leads_to_no_other_website(path: str) -> None:
    assert own_path(path) == "/"
    assert own_path("/opkald?fra=1#tur-2") == "/opkald?fra=1#tur-2"


async def test_a_session_that_is_over_or_ended_elsewhere_lets_nobody_in(database: Sessions) -> None:
    now = datetime.now(UTC)
    async with dashboard(database, now=lambda: now) as client:
        with_routes(client, *TRIED)
        assert (await client.get("/se")).status_code == 200
        now += logins.IDLE + timedelta(seconds=1)
        assert (await client.get("/se")).status_code == 303
        await log_in(client, Role.EDIT, "Bo")
        assert (await client.get("/se")).status_code == 200
        async with database.begin() as session:
            await session.execute(update(Person).values(active=False))
        assert (await client.get("/se")).status_code == 303


async def test_a_role_that_was_taken_away_is_gone_at_once(database: Sessions) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        with_routes(client, *TRIED)
        assert (await client.get("/administrer")).status_code == 200
        async with database.begin() as session:
            await session.execute(update(Person).values(role=Role.SEE))
        refused = await client.get("/administrer")
        assert refused.status_code == 403
        assert "rolle" in refused.text


async def test_who_has_anothers_password_must_choose_their_own_first(database: Sessions) -> None:
    async with dashboard(database) as client:
        with_routes(client, *TRIED)
        async with database.begin() as session:
            await session.execute(update(Person).values(must_change=True))
        assert (await client.get("/se")).headers["location"] == "/min-adgang"
        assert (await client.get("/api/tal")).status_code == 403
        assert (await client.get("/min-adgang")).status_code == 200
        assert (await client.send_form("/log-ud")).status_code == 303


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("http://127.0.0.1:8000", 200),
        ("http://localhost", 200),
        ("http://[::1]:8000", 200),
        ("https://bot.example", 200),
        ("http://bot.example", 403),
        ("http://10.0.0.7:8000", 403),
        ("http://127.0.0.1.ondt.example", 403),
    ],
)
async def test_a_password_is_only_asked_for_where_nobody_listens(database: Sessions, address: str, status: int) -> None:
    transport = httpx.ASGITransport(made_app(made_office(database)))
    async with httpx.AsyncClient(transport=transport, base_url=address, headers={"Accept": "text/html"}) as client:
        page = await client.get("/log-ind")
        assert page.status_code == status
        assert ("https://" in page.text) == (status == 403)
        assert ("strict-transport-security" in page.headers) == address.startswith("https")


async def test_over_https_the_cookie_belongs_to_this_host_alone(database: Sessions) -> None:
    async with dashboard(database) as client:
        client.base_url = "https://bot.example"
        with_routes(client, *TRIED)
        token = client.cookies.pop("voicebot")
        client.cookies.set("__Host-voicebot", token)
        assert (await client.get("/se")).status_code == 200
        left = (await client.send_form("/log-ud")).headers["set-cookie"]
        assert left.startswith('__Host-voicebot=""; ')
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(left.split("; "))


@pytest.mark.parametrize("path", ["/se", "/log-ind", "/nej", "/fejl", "/statisk/base.css", "/statisk/nej", "/api/nej"])
async def test_every_response_has_the_headers_that_keep_it_safe(database: Sessions, path: str) -> None:
    async with dashboard(database) as client:
        with_routes(client, *TRIED)
        answer = await client.get(path)
    assert HEADERS.items() <= {name.title(): value for name, value in answer.headers.items()}.items()
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith("/statisk/") else "no-store")
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_fault_inside_tells_nothing_of_it(database: Sessions, caplog: pytest.LogCaptureFixture) -> None:
    async with dashboard(database) as client:
        with_routes(client, *TRIED)
        with caplog.at_level(logging.INFO):
            page = await client.get("/fejl")
    assert page.status_code == 500
    assert "Noget gik galt" in page.text
    assert "mistet" not in page.text + caplog.text
    assert re.search(r"A page failed: ValueError in \S+, line \d+", caplog.text)


async def test_who_hangs_up_while_sending_is_no_fault(database: Sessions, caplog: pytest.LogCaptureFixture) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        raise AssertionError("nobody is there to send to")

    headers = [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")]
    asked: Scope = {"type": "http", "method": "POST", "path": "/log-ind", "query_string": b"", "headers": headers}
    await made_app(made_office(database))(asked | {"scheme": "http", "client": None}, gone, send)
    assert caplog.text == ""


async def test_a_database_that_is_away_is_told_of_as_such(database: Sessions) -> None:
    async with dashboard(database) as client:
        client.office.sessions = lambda: (_ for _ in ()).throw(ConnectionRefusedError)  # type: ignore[assignment]
        page = await client.get("/opkald/1")
    assert page.status_code == 503
    assert "Databasen svarer ikke" in page.text


async def test_faults_are_told_to_each_in_their_own_way(database: Sessions) -> None:
    async def carrier(_: Request) -> Response:
        raise HTTPException(403, "The signature does not fit.")

    async with dashboard(database, None) as client:
        with_routes(client, Route("/twilio/voice", carrier, methods=["POST"]))
        assert "Siden findes ikke" in (await client.get("/nej")).text
        assert (await client.get("/api/nej")).json() == {
            "code": "not_found",
            "message": "Adressen er forkert, eller det, den viste, er slettet.",
        }
        refused = await client.post("/twilio/voice", headers={"Accept": "*/*"})
        assert (refused.status_code, refused.text) == (403, "The signature does not fit.")
        wrong = await client.get("/log-ud")
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


async def test_what_is_sent_is_bounded(database: Sessions) -> None:
    async def parts() -> Any:
        for _ in range(9):
            yield b"navn=" + b"x" * (LONGEST_BODY // 8)

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with dashboard(database, None) as client:
        announced = await client.post("/log-ind", content=b"x" * (LONGEST_BODY + 1), headers=form)
        unannounced = await client.post("/log-ind", content=parts(), headers=form)
    for answer in (announced, unannounced):
        assert answer.status_code == 413
        assert TOO_LONG in answer.text


@pytest.mark.parametrize("path", ["/se?x=%00", "/brugere/99999999999", "/revision?om=a%00b"])
async def test_what_no_table_can_hold_is_no_fault_of_ours(database: Sessions, path: str) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        with_routes(client, *TRIED)
        assert (await client.get(path)).status_code in {400, 404}
        assert (await client.send_form("/aendr", text="a\0b")).status_code == 400
        async with database() as session:
            assert (await session.scalars(select(Login))).one()
