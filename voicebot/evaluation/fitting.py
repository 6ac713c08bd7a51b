"""How the matcher's opinions are to be weighed: a conditional logit fitted on questions whose answers are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from voicebot.evaluation.questions import Question
from voicebot.matching import Matcher

RIDGE = 1e-4
"""Weight of the squared weights beside the mean log loss: keeps them finite."""


@dataclass(frozen=True)
class Weighed:
    """What each opinion said of a question.

    opinions: shape (answers, opinions); right: which answers are right ones, bool (answers,); outside: which only say
    that others help, bool (answers,). `none`: whether "none of them" is as right.
    """

    opinions: NDArray[np.float32]
    right: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    none: bool


@dataclass(frozen=True)
class Fit:
    """Weights, one for each opinion, and the score of "none of them"."""

    weights: tuple[float, ...]
    none: float


def weighed(matcher: Matcher, text: str, question: Question, outside: frozenset[str]) -> Weighed:
    """The opinions on a question as it was heard; `outside` are the answers that are as right as none."""
    among, opinions = matcher.opinions(text)
    ids = [matcher.ids[at] for at in among]
    elsewhere = np.array([id_ in outside for id_ in ids])
    right = np.array([id_ in question.topics for id_ in ids]) if question.topics else elsewhere
    return Weighed(opinions, right, elsewhere, none=not question.topics)


def fit(questions: Sequence[Weighed], parts: Sequence[int]) -> Fit:
    """Weights of some of the opinions that make the right answers likeliest (L-BFGS on the mean log loss)."""
    size = max(len(question.opinions) for question in questions)
    scores = np.zeros((len(questions), size + 1, len(parts) + 1))
    possible = np.zeros((len(questions), size + 1), bool)
    right = np.zeros((len(questions), size + 1), bool)
    for row, question in enumerate(questions):
        count = len(question.opinions)
        scores[row, :count, :-1] = question.opinions[:, parts]
        possible[row, :count], right[row, :count] = True, question.right
        right[row, -1] = question.none or not question.right.any()
    scores[:, -1, -1], possible[:, -1] = 1, True

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = np.where(possible, scores @ weights, -np.inf)
        odds = np.exp(logits - logits.max(1, keepdims=True))
        chance = odds / odds.sum(1, keepdims=True)
        hit = np.maximum((chance * right).sum(1), 1e-300)
        slope = (chance - chance * right / hit[:, None])[:, None, :] @ scores
        mean = -np.log(hit).mean() + RIDGE * (weights**2).sum()
        return float(mean), slope[:, 0].mean(0) + 2 * RIDGE * weights

    found = minimize(loss, np.zeros(len(parts) + 1), jac=True, method="L-BFGS-B").x
    return Fit(tuple(map(float, found[:-1])), float(found[-1]))


def chances(question: Weighed, parts: Sequence[int], fitted: Fit) -> NDArray[np.float64]:
    """Probability of each answer and, in the last place, of none of them."""
    logits = np.append(question.opinions[:, parts] @ np.asarray(fitted.weights), fitted.none)
    odds = np.exp(logits - logits.max())
    return np.asarray(odds / odds.sum())
