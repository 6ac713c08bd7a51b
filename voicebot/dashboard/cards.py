"""The figures of a period as cards: what each is, how it differs from the period before, and how it went."""

from collections.abc import Callable
from dataclasses import dataclass

from voicebot.dashboard import pages
from voicebot.dashboard.definitions import DEFINITIONS
from voicebot.dashboard.pages import percent
from voicebot.dashboard.pictures import sparkline
from voicebot.storage.figures import Counts, Figures
from voicebot.storage.story import Result

ENOUGH = 20
"""Calls on both sides below which a difference says nothing."""


@dataclass(frozen=True)
class Trend:
    """How a figure differs from the period before; see the macro `figure`."""

    direction: str
    tone: str
    text: str


@dataclass(frozen=True)
class Card:
    """One figure of the period. key: of `DEFINITIONS`; line: the path of its sparkline, '' for none."""

    key: str
    value: str
    href: str
    trend: Trend | None
    line: str

    @property
    def title(self) -> str:
        """What the figure is called."""
        return DEFINITIONS[self.key].title


def cards(found: Figures, link: Callable[..., str]) -> list[Card]:
    """The figures of a period, with what they were before and how they went."""
    now, before, steps = found.now, found.before, list(found.steps.values())
    enough = now.calls >= ENOUGH <= before.calls

    def card(
        key: str,
        of: Callable[[Counts], float | None],
        shown: Callable[[float | None], str],
        change: Callable[[float], Trend],
        **query: str,
    ) -> Card:
        here, there = of(now), of(before)
        trend = change(here - there) if enough and here is not None and there is not None else None
        return Card(key, shown(here), link(**query), trend, sparkline([of(step) for step in steps]))

    def share(key: Result, tone: str) -> Card:
        return card(key, lambda its: its.share(key), percent, points(tone), resultat=key.value)

    growth = grown(found.growth) if enough and found.growth is not None else None
    calls = sparkline([float(step.calls) for step in steps])
    return [
        Card("calls", pages.number(now.calls), link(), growth, calls),
        share(Result.SETTLED, "good"),
        share(Result.TRANSFERRED, "quiet"),
        share(Result.NOT_UNDERSTOOD, "bad"),
        share(Result.ABANDONED, "bad"),
        card("seconds", lambda its: its.length, pages.length, longer),
        card("wait_p50", lambda its: its.wait(0.5), pages.seconds, slower),
        card("wait_p95", lambda its: its.wait(0.95), pages.seconds, slower, langsom="ja"),
        card("outside", lambda its: its.outside, percent, points("quiet"), aabent="nej"),
        card("satisfied", lambda its: its.satisfied, percent, points("good"), tilfreds="ja"),
    ]


def grown(growth: float) -> Trend:
    """How many more calls."""
    return _trend(growth, 0.005, "quiet", f"{percent(abs(growth))} flere", f"{percent(abs(growth))} færre")


def points(rise: str) -> Callable[[float], Trend]:
    """How a share differs, in percentage points; `rise`: the tone of a rise, a fall is the other way round."""

    def trend(change: float) -> Trend:
        text = f"{pages.number(abs(change) * 100)} point"
        return _trend(change, 0.005, rise, f"{text} højere", f"{text} lavere")

    return trend


def longer(change: float) -> Trend:
    """How a length differs."""
    text = pages.length(abs(change))
    return _trend(change, 1, "quiet", f"{text} længere", f"{text} kortere")


def slower(change: float) -> Trend:
    """How a wait differs."""
    text = pages.seconds(abs(change))
    return _trend(change, 0.005, "bad", f"{text} langsommere", f"{text} hurtigere")


_OPPOSITE = {"good": "bad", "bad": "good", "quiet": "quiet"}


def _trend(change: float, least: float, rise: str, more: str, less: str) -> Trend:
    if abs(change) < least:
        return Trend("flat", "quiet", "Som før")
    return Trend("up", rise, more) if change > 0 else Trend("down", _OPPOSITE[rise], less)
