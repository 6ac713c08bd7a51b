"""Recorded callers against a bot, in real time, through the carrier's own protocol."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from voicebot.errors import ReplayError
from voicebot.replay.cases import Case, load_cases
from voicebot.replay.handset import media_address
from voicebot.replay.judging import CaseResult, judge
from voicebot.replay.own_bot import own_bot
from voicebot.replay.player import play
from voicebot.replay.report import Report

__all__ = ["Case", "CaseResult", "Report", "load_cases", "replay"]


async def replay(
    cases: Sequence[Case], url: str | None, on_progress: Callable[[str], None] = lambda name: None, parallel: int = 1
) -> Report:
    """Play `cases` against the bot at `url` (ws:// or wss://), or one started for it where there is none.

    on_progress: told the name of every case as it ends; parallel: calls at a time. ReplayError: no bot to be reached.
    A bot that is gone after the first calls is a miss of those that follow.
    """
    async with AsyncExitStack() as bot:
        address = media_address(url if url is not None else (await bot.enter_async_context(own_bot())).url)
        room = asyncio.Semaphore(parallel)
        reached = False

        async def one(case: Case) -> CaseResult:
            nonlocal reached
            async with room:
                try:
                    result = judge(await play(case, address))
                    reached = True
                except ReplayError as fault:
                    if not reached:
                        raise
                    result = CaseResult(case.name, case.script.title, "", 0.0, (), (fault.message,))
            on_progress(case.name)
            return result

        try:
            async with asyncio.TaskGroup() as calls:
                tasks = [calls.create_task(one(case)) for case in cases]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        return Report(tuple(task.result() for task in tasks))
