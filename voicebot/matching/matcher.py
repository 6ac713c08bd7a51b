"""All opinions added into one confidence for each answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicebot.answers import Library
from voicebot.errors import MatchingError
from voicebot.matching.head import MOST_ANSWERS, Head
from voicebot.matching.index import Features, Index
from voicebot.matching.meaning import Meaning
from voicebot.matching.spelling import Spelling

MOST = 5
"""Candidates told at most."""
NEAREST = 300
"""Answers looked at closely; only larger libraries have others."""
OPINIONS = ("meaning", "trained head", "letters across words", "letters within words")
WEIGHTS, NONE = (9.71, 0.70, 18.23, 17.23), -0.82
WEIGHTS_WITHOUT_HEAD, NONE_WITHOUT_HEAD = (22.6, 0.0, 29.6, 16.7), 6.1
"""Weights of the opinions and the score of "none of them"."""


@dataclass(frozen=True)
class Candidate:
    """An answer that may be meant. confidence: 0..1, how often such a candidate is the right one."""

    answer: str
    confidence: float


class Matcher:
    """The answers of a library, ready to be weighed against utterances; MatchingError where none has an example."""

    def __init__(self, library: Library, index: Index) -> None:
        answers = [answer for answer in library.answers.values() if answer.examples]
        if not answers:
            raise MatchingError("matching.empty", "No answers with examples to choose from; add some to answers/.")
        self.ids = tuple(answer.id for answer in answers)
        short = [(*answer.examples, answer.title, answer.offer) for answer in answers]
        texts = [text for group in short for text in group]
        features = index.features([*texts, *(answer.text for answer in answers)])
        owners = np.repeat(np.arange(len(answers)), [len(group) for group in short])
        self._embed = index.embed
        vectors = features.vectors[: len(texts)]
        self._meaning = Meaning(vectors, owners)
        self._head = Head(vectors, owners, index.beside("head")) if len(answers) <= MOST_ANSWERS else None
        self._spelling = _spelling(features, owners)

    def match(self, text: str) -> tuple[Candidate, ...]:
        """The answers an utterance may mean, best first, at most five; none for an utterance without a word."""
        if not re.search(r"\w", text):
            return ()
        among, opinions = self.opinions(text)
        confidence = confidences(opinions, *self._weights)
        best = np.argsort(-confidence, kind="stable")[:MOST]
        return tuple(Candidate(self.ids[among[at]], float(confidence[at])) for at in best)

    def opinions(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """What each opinion says of an utterance: the answers looked at, (m,), and scores, (m, len(OPINIONS))."""
        vector = self._embed([text])[0]
        seen = self._meaning.seen(vector)
        letters, known = self._spelling.scores(text)
        head = known * self._head.scores(vector) if self._head else np.zeros(len(self.ids), np.float32)
        among = np.arange(len(self.ids))
        if len(among) > NEAREST:
            rough = np.column_stack([self._meaning.rough(seen), head, letters]) @ np.asarray(
                self._weights[0], np.float32
            )
            among = np.sort(np.argpartition(-rough, NEAREST)[:NEAREST])
        return among, np.column_stack([self._meaning.scores(seen, among), head[among], letters[among]])

    @property
    def _weights(self) -> tuple[tuple[float, ...], float]:
        return (WEIGHTS, NONE) if self._head else (WEIGHTS_WITHOUT_HEAD, NONE_WITHOUT_HEAD)


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
