"""Time that nobody has to wait for: a clock that leaps to what is due next as soon as there is nothing left to do."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

STALLED = 60.0
"""Seconds of real time with nothing to do and nothing due, after which what runs will never end."""


class _Leaping(selectors.BaseSelector):
    """Looks for input without waiting; where there is none, the time that it should have waited has passed."""

    def __init__(self, leap: Callable[[float], None]) -> None:
        self._real = selectors.DefaultSelector()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            ready = self._real.select(STALLED)
            if not ready:
                raise RuntimeError(f"Nothing has been due for {STALLED:.0f} s.")
            return ready
        ready = self._real.select(0)
        if not ready and timeout > 0:
            self._leap(timeout)
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:  # noqa: ANN401
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` begins at 0 and stands still while anything is done in it.

    What is done on another thread takes no time of its own: whoever runs here waits for models in the loop itself.
    pause: called whenever the time leaps; what it raises ends the loop, and it is not called again.
    """

    def __init__(self, pause: Callable[[], None] = lambda: None) -> None:
        self._now, self._pause = 0.0, pause
        super().__init__(_Leaping(self._leap))

    def time(self) -> float:
        """Seconds of virtual time."""
        return self._now

    def _leap(self, seconds: float) -> None:
        self._now += seconds
        pause, self._pause = self._pause, lambda: None
        pause()
        self._pause = pause


def run_virtually(main: Coroutine[Any, Any, T], pause: Callable[[], None] = lambda: None) -> T:
    """Run `main` to its end in virtual time, or until `pause` raises, see `VirtualLoop`; from any thread."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(pause)) as runner:
        return runner.run(main)
