"""The dashboard for programs: what each role gets as JSON, and that the description keeps what it promises."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from tests.dashboard import Client, Sessions, dashboard
from tests.stored_calls import BEGAN, at_noon, stored
from voicebot.dashboard.api import ENDPOINTS
from voicebot.events import CallStarted, Transcribed
from voicebot.storage.operators import AuditEntry, Person
from voicebot.storage.people import Role
from voicebot.storage.tables import Call, Group, Tally, Turn

pytest_plugins = ["tests.databases"]
TODAY = date(2026, 11, 22)


@pytest.fixture
async def filled(database: Sessions) -> Sessions:
    """Three calls, their figures, and a group of questions."""
    async with database.begin() as session:
        session.add_all(stored(f"CA{n}", started=BEGAN + timedelta(minutes=n), mark="wrong") for n in range(3))
        for what, hour, of, n in (
            ("calls", 11, "all", 3),
            ("result", -1, "transferred", 3),
            ("topic", -1, "pas-mistet", 3),
            ("wait", -1, "0060", 6),
        ):
            session.add(Tally(municipality="roskilde", what=what, day=TODAY, hour=hour, of=of, n=n))
        group = Group(municipality="roskilde", label="må jeg holde høns", centre=b"\0" * 16, size=1, state="open")
        group.created = BEGAN
        session.add(group)
        await session.flush()
        turn = await session.scalar(select(Turn).where(Turn.call_id == "CA0", Turn.number == 2))
        assert turn
        turn.group_id, turn.unanswered = group.id, True
    return database


@pytest.fixture
async def editor(filled: Sessions) -> AsyncIterator[Client]:
    async with dashboard(filled, now=at_noon) as client:
        yield client


@pytest.fixture
async def viewer(filled: Sessions) -> AsyncIterator[Client]:
    async with dashboard(filled, Role.SEE, now=at_noon) as client:
        yield client


async def got(client: Client, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


async def test_the_list_is_the_pages_list_with_the_same_filter_and_cursor(editor: Client) -> None:
    every = await got(editor, "/api/opkald?resultat=transferred&maerke=wrong&fra=2026-11-22")
    assert [call["id"] for call in every["calls"]] == ["CA2", "CA1", "CA0"]
    assert every["calls"][0]["words"] == "jeg har mistet mit pas"
    assert (every["count"], every["older"]) == (3, None)
    newest = f"ned.{round((BEGAN + timedelta(minutes=2)).timestamp() * 1e6)}.CA2"
    older = await got(editor, f"/api/opkald?efter={newest}")
    assert [call["id"] for call in older["calls"]] == ["CA1", "CA0"]
    assert (await got(editor, "/api/opkald?resultat=settled"))["calls"] == []


async def test_one_call_comes_with_its_conversation_and_is_noted(editor: Client) -> None:
    one = await got(editor, "/api/opkald/CA1")
    asked = one["turns"][1]
    assert (asked["by"], asked["text"], asked["number"]) == ("speech", "jeg har mistet mit pas", 1)
    assert asked["candidates"][0] == {"answer": "pas-mistet", "confidence": 0.9}
    assert [piece["cut"] for piece in asked["pieces"]] == [False, True]
    assert one["transfer"]["reason"] == "asked"
    assert one["caller"] == "44"
    async with editor.office.sessions() as session:
        assert [each.action for each in await session.scalars(select(AuditEntry))] == ["call.seen"]


async def test_a_role_that_only_sees_gets_no_words_as_json_either(viewer: Client) -> None:
    viewer.office.live.hear(CallStarted("CA9", 0.0, "twilio", "roskilde", "", at_noon().isoformat()))
    viewer.office.live.hear(Transcribed("CA9", 1.0, "min søn er syg", 0.9, 1.0))
    paths = ("/api/opkald", "/api/opkald/CA1", "/api/overblik")
    text = "".join([(await viewer.get(path)).text for path in paths])
    told = ("jeg har mistet", "Meld det", "min søn", "holde høns", '"digit":"0"', '"caller":"44"')
    assert not [word for word in told if word in text]
    assert (await viewer.get("/api/ubesvarede")).status_code == 403
    marked = await viewer.post("/api/opkald/CA1/maerke", json={"mark": None}, headers={"X-CSRF-Token": viewer.csrf})
    assert marked.status_code == 403


async def test_the_overview_has_the_figures_of_the_period(editor: Client) -> None:
    editor.office.live.hear(CallStarted("CA9", 0.0, "twilio", "roskilde", "", at_noon().isoformat()))
    found = await got(editor, "/api/overblik?fra=2026-11-22&til=2026-11-22")
    assert found["counts"]["results"]["transferred"] == 3
    assert found["topics"] == [{"answer": "pas-mistet", "calls": 3, "settled": 0}]
    assert found["busy"] == [{"weekday": 6, "hour": 11, "calls": 3}]
    assert [group["label"] for group in found["unanswered"]] == ["må jeg holde høns"]
    assert [call["id"] for call in found["now"]] == ["CA9"]
    assert (await got(editor, "/api/overblik"))["first"] == "2026-10-24"


async def test_groups_answers_and_health_are_there(editor: Client) -> None:
    groups = await got(editor, "/api/ubesvarede")
    assert [(each["label"], each["turns"]) for each in groups["groups"]] == [("må jeg holde høns", 1)]
    assert (await got(editor, "/api/ubesvarede?tilstand=not_ours"))["groups"] == []
    answers = {each["id"]: each for each in (await got(editor, "/api/svar"))["answers"]}
    assert (answers["pas-mistet"]["title"], answers["pas-mistet"]["calls"]) == ("Mistet eller stjålet pas", 3)
    assert (await got(editor, "/api/drift"))["parts"][0]["state"] == "good"


async def test_a_program_marks_and_comments_with_the_token_it_asked_for(editor: Client) -> None:
    me = await got(editor, "/api/mig")
    assert me["role"] == "rediger"
    token = {"X-CSRF-Token": me["csrf"]}
    assert (await editor.post("/api/opkald/CA1/maerke", json={"mark": "right"})).status_code == 403
    marked = await editor.post("/api/opkald/CA1/maerke", json={"mark": "right"}, headers=token)
    assert marked.json() == {"mark": "right", "comment": None}
    said = {"comment": "Nummeret var 010190-1234\x00"}
    commented = await editor.post("/api/opkald/CA1/kommentar", json=said, headers=token)
    assert commented.json() == {"mark": "right", "comment": "Nummeret var [CPR]"}
    async with editor.office.sessions() as session:
        call = await session.get(Call, "CA1")
        assert call
        assert (call.mark, call.comment) == ("right", "Nummeret var [CPR]")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/opkald?fra=i+dag", 422),
        ("/api/opkald?fra=2026-11-22&til=2026-11-01", 422),
        ("/api/opkald?resultat=", 422),
        ("/api/opkald?ord=mistet&fra=&til=", 422),
        ("/api/opkald?resultat=settled&resultat=failed", 422),
        ("/api/opkald?farve=red", 422),
        ("/api/opkald?efter=igen", 422),
        ("/api/overblik?fra=2000-01-01&til=2026-11-01", 422),
        ("/api/ubesvarede?side=0", 422),
        ("/api/opkald/CA404", 404),
        ("/api/nej", 404),
    ],
)
async def test_what_cannot_be_answered_is_told_as_json(editor: Client, path: str, status: int) -> None:
    answer = await editor.get(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}


async def test_who_is_not_logged_in_is_told_so_and_not_sent_away(filled: Sessions) -> None:
    async with dashboard(filled, None) as client:
        for endpoint in ENDPOINTS:
            answer = await client.request(endpoint.method, endpoint.path.replace("{call}", "CA1"))
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


async def test_who_has_a_password_of_others_is_told_where_to_change_it(editor: Client) -> None:
    async with editor.office.sessions.begin() as session:
        await session.execute(update(Person).values(must_change=True))
    refused = await editor.get("/api/opkald")
    assert refused.status_code == 403
    assert "/min-adgang" in refused.json()["message"]


async def test_every_endpoint_is_described_with_the_models_it_uses(editor: Client) -> None:
    described = await got(editor, "/api/openapi.json")
    assert described["openapi"] == "3.1.0"
    for endpoint in ENDPOINTS:
        operation = described["paths"][endpoint.path][endpoint.method.lower()]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert answer == endpoint.answer.__name__
        assert answer in described["components"]["schemas"]
    listed = {one["name"]: one["schema"] for one in described["paths"]["/api/opkald"]["get"]["parameters"]}
    assert listed["resultat"]["enum"] == ["settled", "transferred", "not_understood", "abandoned", "failed"]
    assert listed["fra"] == {"type": "string", "format": "date"}


@pytest.mark.parametrize("path", ["/opkald/CA0", "/api/opkald/CA0", "/ubesvarede/1"])
async def test_nobody_who_writes_waits_while_a_page_is_read(editor: Client, filled: Sessions, path: str) -> None:
    done: list[str] = []
    engine = filled.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: done.append(given[2].split()[0]))
    assert (await editor.get(path)).status_code == 200
    assert "INSERT" in done
    assert "SELECT" not in done[done.index("INSERT") :]
