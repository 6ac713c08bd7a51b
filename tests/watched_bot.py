"""`voicebot` as it is, with every step of its event loop timed: those that block it go to the file $SLOW_STEPS.

What counts is the thread's own CPU time: a busy machine makes a step last longer, not do more.
"""

import asyncio
import os
import time
from asyncio.events import Handle
from pathlib import Path

from voicebot.cli import main

LIMIT = 0.02
"""Seconds of CPU that one step may take: a line carries a frame of sound that often."""

run = Handle._run


def timed(handle: Handle) -> None:
    begun = time.thread_time()
    run(handle)
    if (taken := time.thread_time() - begun) > LIMIT:
        callback = handle._callback  # type: ignore[attr-defined]
        task = getattr(callback, "__self__", None)
        where = task.get_stack(limit=1) if isinstance(task, asyncio.Task) else callback
        with Path(os.environ["SLOW_STEPS"]).open("a") as file:
            file.write(f"{taken * 1000:.0f} ms in {where}\n")


if __name__ == "__main__":
    Handle._run = timed  # type: ignore[method-assign, assignment]
    main()
