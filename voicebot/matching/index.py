"""What is worked out of the answers' texts, kept on disk: only texts that are new cost time."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from voicebot.matching import keeping
from voicebot.matching.embedding import Embedder
from voicebot.matching.letters import GROUPS, counted

BATCH = 32
"""Texts embedded at once: others who wait for the model wait for one batch at most."""


@dataclass(frozen=True)
class Features:
    """Of n texts: unit vectors, float32 (n, 384), and counts of letter groups, float32 (n, 2 x GROUPS)."""

    vectors: NDArray[np.float32]
    groups: sparse.csr_matrix


_NOTHING: tuple[dict[str, int], Features] = (
    {},
    Features(np.zeros((0, 0), np.float32), sparse.csr_matrix((0, 2 * GROUPS), dtype=np.float32)),
)


class Index:
    """Features of texts, looked up by the sha256 of the text, and worked out where they are new.

    file: where they are kept between runs; its name must change with the embedding model. None: nowhere. keeps: False
    only reads there what others have kept.
    A file that is damaged or cannot be written costs only time. show(done, new): told after each batch how many of the
    new texts have been worked out; never where nothing is new.
    """

    def __init__(
        self,
        embed: Embedder,
        file: Path | None = None,
        show: Callable[[int, int], None] = lambda _, __: None,
        *,
        keeps: bool = True,
    ) -> None:
        self.embed = embed
        self._file = file
        self._show = show
        self._keeps = keeps

    def trying(self, embed: Embedder) -> "Index":
        """An index for texts that are only tried out: it knows what this one has kept, and keeps none of its own."""
        return Index(embed, self._file, keeps=False)

    def beside(self, what: str) -> Path | None:
        """The file for something else worked out of the same texts; None where nothing is kept."""
        return self._file.with_name(f"{self._file.stem}-{what}.npz") if self._file else None

    def features(self, texts: Sequence[str]) -> Features:
        """Features of the texts, in their order."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known, kept = self._read()
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            kept = _joined(kept, self._worked_out(list(new.values())))
            known = known | {key: len(known) + at for at, key in enumerate(new)}
            if self._keeps:
                self._write(list(known), kept)
        rows = [known[key] for key in keys]
        return Features(kept.vectors[rows], kept.groups[rows])

    def _worked_out(self, texts: list[str]) -> Features:
        """Features of texts, embedded from the shortest to the longest: like lengths share a batch."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), 0), np.float32)
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            some = self.embed([texts[at] for at in batch])
            vectors = vectors if vectors.shape[1] else np.zeros((len(texts), some.shape[1]), np.float32)
            vectors[batch] = some
            self._show(first + len(batch), len(order))
        return Features(vectors, counted(texts))

    def _read(self) -> tuple[dict[str, int], Features]:
        """The place of each text that is known, and the features kept; none where the file is of no use."""
        stored = keeping.read(self._file)
        try:
            keys = stored["keys"].tolist()
            parts = (stored["counts"].astype(np.float32), stored["columns"], stored["starts"])
            groups = sparse.csr_matrix(parts, shape=(len(keys), 2 * GROUPS))
            vectors = stored["vectors"]
        except (KeyError, ValueError):
            return _NOTHING
        if len(vectors) != len(keys):
            return _NOTHING
        return {key: at for at, key in enumerate(keys)}, Features(vectors, groups)

    def _write(self, keys: list[str], features: Features) -> None:
        groups = features.groups
        keeping.write(
            self._file,
            keys=np.array(keys),
            vectors=features.vectors,
            counts=np.minimum(groups.data, 255).astype(np.uint8),
            columns=groups.indices,
            starts=groups.indptr,
        )


def _joined(old: Features, new: Features) -> Features:
    if not len(old.vectors):
        return new
    return Features(np.vstack([old.vectors, new.vectors]), sparse.vstack([old.groups, new.groups], format="csr"))
