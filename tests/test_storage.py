"""The record: what is kept of a call, and what is not."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.databases import PostgreSQL
from tests.recording import A_CALL, recording, started
from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    DigitPressed,
    Interrupted,
    Matched,
    Said,
    Saying,
    Transcribed,
)
from voicebot.storage import Call, CallEvent, call, calls, reading
from voicebot.storage.tables import Tally, Turn

pytest_plugins = ["tests.databases", "tests.recording"]


async def everything(url: str) -> str:
    """All that stands in the tables of calls."""
    async with reading(url) as session:
        rows = [
            tuple(row) for table in (Call, CallEvent, Turn) for row in await session.execute(select(table.__table__))
        ]
    return repr(rows)


async def test_a_call_and_its_events_come_back_in_order(database_url: str, tmp_path: Path) -> None:
    async with recording(database_url, tmp_path) as record:
        for event in A_CALL:
            record.record(event)
    async with reading(database_url) as session:
        found = await call(session, "CA1")
        assert found
        assert (found.channel, found.municipality, found.outcome) == ("twilio", "roskilde", "caller_hung_up")
        assert found.started == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
        assert found.ended == datetime(2026, 11, 22, 10, 0, 12, 500_000, tzinfo=UTC)
        assert [event.type for event in found.events] == [type(event).__name__ for event in A_CALL]
        assert found.events[2].data == {"candidates": [["pas-mistet", 0.9], ["pas-fornyelse", 0.3]]}
        assert found.events[3].at == 4.0
        assert [one.id for one in await calls(session)] == ["CA1"]
        assert await call(session, "CA2") is None


async def test_what_was_heard_is_stored_not_what_was_sent(database_url: str, tmp_path: Path) -> None:
    told = ("Meld det til politiet,", "og tag dit kort med.", "Er der andet?")
    async with recording(database_url, tmp_path) as record:
        record.record(started())
        record.record(Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), " ".join(told)))
        for piece in told:
            record.record(Saying("CA1", 4.0, piece))
        record.record(Said("CA1", 6.0, told[0]))
        record.record(Interrupted("CA1", 7.1, told[1], 0.9))
        record.record(CallEnded("CA1", 12.5, "caller_hung_up"))
    async with reading(database_url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.type for event in found.events] == ["CallStarted", "Decided", "Said", "Interrupted", "CallEnded"]
    assert set(found.events[1].data) == {"decision", "answer", "confidence", "options"}
    assert [event.data for event in found.events[2:4]] == [{"text": told[0]}, {"text": told[1], "heard": 0.9}]


async def test_a_callers_number_is_known_again_but_not_kept(database_url: str, tmp_path: Path) -> None:
    async with recording(database_url, tmp_path) as record:
        record.record(started("CA1", "+4511223344"))
        record.record(started("CA2", "+4511223344"))
        record.record(started("CA3", "+4555667788"))
        record.record(started("CA4", ""))
    async with reading(database_url) as session:
        hashes = {one.id: one.caller_hash for one in await calls(session)}
        found = await call(session, "CA1")
    assert hashes["CA1"] == hashes["CA2"] != hashes["CA3"]
    assert hashes["CA4"] is None
    assert found
    assert found.caller_last_two == "44"
    assert found.caller_number is None
    assert "11223344" not in await everything(database_url)
    key = tmp_path / "caller.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    async with recording(database_url, tmp_path, whole_numbers=True) as record:
        record.record(started("CA5", "+45 11 22 33 44"))
        assert key.read_bytes() == before
    async with reading(database_url) as session:
        whole = await call(session, "CA5")
    assert whole
    assert (whole.caller_hash, whole.caller_number) == (hashes["CA1"], "+4511223344")


async def test_no_cpr_number_reaches_the_database(database_url: str, tmp_path: Path) -> None:
    async with recording(database_url, tmp_path) as record:
        record.record(started())
        record.record(Transcribed("CA1", 1.0, "mit nummer er 010190-1234", 0.9, 3.0))
        record.record(Matched("CA1", 1.0, (("nul en nul en halvfems tolv fireogtredive", 0.1),)))
        record.record(Said("CA1", 2.0, "Ring 46 31 30 00."))
        for digit in "0101901234":
            record.record(DigitPressed("CA1", 3.0, digit))
        record.record(DigitPressed("CA2", 3.0, "7"))
    async with reading(database_url) as session:
        found = await call(session, "CA1")
    assert found
    data = [event.data for event in found.events]
    assert data[1]["text"] == "mit nummer er [CPR]"
    assert data[2]["candidates"] == [["[CPR]", 0.1]]
    assert data[3]["text"] == "Ring 46 31 30 00."
    assert "".join(one["digit"] for one in data[4:]) == "0101••••••"
    assert "1234" not in await everything(database_url)


async def test_a_calls_end_brings_its_figures_and_its_turns(database_url: str, tmp_path: Path) -> None:
    def is_open(municipality: str, moment: datetime) -> bool:
        assert (municipality, moment) == ("roskilde", datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
        return False

    async with recording(database_url, tmp_path, open_at=is_open) as record:
        for event in A_CALL:
            record.record(event)
    assert await figures(database_url) == {
        ("calls", 11, "all"): 1,
        ("result", -1, "abandoned"): 1,
        ("seconds", -1, "abandoned"): 12,
        ("topic", -1, "pas-mistet"): 1,
        ("outside", -1, "yes"): 1,
        ("turns", -1, "answer"): 1,
        ("answers", -1, "pas-mistet"): 1,
    }
    async with reading(database_url) as session:
        turn = await session.scalar(select(Turn))
        found = await call(session, "CA1")
    assert turn
    assert (turn.call_id, turn.number, turn.text, turn.answer) == ("CA1", 1, "jeg har mistet mit pas", "pas-mistet")
    assert turn.started == datetime(2026, 11, 22, 10, 0, 4, tzinfo=UTC)
    assert found
    assert (found.result, found.topic, found.seconds, found.outside_hours) == ("abandoned", "pas-mistet", 12.5, True)


async def figures(url: str) -> dict[tuple[str, int, str], int]:
    async with reading(url) as session:
        rows = await session.execute(select(Tally.what, Tally.hour, Tally.of, Tally.n))
        return {(what, hour, of): n for what, hour, of, n in rows}


async def test_what_was_said_only_while_the_caller_waited_is_marked(database_url: str, tmp_path: Path) -> None:
    async with recording(database_url, tmp_path) as record:
        for event in A_CALL[:-1]:
            record.record(event)
        record.record(Said("CA1", 5.0, "Et øjeblik."))
        record.record(Said("CA1", 7.0, "Meld det til politiet."))
    async with reading(database_url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.data for event in found.events[-2:]] == [
        {"text": "Et øjeblik.", "filler": True},
        {"text": "Meld det til politiet."},
    ]


@pytest.mark.parametrize("what_was_left", ["its figures, as if an older version had written it", "its end"])
async def test_a_call_left_without_its_figures_gets_them_at_the_next_start(
    what_was_left: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = len(A_CALL) if "figures" in what_was_left else -1
    async with recording(url) as record:
        record._entries._calls = Forgetful()
        for event in A_CALL[:last]:
            record.record(event)
    assert await figures(url) == {}
    for _ in range(2):
        async with recording(url):
            pass
        came_to = {of: n for (what, _, of), n in (await figures(url)).items() if what == "result"}
        assert came_to == ({"abandoned": 1} if last > 0 else {"failed": 1})


class Forgetful(dict[str, Any]):
    """No call is followed."""

    def get(self, *_: object) -> None:
        return None


async def test_a_call_cut_off_by_a_crash_is_closed_as_a_fault_at_the_next_start(
    database_url: str, tmp_path: Path
) -> None:
    async with recording(database_url, tmp_path) as record:
        for event in A_CALL[:-1]:
            record.record(event)
        record.record(started("CA2"))
    async with recording(database_url, tmp_path):
        pass
    async with reading(database_url) as session:
        cut, empty = await call(session, "CA1"), await call(session, "CA2")
    assert cut
    assert empty
    assert cut.outcome == empty.outcome == "fault"
    assert cut.ended
    assert (cut.ended - cut.started).total_seconds() == 4.0
    assert empty.ended == empty.started


@pytest.mark.slow
async def test_calls_that_another_process_may_carry_are_left_alone(postgresql: PostgreSQL, tmp_path: Path) -> None:
    url = postgresql.url(postgresql.new(postgresql.migrated))
    now = datetime.now(UTC)
    async with recording(url, tmp_path) as record:
        for call_id, ago in (("CA1", 10), ("CA2", 40)):
            begun = (now - timedelta(minutes=ago)).isoformat()
            record.record(CallStarted(call_id, 0.0, "twilio", "roskilde", "", begun))
    async with recording(url, tmp_path), reading(url) as session:
        assert {one.id: one.outcome for one in await calls(session)} == {"CA1": None, "CA2": "fault"}
