"""The record: what is kept of a call, what is not, and what a database in trouble does to it."""

import asyncio
import contextlib
import logging
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
from voicebot.storage import call, calls, reading, recorder

pytest_plugins = ["tests.recording"]


async def test_a_call_and_its_events_come_back_in_order(url: str) -> None:
    async with recording(url) as record:
        for event in A_CALL:
            record.record(event)
    async with reading(url) as session:
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


async def test_what_was_heard_is_stored_not_what_was_sent(url: str) -> None:
    told = ("Meld det til politiet,", "og tag dit kort med.", "Er der andet?")
    async with recording(url) as record:
        record.record(started())
        record.record(Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), " ".join(told)))
        for piece in told:
            record.record(Saying("CA1", 4.0, piece))
        record.record(Said("CA1", 6.0, told[0]))
        record.record(Interrupted("CA1", 7.1, told[1], 0.9))
        record.record(CallEnded("CA1", 12.5, "caller_hung_up"))
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.type for event in found.events] == ["CallStarted", "Decided", "Said", "Interrupted", "CallEnded"]
    assert set(found.events[1].data) == {"decision", "answer", "confidence", "options"}
    assert [event.data for event in found.events[2:4]] == [{"text": told[0]}, {"text": told[1], "heard": 0.9}]


async def test_a_callers_number_is_known_again_but_not_kept(url: str, file: Path) -> None:
    async with recording(url) as record:
        record.record(started("CA1", "+4511223344"))
        record.record(started("CA2", "+4511223344"))
        record.record(started("CA3", "+4555667788"))
        record.record(started("CA4", ""))
    async with reading(url) as session:
        hashes = {one.id: one.caller_hash for one in await calls(session)}
        found = await call(session, "CA1")
    assert hashes["CA1"] == hashes["CA2"] != hashes["CA3"]
    assert hashes["CA4"] is None
    assert found
    assert found.caller_last_two == "44"
    stored = b"".join(path.read_bytes() for path in file.parent.glob("voicebot.db*"))
    assert b"11223344" not in stored
    key = file.parent / "caller.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    async with recording(url):
        pass
    assert key.read_bytes() == before


async def test_no_cpr_number_reaches_the_database(url: str, file: Path) -> None:
    async with recording(url) as record:
        record.record(started())
        record.record(Transcribed("CA1", 1.0, "mit nummer er 010190-1234", 0.9, 3.0))
        record.record(Matched("CA1", 1.0, (("nul en nul en halvfems tolv fireogtredive", 0.1),)))
        record.record(Said("CA1", 2.0, "Ring 46 31 30 00."))
        for digit in "0101901234":
            record.record(DigitPressed("CA1", 3.0, digit))
        record.record(DigitPressed("CA2", 3.0, "7"))
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    data = [event.data for event in found.events]
    assert data[1]["text"] == "mit nummer er [CPR]"
    assert data[2]["candidates"] == [["[CPR]", 0.1]]
    assert data[3]["text"] == "Ring 46 31 30 00."
    assert "".join(one["digit"] for one in data[4:]) == "0101••••••"
    assert b"1234" not in file.read_bytes()


async def test_a_call_cut_off_by_a_crash_is_closed_as_a_fault_at_the_next_start(url: str) -> None:
    async with recording(url) as record:
        for event in A_CALL[:-1]:
            record.record(event)
        record.record(started("CA2"))
    async with recording(url):
        pass
    async with reading(url) as session:
        cut, empty = await call(session, "CA1"), await call(session, "CA2")
    assert cut
    assert empty
    assert cut.outcome == empty.outcome == "fault"
    assert cut.ended
    assert (cut.ended - cut.started).total_seconds() == 4.0
    assert empty.ended == empty.started


async def test_a_locked_database_delays_writing_and_loses_nothing(
    url: str, file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("voicebot.storage.database.BUSY_SECONDS", 0.01)
    async with recording(url) as record:
        with contextlib.closing(sqlite3.connect(file)) as other:
            other.execute("BEGIN IMMEDIATE")
            for event in A_CALL:
                record.record(event)
            while not caplog.records:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            other.rollback()
    assert [line.message.split(";")[0] for line in caplog.records] == [
        "The record cannot be written (database is locked)",
        "The record is written again",
    ]
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert len(found.events) == len(A_CALL)
    assert found.outcome == "caller_hung_up"


async def test_a_full_queue_drops_the_oldest_events_but_no_start_or_end(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "QUEUE_LIMIT", 3)
    async with recording(url) as record:
        record.record(started())
        for number in range(10):
            record.record(Said("CA1", float(number), f"stykke {number}"))
        record.record(CallEnded("CA1", 11.0, "goodbye"))
        assert len([line for line in caplog.records if "queue is full" in line.message]) == 1
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert [event.data.get("text") for event in found.events] == [None, "stykke 7", "stykke 8", "stykke 9", None]
    assert found.outcome == "goodbye"


async def test_an_event_the_database_refuses_does_not_take_others_with_it(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with recording(url) as record:
        record.record(Said("unknown", 1.0, "hemmelig tekst"))
        record.record(CallStarted("CA3", 0.0, "web", "roskilde", "", "not a time"))
        for event in A_CALL:
            record.record(event)
    assert len(caplog.records) == 2
    assert all(line.levelno == logging.ERROR and "cannot be recorded" in line.message for line in caplog.records)
    assert "hemmelig" not in caplog.text
    async with reading(url) as session:
        found = await call(session, "CA1")
    assert found
    assert len(found.events) == len(A_CALL)


async def test_closing_gives_up_on_a_database_that_stays_locked(
    url: str, file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "CLOSE_SECONDS", 0.2)
    monkeypatch.setattr("voicebot.storage.database.BUSY_SECONDS", 0.01)
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file)) as other:
        async with recording(url) as record:
            other.execute("BEGIN IMMEDIATE")
            record.record(started())
    assert "are lost" in caplog.records[-1].message
    async with recording(url):
        pass
