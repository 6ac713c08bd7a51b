"""A call as a picture: both voices over the same seconds, where its turns lie, and how long the caller waited. Pure.

Places and widths are percent of the call; `report.html` draws them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicebot.audio import AudioChunk
from voicebot.replay.judging import StepResult

COLUMN = 0.05
"""Seconds in one stroke of a wave."""
HEIGHT = 100
"""Of the loudest stroke, to either side of the middle."""
LOWEST = 2
"""A stroke lower than this is not drawn."""
SOFTEST = 0.1
"""A voice that is nowhere louder is drawn as soft as it is: the noise of a silent line is not to look like one."""
EVERY = (1, 2, 5, 10, 20, 30, 60, 120, 300)
"""Seconds that may lie between two marks of the axis; the fewest that leave no more than MOST_MARKS."""
MOST_MARKS = 12


@dataclass(frozen=True)
class Span:
    """A stretch of the call."""

    x: float
    width: float


@dataclass(frozen=True)
class TurnMark:
    """A turn in the picture.

    whole: until the next one; speech: where the caller speaks; wait: from their last word to the reply, if one came.
    """

    number: int
    whole: Span
    speech: Span
    wait: Span | None
    waited: str


@dataclass(frozen=True)
class CallPicture:
    """What is drawn of a call.

    caller, bot: SVG paths, `columns` wide, -HEIGHT to HEIGHT high; marks: of the axis, in seconds; cuts: where the bot
    fell silent for the caller; text: the turns in words.
    """

    seconds: float
    columns: int
    caller: str
    bot: str
    marks: tuple[tuple[float, int], ...]
    turns: tuple[TurnMark, ...]
    cuts: tuple[float, ...]
    text: str


def call_picture(
    caller: AudioChunk, bot: AudioChunk, steps: Sequence[StepResult], cuts: Sequence[float]
) -> CallPicture:
    """Draw a call from its two voices, equally long. cuts: seconds of the call at which the bot fell silent."""
    seconds = caller.seconds
    turns = [(number, step) for number, step in enumerate(steps, start=1) if step.begins is not None]
    ends = [*(step.begins or 0.0 for _, step in turns), seconds][1:]
    every = next((each for each in EVERY if seconds / each <= MOST_MARKS), EVERY[-1])
    return CallPicture(
        seconds,
        len(_levels(caller)),
        _strokes(caller),
        _strokes(bot),
        tuple((_percent(mark, seconds), mark) for mark in range(0, int(seconds) + 1, every)),
        tuple(_mark(number, step, end, seconds) for (number, step), end in zip(turns, ends, strict=True)),
        tuple(_percent(cut, seconds) for cut in cuts),
        _in_words(turns, seconds, cuts),
    )


def _levels(voice: AudioChunk) -> list[float]:
    """The loudest sample of every column."""
    column = round(COLUMN * voice.rate)
    loud = np.abs(np.pad(voice.samples, (0, -len(voice.samples) % column)))
    return [float(level) for level in loud.reshape(-1, column).max(axis=1)]


def _strokes(voice: AudioChunk) -> str:
    """The wave as upright strokes, one a column, for an SVG path; silence and the noise of a clean line have none."""
    levels = _levels(voice)
    top = max(SOFTEST, *levels)
    heights = [round(HEIGHT * level / top) for level in levels]
    return "".join(f"M{x}.5-{high}v{2 * high}" for x, high in enumerate(heights) if high >= LOWEST)


def _mark(number: int, step: StepResult, end: float, seconds: float) -> TurnMark:
    begins, last_word = step.begins or 0.0, step.ends or step.begins or 0.0

    def span(start: float, stop: float) -> Span:
        return Span(_percent(start, seconds), _percent(max(0.0, stop - start), seconds))

    waited = step.answer_sound
    wait = None if waited is None else span(last_word, last_word + waited)
    shown = "" if waited is None else f"{waited:.1f} s"
    return TurnMark(number, span(begins, end), span(begins, last_word), wait, shown)


def _percent(at: float, seconds: float) -> float:
    return round(100 * min(max(at, 0.0), seconds) / seconds, 2)


def _in_words(turns: Sequence[tuple[int, StepResult]], seconds: float, cuts: Sequence[float]) -> str:
    told = [f"The call in {seconds:.1f} seconds, the caller above, the bot below."]
    for number, step in turns:
        reply = f"the reply {step.answer_sound:.1f} s later" if step.answer_sound is not None else "no reply was heard"
        told.append(f"Turn {number}: the caller from {step.begins:.1f} to {step.ends or step.begins:.1f} s, {reply}.")
    told += [f"The bot fell silent at {cut:.1f} s." for cut in cuts]
    return " ".join(told)
