"""A bot as in operation has the speech of its replies ready: one just started is asked everything once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from voicebot.errors import ReplayError
from voicebot.loadtest.caller import ask
from voicebot.loadtest.questions import Question
from voicebot.replay.handset import Handset, calling
from voicebot.replay.sockets import over_the_web

TOGETHER = 2
"""Calls at a time: one for each core of a small machine, so that no reply is late for the others' sake."""
SPEECH_LIMIT = 60.0
"""Seconds the speech of one reply may take to be made."""


async def warm_up(url: str, questions: Sequence[Question]) -> None:
    """Ask each question once, in a call of its own, until all of the reply has been sent."""
    room = asyncio.Semaphore(TOGETHER)

    async def one(question: Question) -> None:
        async with room:
            with suppress(ReplayError):  # the test itself will find out
                async with calling(over_the_web(url)) as handset:
                    await ask(handset, question)
                    await handset.until(lambda: _all_sent(handset), SPEECH_LIMIT)
                    await handset.hang_up()

    await asyncio.gather(*map(one, questions))


def _all_sent(handset: Handset) -> bool:
    """Whether the last piece of the last reply is on its way."""
    told = {caption.type: caption.data for caption in handset.captions if caption.type in {"Decided", "Saying"}}
    return len(told) == 2 and told["Decided"]["reply"].strip().endswith(told["Saying"]["text"].strip())
