"""Hard work beside citizens' calls: on a thread of its own it gives way to them, and is left behind where it hangs."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from voicebot.engines.worker import Worker
from voicebot.errors import VoicebotError

T = TypeVar("T")

MOMENT = 0.002
"""Seconds of rest between two frames of a recorded call, while a citizen's call goes on."""
LONG_BREATH = 0.05
"""Seconds between two looks whether citizens' calls are over."""
CALM = 3.0
"""Seconds to wait at most, before each utterance that is heard, for citizens' calls to be over: beside these the
recogniser hears one utterance more now and then, 0.3 s of work, and operators get their answer all day."""
STANDS_STILL = 60.0
"""Seconds without a sign of life after which work hangs; a matcher is built within 15 on two busy cores."""
ENDS_WITHIN = 20.0
"""Seconds in which work that nobody waits for any more ends, where it does not hang."""
LOOK = 0.5
"""Seconds between two looks whether work hangs."""


class Stopped(Exception):
    """Nobody waits for the work any more."""


class Pace:
    """How work goes on beside calls; asked on the thread that works. quiet: whether no call goes on."""

    def __init__(self, quiet: Callable[[], bool]) -> None:
        self._quiet, self._left, self._told = quiet, threading.Event(), time.monotonic()

    def breathe(self, alone: float = 0.0, beside: float | None = None) -> None:
        """Rest so many seconds, while no call goes on and while one does (None: a moment); Stopped."""
        self._told = time.monotonic()
        if self._left.wait(alone if self._quiet() else MOMENT if beside is None else beside):
            raise Stopped

    def calm(self) -> bool:
        """Return once no call goes on, or it has been waited for long enough; False where nobody waits any more."""
        until = time.monotonic() + CALM
        while not self._quiet() and time.monotonic() < until and not self._left.wait(LONG_BREATH):
            pass
        self._told = time.monotonic()
        return not self._left.is_set()

    def leave(self) -> None:
        """Nobody waits any more."""
        self._left.set()

    @property
    def still(self) -> float:
        """Seconds without a sign of life."""
        return time.monotonic() - self._told


class Beside:
    """Works one piece after the other, and none beside one that hangs; for one task at a time."""

    def __init__(self, quiet: Callable[[], bool]) -> None:
        self._quiet = quiet
        self._last: asyncio.Future[Any] | None = None

    async def work(self, work: Callable[[Pace], T]) -> T:
        """What comes of `work`, which ends soon after nobody waits for it; VoicebotError where it or the last hangs."""
        if self._last and not self._last.done():
            await asyncio.wait({self._last}, timeout=ENDS_WITHIN)
            if not self._last.done():
                raise _hung()
        pace, worker = Pace(self._quiet), Worker("trying out")
        self._last = done = worker.do(lambda: work(pace))
        worker.dismiss()
        done.add_done_callback(lambda ended: ended.exception())  # looked at, so that it is not reported
        try:
            while not done.done():
                await asyncio.wait({done}, timeout=LOOK)
                if not done.done() and pace.still > STANDS_STILL:
                    raise _hung()
            return done.result()
        finally:
            pace.leave()


def _hung() -> VoicebotError:
    return VoicebotError("studio.hung", "A model hangs in what is tried out beside the calls: restart the bot.")
