"""A desk: the order in which it serves, its bound, faults, and threads that hang."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from voicebot.engines.desk import DESK_LIMIT, MOST_HUNG, Desk, Need
from voicebot.errors import VoicebotError


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk("test", 0.3)
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


async def test_what_is_final_goes_before_a_guess(desk: Desk) -> None:
    first, go = await held(desk)
    served: list[str] = []
    guess, became_final = Need(1.0, final=False), Need(3.0, final=False)
    waiting = [
        asyncio.create_task(desk.run(need, lambda name=name: served.append(name)))  # type: ignore[misc]
        for name, need in [("guess", guess), ("was a guess", became_final), ("final", Need(2.0))]
    ]
    await asyncio.sleep(0.01)
    became_final.final = True
    go.set()
    await asyncio.gather(first, *waiting)
    assert served == ["final", "was a guess", "guess"]


async def test_a_dropped_job_leaves_the_queue_at_once(desk: Desk) -> None:
    first, go = await held(desk)
    gone = asyncio.create_task(desk.run(Need(1.0), int))
    await asyncio.sleep(0.01)
    assert desk.waiting == 1
    gone.cancel()
    await asyncio.sleep(0)
    assert desk.waiting == 0
    go.set()
    await first


async def test_a_full_queue_throws_out_a_guess_before_it_refuses_a_caller(desk: Desk) -> None:
    first, go = await held(desk)
    final = [asyncio.create_task(desk.run(Need(1.0), int)) for _ in range(DESK_LIMIT - 1)]
    guess = asyncio.create_task(desk.run(Need(0.0, final=False), int))
    await asyncio.sleep(0.01)
    with pytest.raises(VoicebotError, match="Too many"):
        await desk.run(Need(0.0, final=False), int)
    last = asyncio.create_task(desk.run(Need(2.0), int))
    with pytest.raises(VoicebotError) as thrown_out:
        await guess
    assert thrown_out.value.code == "engines.busy"
    go.set()
    assert await asyncio.gather(*final, last) == [0] * DESK_LIMIT
    await first


async def test_how_long_callers_wait_is_known(desk: Desk) -> None:
    waits: list[float] = []
    desk.tell_wait = waits.append
    first, go = await held(desk)
    guess = asyncio.create_task(desk.run(Need(1.0, final=False), int))
    await asyncio.sleep(0.02)
    assert desk.longest_wait() == 0.0, "nobody waits for a guess"
    final = asyncio.create_task(desk.run(Need(1.0), int))
    await asyncio.sleep(0.02)
    assert desk.longest_wait() >= 0.01
    go.set()
    await asyncio.gather(first, guess, final)
    assert len(waits) == 3
    assert waits[2] >= 0.02


async def test_a_hanging_job_is_left_behind_and_the_desk_goes_on(desk: Desk) -> None:
    go = threading.Event()
    hangs = asyncio.create_task(desk.run(Need(0.0), lambda: go.wait(20)))
    behind = asyncio.create_task(desk.run(Need(1.0), lambda: 42))
    with pytest.raises(VoicebotError) as fault:
        await hangs
    assert fault.value.code == "engines.hung"
    assert await behind == 42
    assert desk.hung == 1
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "test"), "the process can end"
    go.set()
    while desk.hung:
        await asyncio.sleep(0.001)


async def test_a_caller_who_has_gone_does_not_hide_that_the_work_hangs(desk: Desk) -> None:
    go = threading.Event()
    gone = asyncio.create_task(desk.run(Need(0.0), lambda: go.wait(20)))
    await asyncio.sleep(0.01)
    gone.cancel()
    assert await desk.run(Need(1.0), lambda: 42) == 42
    assert desk.hung == 1
    go.set()


async def test_too_many_hanging_threads_end_in_refusal_until_one_comes_back(desk: Desk) -> None:
    go = threading.Event()
    jobs = [asyncio.create_task(desk.run(Need(float(n)), lambda: go.wait(20))) for n in range(MOST_HUNG)]
    waits = asyncio.create_task(desk.run(Need(99.0), int))
    faults = await asyncio.gather(*jobs, waits, return_exceptions=True)
    assert [fault.code for fault in faults if isinstance(fault, VoicebotError)] == ["engines.hung"] * (MOST_HUNG + 1)
    assert desk.stuck
    with pytest.raises(VoicebotError, match="restart the bot"):
        await desk.run(Need(0.0), int)
    go.set()
    while desk.hung:
        await asyncio.sleep(0.001)
    assert await desk.run(Need(0.0), lambda: 42) == 42
