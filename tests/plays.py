"""Results of calls that nobody made, right or not, for what counts and compares them."""

from typing import Any

from tests.reports import MISSED, played, step
from voicebot.replay import CaseResult, Report
from voicebot.replay.judging import Outcome, StepResult
from voicebot.replay.runs import Run

SAID = "Jeg har mistet mit pas"
REJECTED = {"outcome": Outcome.REJECTED, "misses": ("reject instead of answer",)}


def turn(heard: str = SAID.lower(), **others: Any) -> StepResult:
    return step(SAID, heard, 3.0, 5.0, **others)


def play(name: str = "pas/mistet", condition: str = "ren", *, was: str = "right", **others: Any) -> CaseResult:
    """How a call of one turn went. was: right, missed or wrong."""
    given: dict[str, Any] = {"right": {}, "missed": REJECTED, "wrong": MISSED}[was]
    others = {"steps": [turn(**given)], "settled": was == "right", "title": f"Title of {name}"} | others
    return played(name, others.pop("title"), others.pop("steps"), condition=condition, recorded=False, **others)


def report(*results: CaseResult, **run: Any) -> Report:
    conditions = tuple(dict.fromkeys(result.condition for result in results))
    bot = {"municipality": "roskilde", "content": "a1", "recogniser": "whisper-base", "voice": ""}
    told = {"mode": "virtual", "seed": 1, "repeat": 1, "parallel": 0, "took": 3.0, **bot, **run}
    return Report(results, Run(conditions=conditions, **told))
