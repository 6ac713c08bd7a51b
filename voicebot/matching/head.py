"""The opinion of a classifier trained on the library alone: what tells its answers apart."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from voicebot.matching import keeping
from voicebot.matching.meaning import unit

MOST_ANSWERS = 1000
"""Answers up to which there is a head: its training takes time with their square. More are weighed without it."""
STRENGTH = 30.0
"""Inverse strength of the regularisation (scikit-learn's C)."""
KEPT = 6
"""Heads kept on disk, 0.7 MB each: the one in use, some that are tried out, and those one may go back to."""
TOLERANCE, ROUNDS = 1e-4, 200
"""When training ends."""
FLOOR = -4.0
"""Least log-probability: the head is sure even of badly heard words, so it may not exclude what the others favour."""


class Head:
    """Logistic regression over sentence vectors, trained again only where a text has changed.

    vectors: unit vectors of all texts, (n, 384); owners: the answer each belongs to, (n,). beside: where the last few
    are kept, by the key of what they were trained on, so that texts tried out are quickly published or rolled back;
    None: nowhere. A file that is damaged or cannot be written costs only time.
    """

    def __init__(
        self, vectors: NDArray[np.float32], owners: NDArray[np.intp], beside: Callable[[str], Path | None]
    ) -> None:
        self._mean = vectors.mean(0)
        key = hashlib.sha256(vectors.tobytes() + owners.tobytes() + f"{STRENGTH} {TOLERANCE}".encode()).hexdigest()
        file = beside(f"head-{key[:16]}")
        stored = keeping.read(file)
        if {"key", "weights"} <= stored.keys() and stored["key"].item() == key:
            weights = np.asarray(stored["weights"], np.float32)
        else:
            weights = _trained(unit(vectors - self._mean), owners)
            keeping.write(file, key=np.array(key), weights=weights)
        if file:
            keeping.keep_newest(file, beside("head-*"), KEPT)
        self._weights = weights

    def scores(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-probability of each answer for an utterance's unit vector, (384,)."""
        seen = unit((vector - self._mean)[None])[0]
        logits = self._weights[:, :-1] @ seen + self._weights[:, -1]
        odds = np.exp(np.maximum(logits - logits.max(), -50))
        return np.asarray(np.maximum(np.log(odds / odds.sum()), FLOOR), np.float32)


def _trained(vectors: NDArray[np.float32], owners: NDArray[np.intp]) -> NDArray[np.float32]:
    """Weights and, in the last column, biases; shape (answers, 385)."""
    answers = int(owners[-1]) + 1
    if answers == 1:
        return np.zeros((1, vectors.shape[1] + 1), np.float32)
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=TOLERANCE).fit(vectors, owners)
    weights = np.column_stack([model.coef_, model.intercept_]).astype(np.float32)
    both = weights if answers > 2 else np.vstack([-weights, weights]) / 2  # of two classes only one has weights
    return np.asarray(both, np.float32)
