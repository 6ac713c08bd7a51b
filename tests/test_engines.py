"""The desks before the models: order, bound, faults, and giving way to calls."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from tests.made_library import LIBRARY
from tests.scripted import LoudIsSpeech, Script
from voicebot.audio import silence
from voicebot.content import Content
from voicebot.dialogue import Heard, State
from voicebot.engines import DESK_LIMIT, Desk, Engines, Need
from voicebot.errors import VoicebotError


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk("test")
    serving = asyncio.create_task(desk.serve())
    yield desk
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def held(desk: Desk) -> tuple[asyncio.Task[None], threading.Event]:
    """A desk busy with a job until the event is set."""
    begun, go = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go.wait(5)

    task = asyncio.create_task(desk.run(Need(0.0), work))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    return task, go


async def test_who_needs_it_first_is_served_first(desk: Desk) -> None:
    first, go = await held(desk)
    served: list[str] = []
    waiting = [
        asyncio.create_task(desk.run(Need(needed), lambda name=name: served.append(name)))  # type: ignore[misc]
        for name, needed in [("in advance", float("inf")), ("second", 2.0), ("longest", 1.0), ("also second", 2.0)]
    ]
    await asyncio.sleep(0.01)
    go.set()
    await asyncio.gather(first, *waiting)
    assert served == ["longest", "second", "also second", "in advance"]


async def test_a_caller_who_has_gone_costs_nothing(desk: Desk) -> None:
    first, go = await held(desk)
    served: list[str] = []
    gone = asyncio.create_task(desk.run(Need(1.0), lambda: served.append("gone")))
    stays = asyncio.create_task(desk.run(Need(2.0), lambda: served.append("stays")))
    await asyncio.sleep(0.01)
    gone.cancel()
    go.set()
    await asyncio.gather(first, stays)
    assert served == ["stays"]


async def test_the_queue_is_bounded(desk: Desk) -> None:
    first, go = await held(desk)
    waiting = [asyncio.create_task(desk.run(Need(1.0), int)) for _ in range(DESK_LIMIT)]
    await asyncio.sleep(0.01)
    with pytest.raises(VoicebotError, match="Too many"):
        await desk.run(Need(1.0), int)
    go.set()
    await asyncio.gather(first, *waiting)


async def test_a_fault_reaches_who_asked_and_the_desk_goes_on(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError):
        await desk.run(Need(0.0), lambda: 1 // 0)
    assert await desk.run(Need(0.0), lambda: 42) == 42


async def test_speech_in_advance_waits_while_a_call_goes_on() -> None:
    script = Script()
    script.unready = {"a", "b"}
    engines = Engines(LoudIsSpeech(), script, script)  # type: ignore[arg-type]
    done: list[int] = []
    async with engines.running():
        async with engines.call_under_way():
            ahead = asyncio.create_task(engines.make_ready(["a", "ready", "b"], done.append))
            await asyncio.sleep(0.02)
            assert script.made == []
            assert await engines.say("b", Need(0.0)) == b"<b>", "the caller does not wait for what is made in advance"
        await ahead
    assert script.made == ["b", "a", "b"]
    assert done == [1, 2, 3]


async def test_nothing_heard_is_not_matched() -> None:
    script = Script()
    script.hears = [""]
    script.match = lambda text: pytest.fail("matched nothing")  # type: ignore[method-assign]
    engines = Engines(LoudIsSpeech(), script, script)  # type: ignore[arg-type]
    async with engines.running():
        content = Content(LIBRARY, script)  # type: ignore[arg-type]
        understood = await engines.understand(silence(1.0), Need(0.0), content, State(topic="rotter"))
        assert understood.heard == Heard("", 0.0, ())
