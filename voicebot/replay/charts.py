"""The pictures of a whole run: how its steps ended, and how long callers waited. Pure; places are percent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicebot.replay.figures import Figures
from voicebot.replay.judging import CaseResult, Outcome
from voicebot.replay.pictures import Span

SHORTEST_AXIS = 2.0
"""Seconds that the picture of the waiting always has room for: what nobody may wait in silence."""


@dataclass(frozen=True)
class Bar:
    """How many steps ended so."""

    outcome: Outcome
    count: int
    span: Span


@dataclass(frozen=True)
class Waits:
    """How long callers waited under a condition. dots: each reply; half, slow: the median and 95 of 100."""

    condition: str
    dots: tuple[float, ...]
    half: float
    slow: float


def bars(figures: Figures) -> tuple[Bar, ...]:
    """One bar of all the steps, in the order of the outcomes."""
    found, before, whole = [], 0, sum(figures.steps.values())
    for outcome, count in figures.steps.items():
        if count:
            found.append(Bar(outcome, count, Span(round(100 * before / whole, 2), round(100 * count / whole, 2))))
            before += count
    return tuple(found)


def waits(results: Sequence[CaseResult], conditions: Mapping[str, Figures]) -> tuple[float, tuple[Waits, ...]]:
    """The seconds at the end of the axis, and what to draw for every condition with a reply to what was said."""
    heard: dict[str, list[float]] = {name: [] for name in conditions}
    for result in results:
        heard[result.condition] += [s.answer_sound for s in result.steps if s.heard and s.answer_sound is not None]
    end = max([SHORTEST_AXIS, *(wait for each in heard.values() for wait in each)])

    def place(wait: float) -> float:
        return round(100 * max(0.0, wait) / end, 2)

    drawn = []
    for name, each in heard.items():
        spread = conditions[name].answer_sound
        if spread.p50 is not None and spread.p95 is not None:
            drawn.append(Waits(name, tuple(map(place, each)), place(spread.p50), place(spread.p95)))
    return end, tuple(drawn)
