"""How the bot's process and this tester's own clock bore so many callers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import psutil

from voicebot.loadtest.caller import Called

SAMPLE = 0.5
"""Seconds between two looks at the bot's process."""
TICK = 0.02
"""Seconds between two looks at this tester's own clock: one frame of sound."""


@dataclass(frozen=True)
class Sample:
    """The bot's process, `at` a second of the monotonic clock.

    cpu: share of one core, 1 is all of it; memory: resident, in MB of a million bytes.
    """

    at: float
    cpu: float
    memory: float


@dataclass
class Level:
    """So many callers at once. start: when, on the monotonic clock; seconds: how long.

    late: by how much this tester's own clock was late, in seconds, at each look; own_cpu: the tester's share of one
    core.
    """

    callers: int
    start: float = field(default_factory=monotonic)
    seconds: float = 0.0
    calls: list[Called] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    own_cpu: float = 0.0


@asynccontextmanager
async def measured(level: Level, pid: int | None) -> AsyncIterator[None]:
    """Note in `level` how the bot and this tester's clock are, while the context is open.

    pid: the bot's process, where it runs on this machine.
    """
    tester, spent = psutil.Process(), sum(psutil.Process().cpu_times()[:2])
    watches = [asyncio.create_task(_watch_clock(level))]
    if pid is not None:
        watches.append(asyncio.create_task(_watch_bot(level, pid)))
    try:
        yield
    finally:
        level.seconds = monotonic() - level.start
        level.own_cpu = (sum(tester.cpu_times()[:2]) - spent) / level.seconds
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)


async def _watch_clock(level: Level) -> None:
    due = monotonic()
    while True:
        due = max(due + TICK, monotonic())
        await asyncio.sleep(due - monotonic())
        level.late.append(max(0.0, monotonic() - due))


async def _watch_bot(level: Level, pid: int) -> None:
    """Until the process is gone."""
    try:
        bot = psutil.Process(pid)
        bot.cpu_percent()
        while True:
            await asyncio.sleep(SAMPLE)
            memory = bot.memory_info().rss / 1e6
            level.samples.append(Sample(monotonic(), bot.cpu_percent() / 100, memory))
    except psutil.Error:
        return
