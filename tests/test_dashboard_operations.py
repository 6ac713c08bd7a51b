"""Drift: what the page says of the machine, of faults and of how long things are kept; and who may change that."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, text

from tests.dashboard import Sessions, dashboard
from voicebot.dashboard import operations_page
from voicebot.health import Part, State
from voicebot.storage import audit, choices, faults
from voicebot.storage.faults import recent_faults
from voicebot.storage.measure import explained
from voicebot.storage.operators import AuditEntry
from voicebot.storage.people import Role
from voicebot.storage.tables import Call, CallEvent

pytest_plugins = ["tests.databases"]

NOW = datetime.now(UTC)


async def failed(database: Sessions, *calls: tuple[str, timedelta, str]) -> None:
    """Calls that failed: id, how long ago, code."""
    async with database.begin() as session:
        for id_, ago, code in calls:
            session.add(Call(id=id_, channel="web", municipality="roskilde", started=NOW - ago))
            data = {"stage": code.partition(".")[0], "code": code}
            session.add(CallEvent(call_id=id_, seq=1, at=2.0, type="Failed", data=data))


async def test_faults_are_counted_by_kind_with_the_call_they_were_seen_in_last(database: Sessions) -> None:
    hour, month = timedelta(hours=1), timedelta(days=30)
    await failed(
        database,
        ("CA1", 3 * hour, "call.timeout"),
        ("CA2", hour, "call.timeout"),
        ("CA3", hour, "speech.broken"),
        ("CA4", month, "call.timeout"),
    )
    async with database() as session:
        found = await recent_faults(session, NOW - timedelta(days=7))
    assert [(fault.code, fault.times, fault.call) for fault in found] == [
        ("call.timeout", 2, "CA2"),
        ("speech.broken", 1, "CA3"),
    ]
    async with dashboard(database, Role.SEE) as client:
        page = (await client.get("/drift")).text
    assert 'href="/opkald/CA2"' in page
    assert "CA1" not in page


async def test_faults_are_read_without_the_other_events(database: Sessions) -> None:
    asked: list[str] = []
    event.listen(database.kw["bind"].sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    async with database() as session:
        await recent_faults(session, NOW)
        assert "events.type = 'Failed'" in asked[-1], "SQLite does not see through a parameter"
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(await explained(session, faults._newest(NOW)))
    assert "ix_events_failed" in plan


async def test_the_worst_part_sets_the_tone(database: Sessions) -> None:
    async def ill() -> Sequence[Part]:
        return [Part("Disk", State.BAD, "0,1 GB fri", "Ryd op nu."), Part("Stemme", State.GOOD, "Talesyntese")]

    async with dashboard(database, Role.SEE) as client:
        assert "Alt kører, som det skal" in (await client.get("/drift")).text
        client.office.health = ill
        page = (await client.get("/drift")).text
        assert "Der er noget galt" in page
        assert "Ryd op nu." in (await client.get("/drift/nu")).text


async def test_an_administrator_chooses_how_long_things_are_kept(database: Sessions) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        answer = await client.send_form("/drift/opbevaring", keep_words_days="30", keep_calls_days="400")
        assert answer.headers["location"] == "/drift?gemt=ja#opbevaring"
        page = (await client.get("/drift?gemt=ja")).text
    assert "slettes efter 30 dage" in page
    assert "slettes efter 400 dage" in page
    async with database() as session:
        assert await choices.chosen(session) == choices.Choices(30, 400)
        noted = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.chosen"))).all()
    assert [entry.details for entry in noted] == [{"words_days": 30, "calls_days": 400}]


async def test_both_can_be_made_longer_at_once(database: Sessions) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        answer = await client.send_form("/drift/opbevaring", keep_words_days="800", keep_calls_days="900")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("words", "calls"),
    [("0", "400"), ("-5", "400"), ("mange", "400"), ("30", ""), ("99999999999", "9"), ("500", "400")],
)
async def test_days_that_make_no_sense_change_nothing(database: Sessions, words: str, calls: str) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        answer = await client.send_form("/drift/opbevaring", keep_words_days=words, keep_calls_days=calls)
    assert answer.status_code == 422
    assert 'class="notice bad"' in answer.text
    async with database() as session:
        assert await choices.chosen(session) == choices.DEFAULTS


async def test_others_see_the_rules_but_do_not_change_them(database: Sessions) -> None:
    async with dashboard(database, Role.EDIT) as client:
        assert "keep_words_days" not in (await client.get("/drift")).text
        refused = await client.send_form("/drift/opbevaring", keep_words_days="30", keep_calls_days="400")
    assert refused.status_code == 403


async def test_the_page_says_what_the_last_clearing_did(database: Sessions) -> None:
    async with dashboard(database, Role.SEE) as client:
        assert "Der er ikke ryddet op endnu" in (await client.get("/drift")).text
        async with database.begin() as session:
            await audit.note(session, audit.SYSTEM, "retention.done", "", words=12, calls=3)
        page = (await client.get("/drift")).text
    assert "Ord fra 12 opkald og 3 hele opkald blev slettet" in page


def test_every_code_has_a_stage_that_operators_know() -> None:
    assert {code.partition(".")[0] for code in operations_page.CODES} <= operations_page.STAGES.keys()
