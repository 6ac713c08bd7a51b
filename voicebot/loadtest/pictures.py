"""The pictures of a report, as SVG: how soon replies came, how many callers were too many, what the bot used."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicebot.loadtest.figures import Figures
from voicebot.loadtest.measuring import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BIN = 0.1
"""Seconds in one bar of the distribution."""
_BLUE, _LIGHT, _GREY, _DARK, _RED = "#0b5394", "#9fc1e0", "#6b7280", "#1b1f24", "#a40e26"


@dataclass(frozen=True)
class Picture:
    """A drawing with what it shows; svg: base64."""

    title: str
    text: str
    svg: str


def pictures(levels: Sequence[Level], figures: Sequence[Figures], limit: float) -> tuple[Picture, ...]:
    """The drawings there is something for: one level needs no curve, and a bot elsewhere has no process to show."""
    drawn = []
    if any(called.asks for level in levels for called in level.calls):
        drawn.append(_distribution(levels, figures, limit))
    if len(levels) > 1:
        drawn.append(_by_callers(figures, limit))
    if any(level.samples for level in levels):
        drawn.append(_process(levels))
    return tuple(drawn)


def _distribution(levels: Sequence[Level], figures: Sequence[Figures], limit: float) -> Picture:
    replies = [[a.reply for called in level.calls for a in called.asks if a.reply is not None] for level in levels]
    end = max(2.0, limit + 0.5, *(reply + BIN for each in replies for reply in each))
    figure = _figure(1.0 + 0.85 * len(levels))
    rows = figure.subplots(len(levels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, level, each in zip(rows, figures, replies, strict=True):
        axes.hist(each, bins=np.arange(0, end + BIN, BIN), color=_LIGHT)
        for name, value in (("p50", level.reply.p50), ("p95", level.reply.p95)):
            if value is not None:
                axes.axvline(value, color=_BLUE, linewidth=1.8 if name == "p95" else 1.0)
        axes.axvline(limit, color=_RED, linestyle="--", linewidth=1.0)
        never = level.reply.count - len(each)
        axes.set_title(f"{never} never came" if never else "", loc="right", fontsize=9, color=_RED, y=0.6)
        axes.set_ylabel(f"{level.callers}", rotation=0, ha="right", va="center", fontsize=11, color=_DARK)
        axes.set(xlim=(0, end), yticks=[])
        axes.spines[["top", "right", "left"]].set_visible(False)
    rows[-1].set_xlabel("seconds from the caller's last word to the first sound of the reply")
    figure.supylabel("callers at once", fontsize=10)
    text = "Each reply by how soon it was heard; thin line: median, thick line: 95 of 100, dashed: the limit."
    return Picture("How soon the reply was heard", text, _svg(figure))


def _by_callers(figures: Sequence[Figures], limit: float) -> Picture:
    figure = _figure(3.6)
    axes = figure.subplots()
    callers = [level.callers for level in figures]
    for name, color, width in (("p99", _LIGHT, 1.5), ("p95", _BLUE, 2.5), ("p50", _GREY, 1.5)):
        values = [getattr(level.reply, name) for level in figures]
        axes.plot(callers, [np.nan if v is None else v for v in values], "o-", color=color, linewidth=width, label=name)
    axes.axhline(limit, color=_RED, linestyle="--", linewidth=1.0, label="limit")
    axes.set(xlabel="callers at once", ylabel="seconds to the reply", xticks=callers)
    axes.set_ylim(bottom=0)
    _plain(axes)
    axes.legend(frameon=False)
    text = "Where the line of 95 of 100 crosses the limit, more callers are too many."
    return Picture("Reply and number of callers", text, _svg(figure))


def _process(levels: Sequence[Level]) -> Picture:
    figure = _figure(4.4)
    above, below = figure.subplots(2, 1, sharex=True)
    start = levels[0].start
    samples = [sample for level in levels for sample in level.samples]
    at = [sample.at - start for sample in samples]
    above.plot(at, [sample.cpu for sample in samples], color=_BLUE, linewidth=1.2)
    below.plot(at, [sample.memory for sample in samples], color=_BLUE, linewidth=1.8)
    for place, level in enumerate(levels):
        begin = level.start - start
        for axes in (above, below):
            axes.axvspan(begin, begin + level.seconds, color=_GREY, alpha=0.12 if place % 2 else 0.04, linewidth=0)
        above.text(
            begin + level.seconds / 2, 1.02, f"{level.callers}", transform=above.get_xaxis_transform(), ha="center"
        )
    above.set(ylabel="processor, cores")
    below.set(ylabel="memory, MB", xlabel="seconds into the test; above: callers at once")
    for axes in (above, below):
        axes.set_ylim(bottom=0)
        _plain(axes)
    return Picture("What the bot used", "Its process alone, looked at twice a second.", _svg(figure))


def _figure(height: float) -> "Figure":
    from matplotlib.figure import Figure  # noqa: PLC0415 - takes a second to import

    return Figure(figsize=(8.4, height), layout="constrained")


def _plain(axes: "Axes") -> None:
    axes.grid(axis="y", color="#e3e6ea", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _svg(figure: "Figure") -> str:
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return base64.b64encode(file.getvalue()).decode()
