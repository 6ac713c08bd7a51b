"""Who comes in where: every route with every role, sessions, foreign websites."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import update
from starlette.routing import Mount, Route

from tests.dashboard import HOST, Sessions, dashboard, log_in
from tests.guarded_routes import TRIED, sqlite_alone, with_routes
from voicebot.dashboard import dashboard_routes
from voicebot.dashboard.guard import FOREIGN, GuardedRoute, own_path
from voicebot.settings import Settings
from voicebot.storage import logins
from voicebot.storage.operators import Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]
database_url = sqlite_alone

OPEN = {"/log-ind", "/log-ind/kommune", "/log-ind/kommune/svar"}
"""What those see who are not logged in."""
ROUTES = dashboard_routes()
GUARDED = [route for route in ROUTES if isinstance(route, GuardedRoute)]


def name_of(route: Any) -> str:
    return f"{'+'.join(sorted(route.methods - {'HEAD'}))} {route.path}"


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
