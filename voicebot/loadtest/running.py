"""So many simulated callers at once, for so long."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from time import monotonic

from voicebot.errors import ReplayError
from voicebot.loadtest.caller import Called, Until, call
from voicebot.loadtest.measuring import Level
from voicebot.loadtest.questions import Question

SPREAD = 6.0
"""Seconds over which steady callers begin; those of a Poisson process begin so far apart on average, all together."""
BETWEEN = 1.0
"""Seconds between a caller's calls; the mean of them in a Poisson process."""


class Arrivals(StrEnum):
    """When callers ring up: evenly spread, all at the same moment, or as chance has it."""

    STEADY = "steady"
    BURST = "burst"
    POISSON = "poisson"

    def waits(self, place: int, callers: int, random: Random) -> tuple[float, Callable[[], float]]:
        """Seconds before the first call of caller number `place` of `callers`, and before each further one."""
        match self:
            case Arrivals.STEADY:
                return SPREAD * place / callers, lambda: BETWEEN
            case Arrivals.BURST:
                return 0.0, lambda: BETWEEN
            case Arrivals.POISSON:
                return random.uniform(0, SPREAD), lambda: random.expovariate(1 / BETWEEN)


@dataclass(frozen=True)
class Plan:
    """What callers do. Each goes on until `minutes` are over, or has asked `turns` questions where that is given."""

    questions: tuple[Question, ...]
    arrivals: Arrivals = Arrivals.STEADY
    minutes: float = 1.0
    turns: int | None = None
    seed: int = 1


async def at_once(level: Level, plan: Plan, url: str, watch: Callable[[Level], None]) -> None:
    """Let the callers of `level` call the bot at `url` at once; watch: told after every call."""
    async with asyncio.TaskGroup() as group:
        for place in range(level.callers):
            group.create_task(_caller(level, place, plan, url, watch))


async def _caller(level: Level, place: int, plan: Plan, url: str, watch: Callable[[Level], None]) -> None:
    """One caller, who calls again and again."""
    random = Random(f"{plan.seed} {level.callers} {place}")  # noqa: S311 - chance, not secrecy
    first, between = plan.arrivals.waits(place, level.callers, random)
    left = float("inf") if plan.turns is None else plan.turns
    end = float("inf") if plan.turns else level.start + plan.minutes * 60
    await asyncio.sleep(first)
    while left > 0 and monotonic() < end:
        try:
            called = await call(url, plan.questions, random, Until(left, end))
        except ReplayError as fault:
            called = Called(None, (), False, fault.message)
        level.calls.append(called)
        left -= max(1, len(called.asks))
        watch(level)
        await asyncio.sleep(between())
