"""How long a bot takes from its start to being ready, and how much memory it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import psutil

from voicebot.loadtest.measuring import Level, measured
from voicebot.loadtest.questions import Question
from voicebot.loadtest.running import Plan, at_once
from voicebot.replay.own_bot import own_bot

ASKED = 3
"""Questions asked of each bot that was started."""


@dataclass(frozen=True)
class Start:
    """One start. seconds: until /readyz said so; the resident memory then, and its most in calls, in million bytes."""

    seconds: float
    ready_mb: float
    largest_mb: float


async def measured_start(questions: Sequence[Question], seed: int) -> Start:
    """Start a bot, ask it some questions over the line, and stop it; ReplayError if it does not start."""
    began = monotonic()
    async with own_bot() as bot:
        seconds = monotonic() - began
        ready = psutil.Process(bot.pid).memory_info().rss / 1e6
        level = Level(1)
        async with measured(level, bot.pid):
            await at_once(level, Plan(tuple(questions), turns=ASKED, seed=seed), bot.url, lambda _: None)
    return Start(seconds, ready, max([ready, *(sample.memory for sample in level.samples)]))
