"""All opinions added into one confidence for each answer."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicebot.answers import Library
from voicebot.errors import MatchingError
from voicebot.matching.index import Features, Index
from voicebot.matching.meaning import Meaning
from voicebot.matching.spelling import Spelling

MOST = 5
"""Candidates told at most."""
NEAREST = 300
"""Answers looked at closely; only larger libraries have others."""
PARTS = ("meaning", "letters across words", "letters within words", "single examples")
"""Names of the opinions, in the order of `weights`."""
WEIGHTS = (22.6, 29.6, 16.7, 0.9)
NONE = 6.1
"""Weights of the opinions, and the score of "none of them"."""


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
        self._meaning = Meaning(features.vectors[: len(texts)], owners)
        self._spelling = _spelling(features, owners)

    def match(self, text: str) -> tuple[Candidate, ...]:
        """The answers an utterance may mean, best first, at most five; none for an utterance without a word."""
        if not re.search(r"\w", text):
            return ()
        among, opinions = self.opinions(text)
        confidence = confidences(opinions)
        best = np.argsort(-confidence, kind="stable")[:MOST]
        return tuple(Candidate(self.ids[among[at]], float(confidence[at])) for at in best)

    def opinions(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """What each opinion says of an utterance: the answers looked at, (m,), and scores, (m, len(PARTS))."""
        seen = self._meaning.seen(self._embed([text])[0])
        spelling = self._spelling.scores(text)
        among = np.arange(len(self.ids))
        if len(among) > NEAREST:
            rough = WEIGHTS[0] * self._meaning.rough(seen) + spelling @ np.asarray(WEIGHTS[1:], np.float32)
            among = np.sort(np.argpartition(-rough, NEAREST)[:NEAREST])
        return among, np.column_stack([self._meaning.scores(seen, among), spelling[among]])


def _spelling(features: Features, owners: NDArray[np.intp]) -> Spelling:
    """Spelling knows the answers' own texts, too: each is put behind the examples of its answer."""
    whole = np.arange(owners[-1] + 1)
    order = np.argsort(np.append(owners, whole), kind="stable")
    return Spelling(features.groups[order], np.append(owners, whole)[order])


def confidences(opinions: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probability of each answer, by a conditional logit over all answers looked at and "none of them".

    opinions: shape (answers, len(PARTS)).
    """
    scores = np.append(opinions @ np.asarray(WEIGHTS), NONE)
    odds = np.exp(scores - scores.max())
    return np.asarray(odds[:-1] / odds.sum())
