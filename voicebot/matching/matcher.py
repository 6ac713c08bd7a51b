"""All opinions added into one confidence for each answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicebot.answers import OUTSIDE, Answer, Library
from voicebot.errors import MatchingError
from voicebot.matching.head import MOST_ANSWERS, Head
from voicebot.matching.index import Features, Index
from voicebot.matching.meaning import Meaning
from voicebot.matching.spelling import Spelling

MOST = 8
"""Candidates told at most."""
NEAREST = 300
"""Answers looked at closely; only larger libraries have others."""
GROUP = 8
"""Examples weighed together where an answer stands for many different things, as those of the area `udenfor` do: all of
them as one would be near to everything and close to nothing."""
OPINIONS = ("meaning", "trained head", "letters across words", "letters within words")
EVEN = (0.2, np.inf, 0.1, 0.1)
"""Each opinion but the head's is divided by its own best score and this: badly heard words are near to nothing, and it
is then the lead over the others that counts."""
WEIGHTS, NONE = (5.67, 1.03, 11.27, 5.67), -1.05
WEIGHTS_WITHOUT_HEAD, NONE_WITHOUT_HEAD = (10.15, 0.0, 11.19, 5.14), 0.0
"""Weights of the opinions and the score of "none of them": what `voicebot tune` finds with development.tsv and
callers.tsv of tests/data, their words spoilt by 0, 20, 40 and 60 %; without the head, with development.tsv alone."""


@dataclass(frozen=True)
class Candidate:
    """An answer that may be meant. confidence: 0..1, how often such a candidate is the right one."""

    answer: str
    confidence: float


class Matcher:
    """The answers of a library, ready to be weighed against utterances; MatchingError where none has an example."""

    def __init__(self, library: Library, index: Index) -> None:
        groups = [group for answer in library.answers.values() for group in _groups(answer)]
        if not groups:
            raise MatchingError("matching.empty", "No answers with examples to choose from; add some to answers/.")
        self.ids = tuple(answer.id for answer, _ in groups)
        names = list(dict.fromkeys(self.ids))
        place = {id_: at for at, id_ in enumerate(names)}
        self._names, self._named = names, np.array([place[id_] for id_ in self.ids])
        texts = [text for answer, examples in groups for text in (*examples, answer.title, answer.offer)]
        features = index.features([*texts, *(answer.text for answer, _ in groups)])
        owners = np.repeat(np.arange(len(groups)), [len(examples) + 2 for _, examples in groups])
        vectors = features.vectors[: len(texts)]
        self._embed = index.embed
        self._meaning = Meaning(vectors, owners)
        self._head = Head(vectors, owners, index.beside) if len(groups) <= MOST_ANSWERS else None
        self._spelling = _spelling(features, owners)

    def match(self, text: str) -> tuple[Candidate, ...]:
        """The answers an utterance may mean, best first, at most eight; none for an utterance without a word."""
        if not re.search(r"\w", text):
            return ()
        among, opinions = self.opinions(text)
        confidence = np.zeros(len(self._names))
        np.add.at(confidence, self._named[among], confidences(opinions, *self._weights))
        best = np.argsort(-confidence, kind="stable")[: min(MOST, len(set(among)))]
        return tuple(Candidate(self._names[at], float(confidence[at])) for at in best)

    def opinions(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """What each opinion says of an utterance: which of `ids` were looked at, (m,), and scores, (m, OPINIONS)."""
        vector = self._embed([text])[0]
        seen = self._meaning.seen(vector)
        letters = self._spelling.scores(text)
        head = self._head.scores(vector) if self._head else np.zeros(len(self.ids), np.float32)
        among = np.arange(len(self.ids))
        if len(among) > NEAREST and self._head is None:
            rough = _relative(np.column_stack([self._meaning.rough(seen), head, letters]))
            among = np.sort(np.argpartition(-rough @ np.asarray(self._weights[0]), NEAREST)[:NEAREST])
        return among, _relative(np.column_stack([self._meaning.scores(seen, among), head[among], letters[among]]))

    def meaning(self, text: str) -> NDArray[np.float32]:
        """What an utterance means, as a unit vector, (384,), in the space where one answer's texts lie close."""
        return self._meaning.seen(self._embed([text])[0])

    @property
    def _weights(self) -> tuple[tuple[float, ...], float]:
        return (WEIGHTS, NONE) if self._head else (WEIGHTS_WITHOUT_HEAD, NONE_WITHOUT_HEAD)


def _groups(answer: Answer) -> list[tuple[Answer, tuple[str, ...]]]:
    """The examples that are weighed together, each group with its answer; none where there is no example."""
    size = GROUP if answer.area == OUTSIDE else max(1, len(answer.examples))
    return [(answer, answer.examples[at : at + size]) for at in range(0, len(answer.examples), size)]


def _relative(opinions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Opinions divided by their best and EVEN; infinite EVEN leaves one as it is."""
    best = np.maximum(opinions.max(0), 0)
    level = np.where(np.isinf(EVEN), 1, best + np.where(np.isinf(EVEN), 0, EVEN))
    return np.asarray(opinions / level, np.float32)


def _spelling(features: Features, owners: NDArray[np.intp]) -> Spelling:
    """Spelling knows the answers' own texts, too: each is put behind the examples of its answer."""
    whole = np.arange(owners[-1] + 1)
    order = np.argsort(np.append(owners, whole), kind="stable")
    return Spelling(features.groups[order], np.append(owners, whole)[order])


def confidences(opinions: NDArray[np.float32], weights: Sequence[float], none: float) -> NDArray[np.float64]:
    """Probability of each answer, by a conditional logit over all answers looked at and "none of them".

    opinions: shape (answers, len(OPINIONS)).
    """
    scores = np.append(opinions @ np.asarray(weights), none)
    odds = np.exp(scores - scores.max())
    return np.asarray(odds[:-1] / odds.sum())
