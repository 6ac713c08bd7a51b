"""Who watches sees every call that goes on, soon and never in its way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.dashboard import live
from voicebot.dashboard.live import CALLS_KEPT, LINES_KEPT, SILENT, WATCHED, Live, LiveCall
from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    DigitPressed,
    Event,
    Interrupted,
    Said,
    Saying,
    StateChanged,
    Transcribed,
    Transferred,
)
from voicebot.storage.notices import EVENT, Notices
from voicebot.storage.notices import told as told_in

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def started(call: str, at: float = 0.0) -> CallStarted:
    return CallStarted(call, at, "web", "by", "+4512345678", NOON.isoformat())


def told(clock: Clock, *events: Event) -> Live:
    watched = Live(clock)
    for event in events:
        watched.hear(event)
    return watched


def only(watched: Live) -> LiveCall:
    [call] = watched.calls()
    return call


def test_a_call_is_there_from_its_start_to_its_end(clock: Clock) -> None:
    watched = told(clock, started("a"), StateChanged("a", 0.1, "speaking"))
    assert (only(watched).municipality, only(watched).state, only(watched).began) == ("by", "speaking", NOON)
    call = only(watched)
    watched.hear(CallEnded("a", 9.0, "goodbye"))
    assert watched.calls() == []
    assert watched.call("a") is None
    assert call.over


def test_captions_in_the_order_they_came(clock: Clock) -> None:
    watched = told(
        clock,
        started("a"),
        Said("a", 2.0, "Goddag"),
        Transcribed("a", 5.0, "jeg har mistet mit pas", 0.8, 2.0),
        Decided("a", 5.1, "answer", "pas", 0.9, (), "…"),
        Saying("a", 5.2, "Ring"),
        Interrupted("a", 6.0, "Ring til", 0.5),
        Transcribed("a", 8.0, "", 0.0, 2.0),
        Decided("a", 8.1, "clarify", None, 0.4, ("pas", "skat"), "…"),
        DigitPressed("a", 9.0, "0"),
        Transferred("a", 9.1, "+4511111111", "asked"),
    )
    call = only(watched)
    assert [(line.number, line.kind, line.text) for line in call.lines] == [
        (0, "bot", "Goddag"),
        (1, "caller", "jeg har mistet mit pas"),
        (2, "decided", "answer"),
        (3, "cut", "Ring til"),
        (4, "decided", "clarify"),
        (5, "digit", "0"),
        (6, "transferred", "asked"),
    ]
    assert (call.topic, call.words) == ("pas", "jeg har mistet mit pas")


def test_the_callers_number_is_not_kept(clock: Clock) -> None:
    assert "12345678" not in repr(only(told(clock, started("a"))))


def test_a_call_known_from_its_middle_began_when_it_began(clock: Clock) -> None:
    assert only(told(clock, Said("a", 30.0, "Goddag"))).began == NOON - timedelta(seconds=30)


def test_the_end_of_an_unknown_call_starts_none(clock: Clock) -> None:
    assert told(clock, CallEnded("a", 9.0, "goodbye")).calls() == []


def test_a_call_whose_process_died_disappears(clock: Clock) -> None:
    watched = told(clock, started("a"))
    clock.now += SILENT / 2
    watched.hear(started("b", 0.0))
    clock.now += SILENT / 2
    assert [call.id for call in watched.calls()] == ["b"]
    assert watched.call("a") is None


def test_memory_is_bounded(clock: Clock) -> None:
    watched = told(clock, *(Said("long", n, "ord") for n in range(LINES_KEPT + 50)))
    assert len(only(watched).lines) == LINES_KEPT
    assert only(watched).lines[-1].number == LINES_KEPT + 49
    for n in range(CALLS_KEPT + 10):
        clock.now += timedelta(milliseconds=1)
        watched.hear(started(str(n)))
    assert len(watched.calls()) == CALLS_KEPT
    assert watched.call(str(CALLS_KEPT + 9))
    assert watched.call("long") is None


def test_events_of_other_processes_come_as_notices(clock: Clock) -> None:
    notices, watched = Notices("sqlite+aiosqlite://"), Live(clock)
    notices.listen(EVENT, watched.hear_notice)
    for event in (started("a"), Decided("a", 1.0, "clarify", None, 0.4, ("pas", "skat"), "…")):
        assert isinstance(event, WATCHED)
        notices.tell(EVENT, told_in(event))
    assert only(watched).lines[0].text == "clarify"
    assert "12345678" not in repr(only(watched))
    for nothing in ("", "[]", "{", '["Unheard", {}]', '["Event", {"call": 1}]'):
        watched.hear_notice(nothing)
    assert only(watched).id == "a"


async def test_who_watches_looks_at_once_and_when_there_is_news(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(live, "PAUSE", 0.0)
    watched = Live(clock)
    with watched.watching("Karen") as looks:
        await anext(looks)
        following = asyncio.ensure_future(anext(looks))
        await asyncio.sleep(0.01)
        assert not following.done()
        watched.hear(started("a"))
        await following
        watched.hear(CallEnded("a", 1.0, "goodbye"))  # news that comes while one looks
        await anext(looks)
        await _close(looks)
    watched.hear(started("b"))


async def test_who_watches_looks_without_news_as_well(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(live, "PAUSE", 0.0)
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.001)
    with Live(clock).watching("Karen") as looks:
        await anext(looks)
        await anext(looks)
        await _close(looks)


async def test_much_news_is_one_look(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    pauses = []
    monkeypatch.setattr(live.asyncio, "sleep", lambda seconds: _noted(pauses, seconds))
    watched = told(clock, started("a"))
    with watched.watching("Karen") as looks:
        await anext(looks)
        for n in range(1000):
            watched.hear(Said("a", n, "ord"))
        await anext(looks)
        assert pauses == [live.PAUSE]
        await _close(looks)


async def test_who_watches_too_often_ends_the_oldest(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(live, "PAUSE", 0.0)
    watched = Live(clock)
    with ExitStack() as stack:
        others = stack.enter_context(watched.watching("Bo"))
        mine = [stack.enter_context(watched.watching("Karen")) for _ in range(live.WATCHERS_EACH + 1)]
        watched.hear(started("a"))
        for looks in (others, *mine[1:]):
            await anext(looks)
        assert [look async for look in mine[0]] == []
        monkeypatch.setattr(live, "WATCHERS", live.WATCHERS_EACH + 1)
        waiting = asyncio.ensure_future(anext(others, "ended"))
        await asyncio.sleep(0)
        stack.enter_context(watched.watching("Ida"))
        assert await waiting == "ended"
        for looks in mine[1:]:
            await _close(looks)


async def _noted(pauses: list[float], seconds: float) -> None:
    pauses.append(seconds)


async def _close(looks: AsyncIterator[None]) -> None:
    await looks.aclose()  # type: ignore[attr-defined]
