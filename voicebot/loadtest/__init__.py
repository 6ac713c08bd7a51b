"""Simulated callers at once, in real time, over real WebSockets: how many a bot can bear, and how well."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from voicebot.loadtest.figures import figures
from voicebot.loadtest.measuring import Level, measured
from voicebot.loadtest.questions import clear_questions, load_questions
from voicebot.loadtest.report import Report
from voicebot.loadtest.running import Arrivals, Plan, at_once
from voicebot.loadtest.warming import warm_up
from voicebot.replay.handset import calling
from voicebot.replay.own_bot import own_bot
from voicebot.replay.sockets import over_the_web

__all__ = ["RAMP", "Arrivals", "Level", "Plan", "Report", "clear_questions", "load_questions", "loadtest"]

RAMP = (1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64)
"""Callers at once, more and more."""


async def loadtest(
    plan: Plan, callers: Sequence[int], limit: float, url: str | None, watch: Callable[[Report], None]
) -> Report:
    """Let so many callers at once call the bot at `url` (ws:// or wss://), or one started here where there is none.

    One started here is asked everything once before, so that its speech is ready as it is in operation.
    callers: one number after the other, until one is too many: see `Figures.held`. limit: seconds within which 95 of
    100 replies must be heard. watch: told after every call. ReplayError: no bot to be reached.
    """
    levels: list[Level] = []

    def told(level: Level) -> None:
        watch(Report((*levels, level), limit))

    async with AsyncExitStack() as bots:
        bot = None if url else await bots.enter_async_context(own_bot())
        address, pid = (bot.url, bot.pid) if bot else (url or "", None)
        async with calling(over_the_web(address)) as handset:  # nobody there: said at once
            await handset.hang_up()
        if bot:
            await warm_up(address, plan.questions)
        for count in callers:
            level = Level(count)
            async with measured(level, pid):
                await at_once(level, plan, address, told)
            levels.append(level)
            if not figures(level).held(limit):
                break
    return Report(tuple(levels), limit)
