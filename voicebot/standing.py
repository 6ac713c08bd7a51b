"""Work that goes on beside the calls for as long as the bot runs."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


def standing(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Begin `work`; the log says so should a fault end it, by its type only."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_say_ended)
    return task


def _say_ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()):
        _log.error("Standing work (%s) has ended (%s); restart the bot.", task.get_name(), type(fault).__name__)
