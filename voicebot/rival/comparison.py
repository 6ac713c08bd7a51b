"""From what callers met with each bot to figures side by side. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from voicebot.loadtest import Report
from voicebot.loadtest.figures import Spread, spread
from voicebot.rival.caller import Heard

MOST_RATIO, LEAST_CALLERS_RATIO, MOST_SILENT, MOST_GREETING = 0.4, 4.0, 0.3, 0.3
"""What must be shown: answer time and callers at once in proportion to the other bot's, and our own in seconds."""
PATIENT = 1.5
"""Seconds within which 95 of 100 answers must begin for callers at once to count as served."""


@dataclass(frozen=True)
class Side:
    """A bot, and what one caller at a time met; load: callers at once, None where that was not tried."""

    name: str
    heard: tuple[Heard, ...]
    load: Report | None = None

    @property
    def greeting(self) -> Spread:
        """Seconds from ringing up to the first sound."""
        return spread(each.greeting for each in self.heard)

    @property
    def answer(self) -> Spread:
        """Seconds from the caller's last word to the first sound after it."""
        return spread(each.answer for each in self.heard)

    @property
    def silent(self) -> Spread:
        """Seconds from the first word over the bot's answer until it drops the rest."""
        return spread(each.silent for each in self.heard if each.spoken_over)

    @property
    def cut(self) -> int:
        """Callers who were answered before their last word."""
        return sum(each.cut for each in self.heard)


@dataclass(frozen=True)
class Figure:
    """A row: ours, each other bot's (None: never, or not tried), ours in proportion to the best of theirs, the must.

    form: how a value is written; met: whether what must be is, None where nothing must.
    """

    name: str
    ours: float | None
    theirs: tuple[float | None, ...]
    ratio: float | None
    must: str
    met: bool | None
    form: str = ".2f"


@dataclass(frozen=True)
class Comparison:
    """Ours beside the others: the same bot, with each of its ways of telling the end of a turn."""

    ours: Side
    others: tuple[Side, ...]

    @property
    def met(self) -> bool:
        """Whether all that must be shown is shown."""
        return all(figure.met is not False for figure in self.figures)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All that was measured, seconds and callers."""
        sides = (self.ours, *self.others)
        rows = [_ratio_row(f"answer begins, {p}", [getattr(s.answer, p) for s in sides]) for p in ("p50", "p95")]
        rows.append(_row("greeting begins, p95", [side.greeting.p95 for side in sides], MOST_GREETING))
        rows.append(_row("silent when spoken over, p95", [side.silent.p95 for side in sides], MOST_SILENT))
        rows.append(_row("answered before the last word", [float(side.cut) for side in sides], form=".0f"))
        if self.ours.load:
            held = [None if side.load is None else float(side.load.held) for side in sides]
            rows.append(_callers_row(f"callers at once, p95 within {PATIENT:.1f} s", held))
        return tuple(rows)

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The columns and rows of a table for a person."""
        columns = ("figure", self.ours.name, *(side.name for side in self.others), "ratio", "must", "")
        return columns, [_cells(figure) for figure in self.figures]

    def to_json(self) -> dict[str, Any]:
        """Everything, for a program."""
        sides = {side.name: _side(side) for side in (self.ours, *self.others)}
        return {"figures": [asdict(figure) for figure in self.figures], "bots": sides, "met": self.met}


def _cells(figure: Figure) -> tuple[str, ...]:
    def shown(value: float | None) -> str:
        return "–" if value is None else f"{value:{figure.form}}"

    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    mark = {True: "✓", False: "✗", None: ""}[figure.met]
    return (figure.name, *map(shown, (figure.ours, *figure.theirs)), ratio, figure.must, mark)


def best(sides: Sequence[Side]) -> Side:
    """The one that answers soonest at the median."""
    return min(sides, key=lambda side: float("inf") if side.answer.p50 is None else side.answer.p50)


def _row(name: str, values: Sequence[float | None], most: float | None = None, form: str = ".2f") -> Figure:
    ours, *theirs = values
    must = "" if most is None else f"≤ {most} s"
    met = None if most is None else ours is not None and ours <= most
    return Figure(name, ours, tuple(theirs), None, must, met, form)


def _ratio_row(name: str, values: Sequence[float | None]) -> Figure:
    """The sooner the better: against the soonest of theirs."""
    ours, *theirs = values
    known = [value for value in theirs if value is not None]
    ratio = round(ours / min(known), 2) if ours is not None and known else None
    met = ours is not None and (ratio is None or ratio <= MOST_RATIO)
    return Figure(name, ours, tuple(theirs), ratio, f"ratio ≤ {MOST_RATIO}", met)


def _callers_row(name: str, values: Sequence[float | None]) -> Figure:
    """The more the better; a bot that cannot serve even one caller in that time counts as one that can."""
    ours, *theirs = values
    ratio = (ours or 0.0) / max([1.0, *(value for value in theirs if value is not None)])
    must, met = f"ratio ≥ {LEAST_CALLERS_RATIO:.0f}", ratio >= LEAST_CALLERS_RATIO
    return Figure(name, ours, tuple(theirs), ratio, must, met, ".0f")


def _side(side: Side) -> dict[str, Any]:
    spreads = {name: asdict(getattr(side, name)) for name in ("greeting", "answer", "silent")}
    load = None if side.load is None else {"held": side.load.held, "levels": [asdict(f) for f in side.load.figures]}
    return spreads | {"cut": side.cut, "calls": [asdict(heard) for heard in side.heard], "load": load}
