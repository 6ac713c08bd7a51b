"""What is kept long enough is deleted, and what stays."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.kept_calls import BEGAN, KEPT, WORDS, Sessions, number, only
from tests.recording import A_CALL, recording, started
from voicebot.events import CallEnded, Transcribed
from voicebot.storage import Call, CallEvent, audit, retention
from voicebot.storage.operators import Attempt, AuditEntry, Login, Person
from voicebot.storage.queries import changing
from voicebot.storage.retention import Forgotten, due_to_go, forget, last_done
from voicebot.storage.tables import Group, Tally, Turn

pytest_plugins = ["tests.databases", "tests.recording", "tests.kept_calls"]


async def test_nothing_goes_on_the_last_day(called: Sessions) -> None:
    now = BEGAN + timedelta(days=90)
    assert await forget(called, KEPT, now) == Forgotten()
    assert (await only(called, Turn)).text == WORDS


async def test_words_go_and_figures_stay(called: Sessions) -> None:
    now = BEGAN + timedelta(days=90, seconds=1)
    tallies = await number(called, Tally)
    async with called() as session:
        assert await due_to_go(session, KEPT, now) == Forgotten(words=1)
    assert await forget(called, KEPT, now) == Forgotten(words=1)
    async with called() as session:
        assert await due_to_go(session, KEPT, now) == Forgotten()
    call, turn, group = [await only(called, table) for table in (Call, Turn, Group)]
    assert (call.comment, call.mark, call.result, call.topic) == (None, "wrong", "abandoned", "pas-mistet")
    assert (call.caller_last_two, len(call.caller_hash)) == ("44", 64)
    assert (turn.text, turn.answer, turn.group_id) == (None, "pas-mistet", group.id)
    assert group.label == ""
    assert await number(called, CallEvent) == 0
    assert await number(called, Tally) == tallies > 0
    assert await forget(called, KEPT, now) == Forgotten()


async def test_calls_go_and_figures_stay(called: Sessions) -> None:
    now = BEGAN + timedelta(days=730, seconds=1)
    tallies = await number(called, Tally)
    async with called.begin() as session:
        session.add(AuditEntry(at=BEGAN, who="Mette", action="call.seen", object="CA1", details={}))
    async with called() as session:
        assert await due_to_go(session, KEPT, now) == Forgotten(calls=1, audit=1)
    assert await forget(called, KEPT, now) == Forgotten(calls=1, groups=1, audit=1)
    for table in (Call, CallEvent, Turn, Group):
        assert await number(called, table) == 0
    assert await number(called, Tally) == tallies > 0


@pytest.mark.parametrize("decided", [BEGAN + timedelta(days=10), None])
async def test_a_group_that_was_dealt_with_stays_without_its_calls_for_as_long_as_they_did(
    called: Sessions, decided: datetime | None
) -> None:
    since = decided or BEGAN + timedelta(days=10)
    async with called.begin() as session:
        await session.execute(update(Group).values(state="not_ours", decided=decided, created=since, centre=b"1234"))
    await forget(called, KEPT, since + timedelta(days=730))
    group = await only(called, Group)
    assert (group.label, group.centre) == ("", b"1234")
    later = since + timedelta(days=730, seconds=1)
    async with called() as session:
        assert (await due_to_go(session, KEPT, later)).groups == 1
    assert (await forget(called, KEPT, later)).groups == 1


async def test_what_was_made_of_deleted_words_goes_with_them(called: Sessions) -> None:
    async with called.begin() as session:
        await session.execute(update(Group).values(centre=b"1234"))
    await forget(called, KEPT, BEGAN + timedelta(days=90))
    assert (await only(called, Group)).centre == b"1234"
    await forget(called, KEPT, BEGAN + timedelta(days=91))
    assert (await only(called, Group)).centre == b""


async def test_it_says_what_it_did(called: Sessions, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "voicebot")
    async with called() as session:
        assert await last_done(session) is None
    await forget(called, KEPT, BEGAN + timedelta(days=100))
    entry = await only(called, AuditEntry)
    assert (entry.who, entry.action) == (audit.SYSTEM, "retention.done")
    assert entry.details == {"words": 1, "calls": 0, "groups": 0, "audit": 0}
    async with called() as session:
        assert await last_done(session) == entry.at
    assert "the words of 1 calls, 0 whole calls" in caplog.text
    assert "pas" not in caplog.text


async def test_many_calls_go_batch_by_batch(
    database: Sessions, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    monkeypatch.setattr(retention, "BREATH", 0.0)
    async with recording(database_url, tmp_path / "key") as record:
        for number_ in range(10):
            for event in A_CALL:
                record.record(type(event)(**(vars(event) | {"call": f"CA{number_}"})))
    assert (await forget(database, KEPT, BEGAN + timedelta(days=91))).words == 10
    assert await number(database, CallEvent) == 0
    assert (await forget(database, KEPT, BEGAN + timedelta(days=731))).calls == 10


async def test_a_call_cut_off_by_a_crash_is_counted_before_its_words_go(
    database: Sessions, database_url: str, tmp_path: Path
) -> None:
    async with recording(database_url, tmp_path / "key") as record:
        for event in A_CALL[:-1]:
            record.record(event)
    assert await number(database, Tally) == 0
    assert (await forget(database, KEPT, BEGAN + timedelta(days=91))).words == 1
    assert (await only(database, Call)).result == "failed"
    assert await number(database, Tally) > 0
    assert (await only(database, Turn)).text is None


async def test_log_ins_that_are_over_go_too(database: Sessions) -> None:
    person = {"name": "Mette", "role": "se", "active": True, "must_change": False, "created": BEGAN}
    async with database.begin() as session:
        session.add(Person(id=1, **person))
        await session.flush()
        for token, seen in ((b"old", BEGAN - timedelta(hours=3)), (b"new", BEGAN - timedelta(hours=1))):
            session.add(Login(token=token, person_id=1, csrf="", created=seen, seen=seen))
            session.add(Attempt(key=token, at=seen))
    await forget(database, KEPT, BEGAN)
    assert (await only(database, Login)).token == b"new"
    assert (await only(database, Attempt)).key == b"new"


async def test_no_trace_of_the_words_is_left_in_the_file(url: str, file: Path) -> None:
    async with recording(url) as record, changing(url) as sessions:
        record.record(started())
        record.record(Transcribed("CA1", 4.0, "min xylofon er væk", 0.7, 2.5))
        record.record(CallEnded("CA1", 12.5, "goodbye"))
        while record.waiting:
            await asyncio.sleep(0.01)
        assert b"xylofon" in everything_beside(file)
        await forget(sessions, KEPT, BEGAN + timedelta(days=91))
        assert b"ylofon" not in everything_beside(file)


def everything_beside(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.glob("voicebot.db*"))


async def test_a_damaged_event_keeps_nothing_from_being_deleted(
    database: Sessions, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with recording(database_url, tmp_path / "key") as record:
        for event in A_CALL[:-1]:
            record.record(event)
    async with database.begin() as session:
        await session.execute(update(CallEvent).where(CallEvent.type == "Decided").values(data={"hemmelig": "tekst"}))
    assert (await forget(database, KEPT, BEGAN + timedelta(days=91))).words == 1
    assert "(Decided) of a call without an end is damaged (KeyError)" in caplog.text
