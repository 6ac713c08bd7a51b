"""The opinion of meaning: which answer's texts lie nearest to an utterance, by sentence embeddings."""

import numpy as np
from numpy.typing import NDArray

SHRINK = 0.7
"""Share of the plain metric in the whitened one (Ledoit and Wolf's shrinkage towards a multiple of the identity)."""
SOFTNESS = 0.1
"""Width of the soft maximum over an answer's texts: smaller comes nearer to the best one alone."""


class Meaning:
    """Cosines of an utterance with an answer's texts, in a space where the texts of one answer lie close together.

    Taking away the mean spreads e5's squeezed cosines; whitening by the covariance within the answers (as linear
    discriminant analysis does) weighs little what differs between ways of asking for the same.

    vectors: unit vectors of all texts, (n, 384); owners: the answer each belongs to, (n,), ascending from 0.
    """

    def __init__(self, vectors: NDArray[np.float32], owners: NDArray[np.intp]) -> None:
        self._starts = np.flatnonzero(np.diff(owners, prepend=-1))
        self._counts = np.diff(np.append(self._starts, len(owners)))
        self._mean = vectors.mean(0)
        centred = unit(vectors - self._mean)
        middles = self._middles_of(centred)
        self._middle = middles.mean(0)
        self._metric = _whitening(centred - middles[owners])
        self._texts = self._seen(vectors)
        self._middles = unit(self._middles_of(self._texts))

    def _middles_of(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        sums = np.add.reduceat(rows, self._starts, axis=0)
        return np.asarray(sums / self._counts[:, None], np.float32)

    def _seen(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unit vectors as this space shows them."""
        return unit((unit(vectors - self._mean) - self._middle) @ self._metric)

    def seen(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """An utterance's unit vector, (384,), as this space shows it."""
        return np.asarray(self._seen(vector[None])[0], np.float32)

    def rough(self, seen: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines with the middles of all answers: what is worth a closer look."""
        return np.asarray(self._middles @ seen, np.float32)

    def scores(self, seen: NDArray[np.float32], among: NDArray[np.intp]) -> NDArray[np.float32]:
        """Soft maximum of the cosines with the texts of each answer in `among`."""
        counts = self._counts[among]
        starts = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) + np.repeat(self._starts[among] - starts, counts)
        texts = self._texts if len(among) == len(self._starts) else self._texts[rows]
        near = np.exp((texts @ seen) / SOFTNESS)
        return np.asarray(SOFTNESS * np.log(np.add.reduceat(near, starts) / counts), np.float32)


def _whitening(spread: NDArray[np.float32]) -> NDArray[np.float32]:
    """The metric in which `spread`, shape (n, d), is the same in every direction, or nearly, for it is shrunk."""
    covariance = spread.T @ spread / len(spread)
    size = len(covariance)
    level = max(float(np.trace(covariance)) / size, 1e-9)
    shrunk = (1 - SHRINK) * covariance + SHRINK * level * np.eye(size)
    return np.asarray(np.linalg.cholesky(np.linalg.inv(shrunk)), np.float32)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors of length one, in rows."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
