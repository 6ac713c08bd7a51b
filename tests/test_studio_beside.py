"""Work beside calls: it gives way, ends when it is left, and is left when it hangs."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from voicebot.errors import VoicebotError
from voicebot.studio import beside as room
from voicebot.studio.beside import Beside, Pace, Stopped


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """What hanging work waits for; it is let go at the end."""
    event = threading.Event()
    yield event
    event.set()


async def test_what_is_worked_out_and_what_goes_wrong_come_back() -> None:
    beside = Beside(lambda: True)
    assert await beside.work(lambda _: threading.current_thread().daemon), "the bot ends without it"
    with pytest.raises(ZeroDivisionError):
        await beside.work(lambda _: 1 / 0)


async def test_it_rests_between_two_steps_while_somebody_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    quiet = True
    pace = Pace(lambda: quiet)
    monkeypatch.setattr(pace._left, "wait", rests.append)
    pace.breathe()
    pace.breathe(0.1, 0.2)
    quiet = False
    pace.breathe()
    pace.breathe(0.1, 0.2)
    assert rests == [0.0, 0.1, room.MOMENT, 0.2]


async def test_the_next_begins_once_what_was_left_has_ended(released: threading.Event) -> None:
    beside, told = Beside(lambda: True), []
    began = threading.Event()

    def slow(pace: Pace) -> None:
        began.set()
        released.wait()
        try:
            pace.breathe()
        except Stopped:
            told.append("left")

    left = asyncio.create_task(beside.work(slow))
    while not began.is_set():
        await asyncio.sleep(0.001)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    following = asyncio.create_task(beside.work(lambda _: told.append("next")))
    await asyncio.sleep(0.02)
    assert told == []
    released.set()
    await following
    assert told == ["left", "next"]


async def test_what_hangs_is_given_up_and_nothing_begun_beside_it(
    monkeypatch: pytest.MonkeyPatch, released: threading.Event
) -> None:
    for name in ("STANDS_STILL", "ENDS_WITHIN", "LOOK"):
        monkeypatch.setattr(room, name, 0.01)
    beside = Beside(lambda: True)
    for _ in range(2):
        with pytest.raises(VoicebotError) as refused:
            await beside.work(lambda _: released.wait())
        assert refused.value.code == "studio.hung"
    assert sum(thread.name == "trying out" and thread.is_alive() for thread in threading.enumerate()) == 1
    released.set()
    monkeypatch.setattr(room, "ENDS_WITHIN", 5.0)
    assert await beside.work(lambda _: "again") == "again"


def test_a_sign_of_life_is_every_breath() -> None:
    pace = Pace(lambda: True)
    time.sleep(0.01)
    since = pace.still
    pace.breathe()
    assert pace.still < since
    time.sleep(0.01)
    since = pace.still
    assert pace.calm()
    assert pace.still < since
