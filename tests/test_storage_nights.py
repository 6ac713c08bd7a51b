"""When what was kept long enough is deleted: every night, by one process, tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from tests.kept_calls import Sessions, number, only
from voicebot.app import health as app_health
from voicebot.health import State
from voicebot.storage import Call, choices, retention
from voicebot.storage.operators import AuditEntry
from voicebot.storage.retention import Forgotten, due, forget, keep_forgetting

pytest_plugins = ["tests.databases", "tests.recording", "tests.kept_calls"]


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
