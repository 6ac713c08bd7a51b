"""Virtual time, and the line straight into an application: without a network, without a wait."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from tests.scripted_bot import application, bot, case, decides, ends, reacting
from voicebot.replay import CaseResult, Plan, load_cases, replay
from voicebot.replay.handset import calling, clock
from voicebot.replay.sockets import MEDIA_PATH, Dial, LineBroken, LineClosed, inside, over_the_web
from voicebot.replay.virtual import run_virtually

HOUR = 3600.0


def served(converse: Callable[[WebSocket], Awaitable[None]]) -> Dial:
    """A line into an application whose calls are carried by `converse`."""

    async def accepted(websocket: WebSocket) -> None:
        await websocket.accept()
        await converse(websocket)

    return inside(Starlette(routes=[WebSocketRoute(MEDIA_PATH, accepted)]))


def test_hours_of_waiting_take_no_time_and_things_come_in_their_order() -> None:
    async def waiting() -> list[tuple[float, str]]:
        told: list[tuple[float, str]] = []

        async def tell(seconds: float, what: str) -> None:
            await asyncio.sleep(seconds)
            told.append((round(clock(), 6), what))

        await asyncio.gather(tell(2 * HOUR, "late"), tell(HOUR, "soon"), tell(0, "now"))
        return told

    assert run_virtually(waiting()) == [(0, "now"), (HOUR, "soon"), (2 * HOUR, "late")]


def test_work_takes_no_time_and_a_limit_holds() -> None:
    async def working() -> float:
        before = clock()
        sum(range(100_000))
        assert clock() == before
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.Event().wait()
        return clock() - before

    assert run_virtually(working()) == pytest.approx(5)


def test_what_another_thread_brings_is_waited_for() -> None:
    async def waiting() -> str:
        return await asyncio.to_thread(lambda: "brought")

    assert run_virtually(waiting()) == "brought"


async def test_messages_go_both_ways_until_the_bot_closes() -> None:
    async def echo(websocket: WebSocket) -> None:
        await websocket.send_text(f"<{await websocket.receive_text()}>")
        await websocket.close()

    async with served(echo)() as socket:
        await socket.send("hej")
        assert [message async for message in socket.messages()] == ["<hej>"]
        with pytest.raises(LineClosed):
            await socket.send("er du der?")


async def test_a_bot_that_fails_breaks_the_line_and_no_other_call() -> None:
    async def failing(websocket: WebSocket) -> None:
        await websocket.receive_text()
        raise ValueError("a fault of the bot's")

    dial = served(failing)
    async with dial() as socket, dial() as other:
        await socket.send("hej")
        with pytest.raises(LineBroken):
            await anext(aiter(socket.messages()))
        await other.send("hej")


async def test_the_bot_hears_that_the_caller_is_gone() -> None:
    gone = asyncio.Event()

    async def listening(websocket: WebSocket) -> None:
        async for _ in websocket.iter_text():
            pass
        gone.set()

    async with served(listening)() as socket:
        await socket.send("hej")
    assert gone.is_set()


async def test_a_bot_that_holds_the_line_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.replay.sockets.CLOSE_LIMIT", 0.05)
    cancelled = asyncio.Event()

    async def stubborn(_: WebSocket) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with served(stubborn)():
        pass
    assert cancelled.is_set()


async def test_an_application_without_a_phone_is_a_broken_line() -> None:
    async def nothing(_: MutableMapping[str, Any], __: object, ___: object) -> None:
        return

    async with inside(nothing)() as socket:
        with pytest.raises(LineBroken):
            await anext(aiter(socket.messages()))


def test_a_call_sends_fifty_frames_for_every_second_of_its_clock() -> None:
    frames = 0

    async def counting(websocket: WebSocket) -> None:
        nonlocal frames
        async for text in websocket.iter_text():
            frames += json.loads(text)["event"] == "media"

    async def call() -> None:
        async with calling(served(counting)) as handset:
            await handset.until(lambda: False, 60.0)
            assert clock() - handset.began == pytest.approx(60, abs=0.05)

    run_virtually(call())
    assert 3000 <= frames <= 3002


MANY_TURNS = """\
  - {say: a.wav, text: mit pas er væk, expect: {offers: pas-mistet, asks_back: 1}}
  - {choose: pas-mistet, expect: {answer: pas-mistet, says: politiet}}
  - {say: a.wav, text: mit pas er væk, expect: {answer: pas-mistet, within: 5}}
  - {press: 0, expect: {transfer_to: asked, ends: transferred}}
"""


@pytest.mark.parametrize("right", [True, False])
async def test_a_call_is_judged_alike_over_the_web_and_inside(tmp_path: Path, right: bool) -> None:
    wrong = decides("answer", "rotter")
    conversation = reacting(
        decides("clarify", None, "sfo", "pas-mistet", reply="Pas eller SFO?"),
        decides("answer", "pas-mistet", reply="Meld det til politiet."),
        decides("answer", "pas-mistet") if right else wrong,
        ends("transferred", decides("transfer"), number="46313000", reason="asked")
        if right
        else ends("goodbye", wrong),
    )
    case(tmp_path, MANY_TURNS)
    plan = Plan(load_cases([tmp_path]))
    async with bot(conversation=conversation) as (url, _):
        [live] = await replay(plan, over_the_web(url))
    [virtual] = await asyncio.to_thread(run_virtually, replay(plan, inside(application(conversation))))
    assert live.passed == virtual.passed == right, (live.steps, virtual.steps)
    assert verdict(live) == verdict(virtual)


def verdict(result: CaseResult) -> tuple[object, ...]:
    """What a report says of a call, but for its seconds."""
    steps = [(step.title, step.heard, step.decision, step.outcome, step.misses) for step in result.steps]
    return result.outcome, result.misses, result.settled, result.wrong, steps
