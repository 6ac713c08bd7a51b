"""Geometry of the pictures of figures; `_billeder.html` draws them. Across all is in percent, upwards from the top."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LABELS = 7
"""Words below a picture at most: as many as a telephone's screen has room for."""
SHARE_OF_COLUMN = 0.72
"""Of the room a column has, how much it fills."""
SHADES = 5


def sparkline(values: Sequence[float | None]) -> str:
    """The path of a line through `values` in a square of 100, zero at its foot; '' with fewer than two of them.

    It is broken where there is no value.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    highest, across = max(known) or 1, 100 / (len(values) - 1)
    path, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
        else:
            path.append(f"{pen}{place * across:.4g} {100 - 100 * value / highest:.3g}")
            pen = "L"
    return "".join(path)


@dataclass(frozen=True)
class Stack:
    """One column of several kinds, with the link it is. x, width: percent; label: below it, '' where none has room."""

    x: float
    width: float
    label: str
    title: str
    href: str


@dataclass(frozen=True)
class Columns:
    """Columns side by side. paths: of all parts of a kind, in a square of 100; lines: heights with what they stand for.

    Heights are percent from the top.
    """

    stacks: Sequence[Stack]
    paths: Mapping[str, str]
    lines: Sequence[tuple[float, int]]


@dataclass(frozen=True)
class Bar:
    """What a column is made of: how many of each kind, in the order they are stacked. told: what it shows, in words."""

    label: str
    name: str
    told: str
    href: str
    parts: Mapping[str, int]


def columns(bars: Sequence[Bar]) -> Columns:
    """Columns of the same width, from the left, the first kind at the foot."""
    lines = round_steps(max((sum(bar.parts.values()) for bar in bars), default=0))
    top = lines[-1]
    room = 100 / max(len(bars), LABELS)
    width = room * SHARE_OF_COLUMN
    every = math.ceil(len(bars) / LABELS)
    stacks, paths = [], dict.fromkeys((kind for bar in bars for kind in bar.parts), "")
    for place, bar in enumerate(bars):
        x = place * room + (room - width) / 2
        foot = 0
        for kind, n in bar.parts.items():
            if n:
                y, height = 100 - 100 * (foot + n) / top, 100 * n / top
                paths[kind] += f"M{x:.4g} {y:.4g}h{width:.3g}v{height:.4g}h-{width:.3g}z"
            foot += n
        label = bar.label if place % every == 0 else ""
        stacks.append(Stack(round(place * room, 3), round(room, 3), label, f"{bar.name}: {bar.told}", bar.href))
    return Columns(stacks, paths, [(100 - 100 * line / top, line) for line in lines[1:]])


def round_steps(highest: int) -> list[int]:
    """Round whole numbers from 0 to `highest` or a little more, two to five steps apart evenly."""
    rough = max(highest, 2) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = max(1, round(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)))
    return list(range(0, math.ceil(max(highest, 2) / step) * step + 1, step))


def shade(n: int, highest: int) -> int:
    """How dark to show `n`: 0 for none, up to `SHADES` for the highest."""
    return math.ceil(SHADES * n / highest) if highest else 0
