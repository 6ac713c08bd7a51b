"""What the citizens of a municipality call about, and what its bot says: weights over the real library."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from random import Random

from voicebot.answers import Answer, Library
from voicebot.demo.themes import THEMES, Theme
from voicebot.speech_text import clauses

_AREAS = {"pas": 6, "koerekort": 4, "flytning": 4, "mitid": 5, "affald": 6, "ydelser": 2.5, "boern": 2.2, "bolig": 1.5,
          "aeldre": 1.5, "sundhed": 1.8, "pension": 2.5, "vej": 1.5, "udenfor": 0.25, "samtale": 0, "noed": 0,
          "afvis": 0.3}  # fmt: skip
"""How often an answer of an area is asked for, against 1 for the others."""
_SEASONS = {
    "pas": (1, 1, 1.3, 1.6, 2.2, 2.4, 1.5, 0.8, 0.8, 0.9, 0.8, 0.8),
    "vej": (2.2, 2, 1, 0.8, 0.8, 0.8, 0.7, 0.8, 0.9, 1, 1.2, 2),
    "affald": (1.6, 1, 1, 1.3, 1.2, 1.1, 1, 1, 1, 1, 1, 1.3),
    "boern": (1.2, 1, 1.2, 1, 1, 1, 0.7, 2, 1.3, 1, 1, 1),
    "flytning": (1, 0.9, 0.9, 1, 1, 1.2, 1.5, 1.7, 1.2, 1, 0.9, 0.8),
    "ydelser": (1.8, 1.3, 1, 1, 1, 1, 0.9, 1, 1, 1, 1, 1),
}
"""How often in each month, against all the year."""
_OPENERS = ("Hej, ", "Goddag. ", "Øh, ", "Ja hej, ", "Ja, goddag. ", "Hallo? ", "Altså, ")
_OPENED = 0.2
"""Share of the utterances that begin with one of them."""


@dataclass(frozen=True)
class Topic:
    """An answer of the library as callers and bot speak it. hard: 0..1, how often it is not understood."""

    id: str
    area: str
    said: tuple[str, ...]
    pieces: tuple[str, ...]
    offer: str
    weight: float
    hard: float


@dataclass(frozen=True)
class Town:
    """A municipality's library, with how often each of its answers is asked for."""

    library: Library
    topics: Sequence[Topic]

    @classmethod
    def of(cls, library: Library, seed: int) -> "Town":
        """Some answers of an area are asked for much more often than others; chance says which."""
        random = Random(seed)  # noqa: S311 - no secret hangs on it
        return cls(library, [_topic(answer, random) for answer in sorted(library.answers.values(), key=lambda a: a.id)])

    @property
    def id(self) -> str:
        """The municipality's."""
        return self.library.municipality.id

    @cached_property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """The standing sentences, in the pieces that are spoken."""
        return {name: clauses(text) for name, text in vars(self.library.phrases).items()}

    @cached_property
    def _by_month(self) -> list[list[float]]:
        return [
            list(accumulate(topic.weight * _SEASONS.get(topic.area, (1,) * 12)[month] for topic in self.topics))
            for month in range(12)
        ]

    @cached_property
    def _by_area(self) -> Mapping[str, list[Topic]]:
        return {topic.area: [other for other in self.topics if other.area == topic.area] for topic in self.topics}

    @cached_property
    def _by_id(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    def topic(self, random: Random, month: int) -> Topic:
        """What one caller of a month (1..12) wants to know."""
        return random.choices(self.topics, cum_weights=self._by_month[month - 1])[0]

    def known(self, id_: str) -> Topic:
        """The topic of an id."""
        return self._by_id[id_]

    def like(self, random: Random, topic: Topic) -> list[Topic]:
        """Two others that it may be taken for."""
        near = self._by_area[topic.area]
        return [other for other in random.sample(near, min(3, len(near))) if other is not topic][:2]

    def theme(self, random: Random, month: int) -> Theme:
        """What one caller of a month asks in vain."""
        return random.choices(THEMES, cum_weights=_THEMES_BY_MONTH[month - 1])[0]


def said(random: Random, words: Sequence[str]) -> str:
    """One of several ways to say it, as callers begin."""
    text = random.choice(words)
    if random.random() > _OPENED:
        return text
    opener = random.choice(_OPENERS)
    return opener + (text[:1].lower() + text[1:] if opener.endswith(", ") else text)


def _topic(answer: Answer, random: Random) -> Topic:
    weight = _AREAS.get(answer.area, 1.0) * random.paretovariate(2)
    texts = tuple(re.sub(r"\s+", " ", text) for text in answer.examples) or (answer.title,)
    hard = random.betavariate(1.2, 6)
    return Topic(answer.id, answer.area, texts, clauses(answer.text), answer.offer, weight, hard)


_THEMES_BY_MONTH = [
    list(accumulate(theme.weight * (not theme.months or month in theme.months) for theme in THEMES))
    for month in range(1, 13)
]
