"""From results to the figures of a run. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest

from voicebot.replay.flaky import Played, grouped, together
from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.speech_text import spoken_words, word_errors


@dataclass(frozen=True)
class Share:
    """How many of how many.

    interval: 95 % confidence interval of the share, 0 to 1 (Wilson 1927); None where it would say too much: of nothing,
    or of what is not independent, such as the same case under several conditions.
    """

    count: int
    of: int
    interval: tuple[float, float] | None = None

    @property
    def share(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Spread:
    """Seconds that half and 95 of 100 stay within, interpolated; None where there are none.

    n: how many were heard; of: how many should have been. What never came is in no second, so a bot that is silent
    where others are slow looks quick by the seconds alone.
    """

    p50: float | None
    p95: float | None
    n: int
    of: int


@dataclass(frozen=True)
class Figures:
    """Of some results.

    passed, settled, wrong: cases under a condition, however often played: passed and settled every time, wrong any
    time. steps: those in which something was expected, by outcome, and asked_back the share of them; word_errors and
    words: of what was said, where the text is known; first_sound and answer_sound: seconds from a caller's last word,
    to what the bot decided on or should have.
    Steps, words and sounds are those of every play.
    """

    passed: Share
    settled: Share
    wrong: Share
    asked_back: Share
    steps: dict[Outcome, int]
    word_errors: int
    words: int
    first_sound: Spread
    answer_sound: Spread

    @property
    def n(self) -> int:
        """How many cases, each condition counted."""
        return self.passed.of

    @property
    def word_error(self) -> float | None:
        """Errors per word said, 0 to 1 and over; None where no text is known."""
        return self.word_errors / self.words if self.words else None

    def to_json(self) -> dict[str, Any]:
        """For a program."""
        return {"n": self.n, **asdict(self), "word_error": self.word_error}


def figures(results: Iterable[CaseResult]) -> Figures:
    """The figures of `results`."""
    results = tuple(results)
    played = together(results)
    steps = [step for result in results for step in result.steps]
    owed = [step for step in steps if _owes_reply(step)]
    errors, words = _misheard(steps)
    outcomes = Counter(step.outcome for step in steps if step.outcome)
    asked = outcomes[Outcome.OFFERED] + outcomes[Outcome.ASKED]
    return Figures(
        _share(played, sum(each.passed for each in played)),
        _share(played, sum(each.settled for each in played)),
        _share(played, sum(each.wrong for each in played)),
        Share(asked, outcomes.total()),
        {outcome: outcomes[outcome] for outcome in Outcome},
        errors,
        words,
        _spread([step.first_sound for step in owed]),
        _spread([step.answer_sound for step in owed]),
    )


def by_condition(results: Iterable[CaseResult]) -> dict[str, Figures]:
    """The figures of each condition, in the order they come."""
    groups = grouped((result.condition, result) for result in results)
    return {condition: figures(group) for condition, group in groups.items()}


def by_tag(results: Iterable[CaseResult]) -> dict[str, Figures]:
    """The figures of the cases with each tag, by its name; a case with several counts in each."""
    groups = grouped((tag, result) for result in results for tag in result.tags)
    return {tag: figures(groups[tag]) for tag in sorted(groups)}


def _share(played: Sequence[Played], count: int) -> Share:
    independent = len({each.name for each in played}) == len(played)
    if not played or not independent:
        return Share(count, len(played))
    low, high = binomtest(count, len(played)).proportion_ci(0.95, method="wilson")
    return Share(count, len(played), (round(float(low), 4), round(float(high), 4)))


def _misheard(steps: Iterable[StepResult]) -> tuple[int, int]:
    """Words misheard and words said, of what is known to have been said."""
    pairs = [
        (spoken_words(step.text), spoken_words(step.heard)) for step in steps if step.text and step.begins is not None
    ]
    return sum(word_errors(said, heard) for said, heard in pairs), sum(len(said) for said, _ in pairs)


def _owes_reply(step: StepResult) -> bool:
    """Whether the bot has to say something to what was said: it decided on it, or nothing although it should have."""
    return bool(step.heard and step.decision) or (step.outcome is Outcome.SILENT and bool(step.heard or step.text))


def _spread(values: Sequence[float | None]) -> Spread:
    known = [value for value in values if value is not None]
    if not known:
        return Spread(None, None, 0, len(values))
    middle, slow = np.percentile(known, [50, 95])
    return Spread(round(float(middle), 3), round(float(slow), 3), len(known), len(values))
