"""Whether a confidence means what it says: of ten candidates with 0.7, seven should be the right one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicebot.evaluation.measuring import Evaluation
from voicebot.evaluation.questions import Kind

BINS = 10
WEIGHED = (Kind.IN_SCOPE, Kind.AMBIGUOUS, Kind.OUT_OF_SCOPE)
"""Kinds that the matching decides on; the others are mostly recognised by their words alone."""
_BLUE, _GREY, _DARK = "#0b5394", "#6b7280", "#1b1f24"


@dataclass(frozen=True)
class Bin:
    """Questions whose best candidate's confidence lies from low up to high: how many, how confident, how often right.

    confidence: the mean, 0..1; right: the share, 0..1; both 0 where there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(evaluation: Evaluation) -> tuple[Bin, ...]:
    """Ten bins of equal width over the best candidates of the questions that matching decides on.

    Where no answer is right, a candidate that says who else helps is.
    """
    best = [(out.candidates[0], out.question.topics) for out in evaluation.of(*WEIGHED) if out.candidates]
    confidence = np.array([candidate.confidence for candidate, _ in best])
    right = np.array([candidate.answer in (topics or evaluation.outside) for candidate, topics in best])
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        inside = places == place
        count = int(inside.sum())
        means = (float(confidence[inside].mean()), float(right[inside].mean())) if count else (0.0, 0.0)
        bins.append(Bin(place / BINS, (place + 1) / BINS, count, *means))
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far confidence and share right lie apart, 0..1, over all questions (expected calibration error)."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / total if total else 0.0


def picture(bins: Sequence[Bin]) -> bytes:
    """The reliability picture with Danish words, as a PNG of about 720 by 620 pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - takes a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(7.2, 6.2), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    filled = [each for each in bins if each.count]
    above.plot((0, 1), (0, 1), "--", color=_GREY, linewidth=1.2, label="sådan skulle det være")
    above.plot([e.confidence for e in filled], [e.right for e in filled], "o-", color=_BLUE, linewidth=2, markersize=7)
    above.set(xlim=(0, 1), ylim=(-0.03, 1.03), ylabel="så ofte var forslaget rigtigt")
    above.legend(loc="lower right", frameon=False)
    bars = below.bar([e.low + 0.05 for e in bins], [e.count for e in bins], width=0.09, color=_BLUE)
    below.bar_label(bars, padding=2, color=_DARK, fontsize=9)
    below.set(xlabel="så sikker var botten på sit bedste forslag", ylabel="spørgsmål", xticks=np.linspace(0, 1, 11))
    below.margins(y=0.2)
    above.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}".replace("%", " %"))
    below.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}".replace("%", " %"))
    for axes in (above, below):
        axes.grid(axis="both" if axes is above else "y", color="#e3e6ea", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
