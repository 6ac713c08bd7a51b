"""A thread that works beside the event loop and can be left behind when it does not come back."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """One thread, one piece of work after the other; a thread that hangs does not hold up the end of the process."""

    def __init__(self, name: str) -> None:
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """The result of `work` or its fault, to come."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()

        def order() -> None:
            try:
                settle = partial(result.set_result, work())
            except Exception as fault:  # the fault belongs to whoever ordered the work
                settle = partial(result.set_exception, fault)
            with suppress(RuntimeError):  # the loop has been closed: nobody waits any more
                loop.call_soon_threadsafe(settle)

        self._orders.put(order)
        return result

    def dismiss(self) -> None:
        """No more work: the thread ends when what it does is done."""
        self._orders.put(None)

    def join(self, seconds: float) -> None:
        """Wait for a dismissed thread to end, `seconds` at most."""
        self._thread.join(seconds)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            order()
