"""The bounded queue before a model: who waits for a final result goes first, then who has waited longest."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from voicebot.engines.worker import Worker
from voicebot.errors import VoicebotError

T = TypeVar("T")

DESK_LIMIT = 64
"""Jobs that may wait at one desk; more callers than two cores could serve within any patience."""
MOST_HUNG = 3
"""Threads left behind, hanging, at which a desk takes no more jobs: each may hold a core and its memory for good."""
LAST_JOB = 2.0
"""Seconds that the end of a desk waits for the job under way."""

_log = logging.getLogger(__name__)


@dataclass
class Need:
    """Since when a caller waits for a result: event-loop time in seconds; final: False while it is only a guess.

    Who holds it may change it as long as the job waits: what counts is its value at the moment of serving.
    """

    at: float
    final: bool = True


@dataclass(eq=False)
class _Job:
    need: Need
    ticket: int
    work: Callable[[], Any]
    result: asyncio.Future[Any]
    since: float

    def urgency(self) -> tuple[bool, float, int]:
        """The smaller, the sooner it is served."""
        return not self.need.final, self.need.at, self.ticket

    def refuse(self, code: str, message: str) -> None:
        if not self.result.done():
            self.result.set_exception(VoicebotError(code, message))


class Desk:
    """A queue and the threads that serve it, one for each `serve` that runs.

    limit: seconds of the loop's clock after which a job counts as hung.
    """

    def __init__(self, name: str, limit: float) -> None:
        self.name = name
        self.hung = 0
        """Threads that were left behind and have not come back."""
        self.tell_wait: Callable[[float], None] = lambda _: None
        """Told of every job, when its turn comes, the seconds it has waited in the queue."""
        self._limit = limit
        self._jobs: list[_Job] = []
        self._tickets = itertools.count()
        self._news = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Jobs in the queue."""
        return len(self._jobs)

    @property
    def stuck(self) -> bool:
        """Whether too many threads hang for the desk to go on."""
        return self.hung >= MOST_HUNG

    def longest_wait(self) -> float:
        """Seconds that a caller has now waited in the queue, of all whose result is final the longest."""
        now = asyncio.get_running_loop().time()
        return max((now - job.since for job in self._jobs if job.need.final), default=0.0)

    async def run(self, need: Need, work: Callable[[], T]) -> T:
        """Result of `work`, done on a worker thread.

        A job whose caller goes before its turn leaves the queue and is never begun. VoicebotError: `engines.busy`,
        the queue is full; for a guess also, it had to make room for a final job. `engines.hung`, the work does not
        come to an end, or too much other work did not.
        """
        if self.stuck:
            raise VoicebotError("engines.hung", f"The models of {self.name} hang: restart the bot.")
        self._make_room(need)
        loop = asyncio.get_running_loop()
        job = _Job(need, next(self._tickets), work, loop.create_future(), loop.time())
        self._jobs.append(job)
        self._news.set()
        try:
            result: T = await job.result
        finally:
            if job in self._jobs:
                self._jobs.remove(job)
        return result

    def _make_room(self, need: Need) -> None:
        if len(self._jobs) < DESK_LIMIT:
            return
        busy = "engines.busy", f"Too many calls wait for {self.name}; add a machine."
        last = max(self._jobs, key=_Job.urgency)
        if last.need.final or not need.final:
            raise VoicebotError(*busy)
        self._jobs.remove(last)
        last.refuse(*busy)

    async def serve(self) -> None:
        """Take jobs, one at a time, until cancelled; several may serve one desk, each with a thread of its own."""
        worker = Worker(self.name)
        try:
            while True:
                job = await self._next()
                done = worker.do(job.work)
                await asyncio.wait({done}, timeout=self._limit)
                if done.done():
                    _pass_on(done, job.result)
                    continue
                worker.dismiss()
                self._leave_behind(job, done)
                worker = Worker(self.name)
        finally:
            worker.dismiss()
            await asyncio.to_thread(worker.join, LAST_JOB)

    async def _next(self) -> _Job:
        while True:
            while not self._jobs:
                self._news.clear()
                await self._news.wait()
            job = min(self._jobs, key=_Job.urgency)
            self._jobs.remove(job)
            if not job.result.done():
                self.tell_wait(asyncio.get_running_loop().time() - job.since)
                return job

    def _leave_behind(self, job: _Job, done: asyncio.Future[Any]) -> None:
        """Go on without a thread that hangs; should it come back, it counts as hanging no more."""
        _log.error("A job of %s took over %.0f s and was given up (engines.hung)", self.name, self._limit)
        job.refuse("engines.hung", f"A job of {self.name} took over {self._limit:.0f} s.")
        self.hung += 1

        def came_back(done: asyncio.Future[Any]) -> None:
            done.exception()  # looked at, so that it is not reported
            self.hung -= 1

        done.add_done_callback(came_back)
        if self.stuck:
            for waiting in self._jobs:
                waiting.refuse("engines.hung", f"The models of {self.name} hang: restart the bot.")


def _pass_on(done: asyncio.Future[T], result: asyncio.Future[T]) -> None:
    fault = done.exception()
    if result.done():
        return
    if fault:
        result.set_exception(fault)
    else:
        result.set_result(done.result())
