"""Test questions as vectors, worked out once and remembered between runs of the bot."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from voicebot.matching import Index


class Remembering:
    """An embedder that has remembered some texts."""

    def __init__(self, index: Index) -> None:
        self._embed, self._file = index.embed, index.beside("questions")
        self._known: dict[str, NDArray[np.float32]] = {}

    def remember(self, texts: Sequence[str], show: Callable[[int], None]) -> None:
        """Work out those that are new; show(n): n of them are done."""
        if self._known.keys() >= set(texts):
            return
        vectors = Index(self._embed, self._file, lambda done, _: show(done)).features(texts).vectors
        self._known = dict(zip(texts, vectors, strict=True))

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of the texts, (n, 384)."""
        known = [self._known.get(text) for text in texts]
        found = [vector for vector in known if vector is not None]
        return np.stack(found) if len(found) == len(texts) > 0 else self._embed(texts)
