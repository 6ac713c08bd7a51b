"""Recorded callers against a bot, through the carrier's own protocol, in real time or in virtual time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from voicebot.errors import ReplayError
from voicebot.replay.cases import Case
from voicebot.replay.judging import CaseResult, judge, not_played
from voicebot.replay.plan import Plan, Planned
from voicebot.replay.player import play
from voicebot.replay.reading import load_cases
from voicebot.replay.report import Report
from voicebot.replay.sockets import Dial

__all__ = ["Case", "CaseResult", "Plan", "Report", "load_cases", "replay"]


async def replay(
    plan: Plan, dial: Dial, on_result: Callable[[CaseResult], None] = lambda _: None, parallel: int = 1
) -> tuple[CaseResult, ...]:
    """Call a bot as planned, so many calls at a time; on_result: told how each went as soon as it is over.

    ReplayError: no bot answers the first calls. One that is gone later is a miss of the calls that follow.
    """
    room = asyncio.Semaphore(parallel)
    reached = False

    async def one(call: Planned) -> CaseResult:
        nonlocal reached
        async with room:
            try:
                result = judge(await play(call, dial))
                reached = True
            except ReplayError as fault:
                if not reached:
                    raise
                result = not_played(call, fault.message)
        if not plan.recorded:
            result = replace(result, recording=None)
        on_result(result)
        return result

    try:
        async with asyncio.TaskGroup() as calls:
            tasks = [calls.create_task(one(call)) for call in plan.calls]
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from None
    return tuple(task.result() for task in tasks)
