"""What every response of the pages has with it: headers, cookies, and faults told of; what is sent is bounded."""

import logging
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Scope

from tests.dashboard import Sessions, dashboard, made_app, made_office
from tests.guarded_routes import TRIED, sqlite_alone, with_routes
from voicebot.dashboard.headers import HEADERS, LONGEST_BODY, TOO_LONG
from voicebot.storage.operators import Login
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]
database_url = sqlite_alone


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
