"""The one thing a call works on at a time: an utterance that is answered, or a reply that is sent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import ParamSpec

from voicebot.errors import VoicebotError

log = logging.getLogger(__name__)
P = ParamSpec("P")


class Work:
    """At most one piece of work. failed(code): told when a piece fails, while it is still the work under way."""

    def __init__(self, call_id: str, failed: Callable[[str], Awaitable[None]]) -> None:
        self._call_id, self._failed = call_id, failed
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether something is being worked on."""
        return self._task is not None

    def start(self, work: Callable[P, Coroutine[None, None, None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Begin `work(*args)`; what was under way must be done or dropped."""
        self._task = asyncio.create_task(self._guarded(lambda: work(*args, **kwargs)))

    async def drop(self) -> None:
        """Stop what is under way, and see it stopped."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _guarded(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await work()
        except VoicebotError as fault:
            await self._failed(fault.code)
        except Exception as fault:  # a stage's bug ends in a human, not in silence
            log.error("call %s: %s", self._call_id, type(fault).__name__)
            await self._failed("call.fault")
        self._task = None
