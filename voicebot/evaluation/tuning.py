"""What each of the matcher's opinions is worth: weights fitted on some questions and tried on others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from voicebot.evaluation.corrupting import spoilt
from voicebot.evaluation.fitting import Fit, Weighed, chances, fit, weighed
from voicebot.evaluation.questions import Question
from voicebot.matching import OPINIONS, Matcher

FOLDS = 5
"""Parts the questions are cut into: each is tried with weights fitted on the others."""
WIDE = 3
"""Places among which the right answer would be offered."""


@dataclass(frozen=True)
class Trial:
    """How well some opinions do together at one noise, each question tried with weights fitted on others.

    first, among_three: share of questions with an answer whose right one comes first or among three; log_loss: mean, in
    nats, over all questions; apart: probability that a question with an answer looks likelier to have one than a
    question without (area under the ROC curve).
    """

    opinions: tuple[str, ...]
    noise: float
    first: float
    among_three: float
    log_loss: float
    apart: float


@dataclass(frozen=True)
class Tuning:
    """The weights of all opinions fitted on all questions at all noises, and trials of fewer opinions."""

    fit: Fit
    trials: tuple[Trial, ...]


def tune(
    matcher: Matcher,
    questions: Sequence[Question],
    noises: Sequence[float],
    outside: frozenset[str],
    done: Callable[[], None] = lambda: None,
) -> Tuning:
    """Fit the weights, and try every opinion alone, all but one, and all.

    noises: shares of words spoilt, each giving the questions once more; outside: ids of answers that are right where
    no topic is; done: called after each question at each noise.
    """
    asked: dict[float, list[Weighed]] = {noise: [] for noise in noises}
    for noise in noises:
        for question in questions:
            asked[noise].append(weighed(matcher, spoilt(question.text, noise, 1), question, outside))
            done()
    every = tuple(range(len(OPINIONS)))
    subsets = [*combinations(every, 1), *combinations(every, len(every) - 1), every]
    trials = [trial for parts in subsets for trial in _trials(asked, parts, questions)]
    return Tuning(fit([one for some in asked.values() for one in some], every), tuple(trials))


def _trials(asked: dict[float, list[Weighed]], parts: tuple[int, ...], questions: Sequence[Question]) -> list[Trial]:
    """Cross-validated: a question and its spoilt forms are always in the same fold."""
    folds = np.random.default_rng(0).integers(FOLDS, size=len(questions))
    found: dict[float, list[NDArray[np.float64]]] = {noise: [np.zeros(0)] * len(questions) for noise in asked}
    for fold in range(FOLDS):
        learnt = fit([one for some in asked.values() for at, one in enumerate(some) if folds[at] != fold], parts)
        for noise, some in asked.items():
            for at in np.flatnonzero(folds == fold):
                found[noise][at] = chances(some[at], parts, learnt)
    return [_trial(noise, parts, asked[noise], found[noise], questions) for noise in asked]


def _trial(
    noise: float,
    parts: tuple[int, ...],
    asked: Sequence[Weighed],
    found: Sequence[NDArray[np.float64]],
    questions: Sequence[Question],
) -> Trial:
    inside = np.array([bool(question.topics) for question in questions])
    likely = np.zeros(len(asked))
    losses, places = np.zeros(len(asked)), np.full(len(asked), np.inf)
    for at, (one, chance) in enumerate(zip(asked, found, strict=True)):
        ours = np.where(one.outside, 0, chance[:-1])
        likely[at] = ours.sum()
        right = chance[:-1][one.right].sum() + (chance[-1] if one.none else 0)
        losses[at] = -np.log(max(right, 1e-12))
        if one.right.any():
            places[at] = (chance[:-1] > chance[:-1][one.right].max()).sum()
    rivals = likely[inside][:, None] - likely[~inside][None]
    apart = float(((rivals > 0) + 0.5 * (rivals == 0)).mean()) if rivals.size else 1.0
    return Trial(
        tuple(OPINIONS[part] for part in parts),
        noise,
        float((places[inside] < 1).mean()),
        float((places[inside] < WIDE).mean()),
        float(losses.mean()),
        apart,
    )
