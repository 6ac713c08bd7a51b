"""The opinion of spelling: which answer's texts share rare groups of letters with an utterance."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from voicebot.matching.letters import GROUPS, counted


class Spelling:
    """Cosines of letter groups (TF-IDF) with all of an answer's texts taken as one.

    groups: counts of all texts, (n, 2 x GROUPS); owners: the answer each belongs to, (n,), ascending from 0.
    """

    def __init__(self, groups: sparse.csr_matrix, owners: NDArray[np.intp]) -> None:
        pooling = sparse.csr_matrix((np.ones(len(owners), np.float32), (owners, np.arange(len(owners)))))
        whole = pooling @ groups
        self._across, self._within = Tfidf(whole[:, :GROUPS]), Tfidf(whole[:, GROUPS:])

    def scores(self, text: str) -> NDArray[np.float32]:
        """Cosines across and within words, shape (answers, 2)."""
        groups = counted([text])
        return np.stack([self._across.cosines(groups[:, :GROUPS]), self._within.cosines(groups[:, GROUPS:])], axis=1)


class Tfidf:
    """Texts weighed by sublinear term frequency and smoothed inverse document frequency, found by their groups."""

    def __init__(self, counts: sparse.csr_matrix) -> None:
        texts, columns = counts.shape
        frequency = np.bincount(counts.indices, minlength=columns)
        self._rarity = (np.log((1 + texts) / (1 + frequency)) + 1).astype(np.float32)
        self._texts_by_group = self._weighed(counts).T.tocsr()

    def _weighed(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Rows of length one."""
        weighed = counts.tocsr(copy=True).astype(np.float32)
        weighed.data = (1 + np.log(weighed.data)) * self._rarity[weighed.indices]
        length = np.sqrt(np.add.reduceat(np.append(weighed.data**2, 0), weighed.indptr[:-1]))
        length[np.diff(weighed.indptr) == 0] = 1
        weighed.data /= np.repeat(length, np.diff(weighed.indptr))
        return weighed

    def cosines(self, query: sparse.csr_matrix) -> NDArray[np.float32]:
        """Of each text with one query, shape (1, columns): only texts that share a group are looked at."""
        found = (self._weighed(query) @ self._texts_by_group).toarray()[0]
        return np.asarray(found, np.float32)
