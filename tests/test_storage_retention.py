"""What is kept long enough is deleted, and what stays."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.recording import A_CALL, recording, started
from voicebot.app import health as app_health
from voicebot.events import CallEnded, Transcribed
from voicebot.health import State
from voicebot.storage import Call, CallEvent, audit, choices, retention
from voicebot.storage.choices import Choices
from voicebot.storage.operators import Attempt, AuditEntry, Login, Person
from voicebot.storage.queries import changing
from voicebot.storage.retention import Forgotten, due, due_to_go, forget, keep_forgetting, last_done
from voicebot.storage.tables import Group, Tally, Turn

pytest_plugins = ["tests.databases", "tests.recording"]

Sessions = async_sessionmaker[AsyncSession]
BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEPT = Choices(keep_words_days=90, keep_calls_days=730)
WORDS = "jeg har mistet mit pas"


@pytest.fixture
async def called(database: Sessions, database_url: str, tmp_path: Path) -> Sessions:
    """A call that an operator has commented on and whose turn is in a group."""
    async with recording(database_url, tmp_path / "key") as record:
        for event in A_CALL:
            record.record(event)
    async with database.begin() as session:
        await put_in_a_group(session, WORDS)
        await session.execute(update(Call).values(comment="Hun mente kørekort", mark="wrong"))
    return database


async def put_in_a_group(session: AsyncSession, label: str, **values: Any) -> None:
    group = Group(municipality="roskilde", label=label, centre=b"", size=1, state="open", created=BEGAN)
    session.add(group)
    await session.flush()
    await session.execute(update(Turn).values(group_id=group.id, **values))


async def number(sessions: Sessions, table: type) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def only(sessions: Sessions, table: type[Any]) -> Any:
    async with sessions() as session:
        return (await session.scalars(select(table))).one()


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


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, "2026-11-22T12:00+01:00", True),
        ("2026-11-22T03:00+01:00", "2026-11-23T02:59+01:00", False),
        ("2026-11-22T03:00+01:00", "2026-11-23T03:00+01:00", True),
        ("2026-11-22T01:00+01:00", "2026-11-22T02:59+01:00", False),
        ("2026-11-22T01:00+01:00", "2026-11-22T03:00+01:00", True),
        ("2026-11-22T14:00+01:00", "2026-11-25T12:00+01:00", True),
        ("2026-03-28T03:05+01:00", "2026-03-29T02:59+02:00", False),
        ("2026-03-28T03:05+01:00", "2026-03-29T03:00+02:00", True),
    ],
)
def test_it_is_due_every_night_at_three(last: str | None, now: str, is_due: bool) -> None:
    assert due(last and datetime.fromisoformat(last), datetime.fromisoformat(now)) is is_due


async def nights(
    monkeypatch: pytest.MonkeyPatch, sessions: Sessions, look: Callable[[], Awaitable[bool]], *, numbers: bool = False
) -> None:
    """Keep forgetting, without a pause between two looks, until `look` holds."""
    monkeypatch.setattr(retention, "LOOK_SECONDS", 0.01)
    task = asyncio.create_task(keep_forgetting(sessions, lambda: datetime.now(UTC), numbers=numbers))
    while not await look():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_it_is_done_once_a_night_by_what_was_chosen(called: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    async with called.begin() as session:
        await choices.choose(session, choices.Choices(keep_words_days=1))
        await session.execute(update(Call).values(started=datetime.now(UTC) - timedelta(days=2)))

    async def done() -> bool:
        return await number(called, AuditEntry) > 0

    await nights(monkeypatch, called, done)
    assert (await only(called, AuditEntry)).details["words"] == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (OperationalError("", None, Exception("database or disk is full")), "(database or disk is full)"),
        (KeyError("mit pas"), "(KeyError)"),
    ],
)
async def test_a_night_that_fails_is_tried_again(
    database: Sessions,
    fault: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> Forgotten:
        monkeypatch.setattr(retention, "forget", forget)
        raise fault

    async def done() -> bool:
        return await number(database, AuditEntry) > 0

    monkeypatch.setattr(retention, "forget", fail)
    await nights(monkeypatch, database, done)
    assert f"could not be deleted {said}" in caplog.text
    assert "mit pas" not in caplog.text


async def test_whole_numbers_go_however_the_first_try_ends(
    called: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    forget_numbers = retention.forget_numbers

    async def fail(_: object) -> None:
        monkeypatch.setattr(retention, "forget_numbers", forget_numbers)
        raise ValueError("a number")

    async def done() -> bool:
        return (await only(called, Call)).caller_number is None

    async with called.begin() as session:
        await session.execute(update(Call).values(caller_number="+4511223344"))
    monkeypatch.setattr(retention, "forget_numbers", fail)
    await nights(monkeypatch, called, done, numbers=True)
    assert "could not be deleted (ValueError)" in caplog.text


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


async def test_operators_see_when_it_was_done_last(database: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    bot: Any = SimpleNamespace(recorder=SimpleNamespace(sessions=database))
    assert [part.what for part in await app_health._deleting(bot)] == ["Bliver gjort i nat"]
    async with database.begin() as session:
        at = datetime.now(UTC) - timedelta(days=3)
        session.add(AuditEntry(at=at, who="", action=retention.DONE, object="", details={}))
    assert [part.state for part in await app_health._deleting(bot)] == [State.BAD]
    monkeypatch.setattr(app_health, "last_done", failing)
    assert await app_health._deleting(bot) == []


async def failing(_: object) -> None:
    raise TimeoutError


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_several_processes_one_does_it(database: Sessions) -> None:
    async with database() as mine, database() as other:
        assert await retention._alone(mine)
        assert not await retention._alone(other)
        await mine.rollback()
        assert await retention._alone(other)
