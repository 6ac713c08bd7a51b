"""Our bot and one put together from pipecat's own parts, measured side by side with the same callers.

pipecat (BSD-2) is used for this comparison only and never installed with voicebot: it has a virtual environment of its
own in the data folder. Both bots have the same Whisper, embedding model, examples, answers and voice, and run one after
the other on the same machine; see `rival.bot` for how the other is built.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from voicebot.errors import ReplayError
from voicebot.loadtest import RAMP, Plan, loadtest
from voicebot.loadtest.questions import Question
from voicebot.replay.own_bot import PORT, own_bot, running
from voicebot.rival.caller import Heard, one_by_one
from voicebot.rival.comparison import PATIENT, Comparison, Side, best
from voicebot.rival.environment import set_up
from voicebot.rival.parts import MODELS, VOICE, write_parts

__all__ = ["MODELS", "Comparison", "Side", "compare", "set_up", "write_parts"]

BOT = Path(__file__).with_name("bot.py")
WAYS = {"pipecat, smart-turn": "smart-turn", "pipecat, silence": "silence"}
"""The other bot's ways of telling the end of a turn, by the path that is called."""
TURNS = 5
"""Questions of each caller, at each number of callers at once."""
SPEECH_LIMIT = 1800.0
"""Seconds in which our own answers' speech must be ready; that takes minutes once, and is kept."""

Watch = Callable[[str], None]
"""Told what has been done."""


async def compare(python: Path, parts: Path, questions: Sequence[Question], callers: int, tell: Watch) -> Comparison:
    """Measure our bot, then the other.

    python: of the environment that `set_up` made; parts: what `write_parts` wrote; callers: at once at most, 0: callers
    at once are not tried. ReplayError: a bot does not start.
    """
    async with own_bot(voice=VOICE) as bot:
        tell("voicebot: making its answers' speech ready, which takes minutes the first time")
        await _speech_ready(bot.url)
        ours = await _alone("voicebot", bot.url, questions, tell)
        ours = await _at_once(ours, bot.url, questions, callers, tell)
    async with running((str(python), "-P", str(BOT), PORT, str(parts)), {}) as bot:
        urls = {name: f"{bot.url}/{path}" for name, path in WAYS.items()}
        others = [await _alone(name, url, questions, tell) for name, url in urls.items()]
        tried = best(others)
        loaded = await _at_once(tried, urls[tried.name], questions, callers, tell)
    return Comparison(ours, tuple(loaded if side is tried else side for side in others))


async def _alone(name: str, url: str, questions: Sequence[Question], tell: Watch) -> Side:
    def told(heard: Heard) -> None:
        came = "no answer" if heard.answer is None else f"{heard.answer:.2f} s"
        tell(f"{name}: {came} ({heard.question})")

    return Side(name, await one_by_one(url, questions, told))


async def _at_once(side: Side, url: str, questions: Sequence[Question], callers: int, tell: Watch) -> Side:
    if not callers:
        return side
    levels = [level for level in RAMP if level <= callers]
    tell(f"{side.name}: more and more callers at once")
    load = await loadtest(Plan(tuple(questions), turns=TURNS), levels, PATIENT, url, lambda _: None)
    return Side(side.name, side.heard, load)


async def _speech_ready(url: str) -> None:
    """Until our own bot has the speech of all its answers, as one in operation has."""
    async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
        for _ in range(round(SPEECH_LIMIT)):
            state = (await client.get(f"{url.replace('ws', 'http', 1)}/readyz")).json()
            if state["speech"] and state["speech_ready"] == state["speech"]:
                return
            await asyncio.sleep(1)
    raise ReplayError("replay.speech", f"The answers' speech was not ready within {SPEECH_LIMIT / 60:.0f} minutes.")
