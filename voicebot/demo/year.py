"""A year of invented calls as rows of the record's tables: figures of all of them, words of the last ninety days."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from voicebot.demo.courses import invent
from voicebot.demo.rhythm import DAYS, moments
from voicebot.demo.talk import Talk
from voicebot.demo.themes import COMMENTS, THEMES, Theme
from voicebot.demo.town import Topic, Town
from voicebot.storage import tallies
from voicebot.storage.period import ZONE
from voicebot.storage.story import Story, Summary

WORDS_DAYS = 90
"""For how long words are kept, as retention does where nothing else is chosen."""
SKILL = (0.75, 0.88)
"""How well the bot understands at the beginning and at the end of the year."""
_MARKED = 0.02
"""Share of the calls with words that an operator has judged."""

Row = dict[str, Any]
Subject = tuple[str, str]
"""A municipality, and what was asked there in vain."""


@dataclass(frozen=True)
class Told:
    """One call as rows of `calls`, `turns` and `events`."""

    call: Row
    turns: list[Row]
    events: list[Row]


@dataclass
class Year:
    """The year before `now`; the first of `towns` has most of the calls. The same seed makes the same year."""

    towns: Sequence[Town]
    size: int
    now: datetime
    seed: int
    counts: dict[str, Counter[tallies.Key]] = field(default_factory=lambda: defaultdict(Counter))
    """By municipality, of the calls up to now told."""

    def __post_init__(self) -> None:
        """Chance begins."""
        self._random = Random(self.seed)  # noqa: S311 - no secret hangs on it
        self._words_since = self.now - timedelta(days=WORDS_DAYS)

    def groups(self) -> Iterator[tuple[Subject, Row]]:
        """A group for whatever may be asked in vain, as yet without turns."""
        for town in self.towns:
            subjects: list[Topic | Theme] = [*THEMES, *town.topics]
            for subject in subjects:
                elsewhere = isinstance(subject, Topic) and subject.area == "udenfor"
                not_ours = elsewhere or self._random.random() < 0.03
                row = {
                    "municipality": town.id,
                    "label": subject.said[0],
                    "centre": b"",  # worked out by whoever groups the next questions
                    "size": 0,
                    "state": "not_ours" if not_ours else "open",
                    "answer": None,
                    "created": self.now - timedelta(days=self._random.randrange(20, DAYS)),
                    "decided": self.now - timedelta(days=10) if not_ours else None,
                }
                yield (town.id, _name(subject)), row

    def calls(self, groups: Mapping[Subject, int]) -> Iterator[Told]:
        """Every call, in the order they begin; groups: the ids that those of `groups()` were given."""
        most = [8.0, *(2.0 / len(self.towns[1:]) for _ in self.towns[1:])]
        for moment in moments(self._random, self.size, self.now):
            started = datetime.fromtimestamp(moment, UTC)
            local = started.astimezone(ZONE)
            town = self._random.choices(self.towns, most)[0]
            passed = 1 - (self.now - started) / timedelta(days=DAYS)
            talk = invent(self._random, town, local.month, SKILL[0] + (SKILL[1] - SKILL[0]) * passed)
            story = Story()
            for event in talk.events:
                story.hear(*event)
            summary = story.summary(started, town.id, not _open(town, local))
            self.counts[town.id].update(tallies.of_call(summary))
            yield self._rows(f"CA{self._random.getrandbits(128):032x}", talk, summary, groups)

    def _rows(self, id_: str, talk: Talk, summary: Summary, groups: Mapping[Subject, int]) -> Told:
        random, kept = self._random, summary.started >= self._words_since
        caller = int(self.size * random.random() ** 1.6)  # some call often, most once or twice
        hidden = random.random() < 0.04
        call = summary.columns() | {
            "id": id_,
            "channel": "web" if random.random() < 0.02 else "twilio",
            "municipality": summary.municipality,
            "started": summary.started,
            "caller_hash": None if hidden else hashlib.sha256(f"{caller}".encode()).hexdigest(),
            "caller_last_two": None if hidden else f"{caller * 37 % 100:02d}",
            "caller_number": None,
            **(self._judged(summary) if kept and random.random() < _MARKED else {"mark": None, "comment": None}),
        }
        turns = summary.turn_rows(id_)
        for turn, wish in zip(turns, talk.wishes, strict=True):
            turn["group_id"] = groups[summary.municipality, _name(wish)] if turn["unanswered"] else None
            turn["text"] = turn["text"] if kept else None
        events = [
            {"call_id": id_, "seq": seq, "at": at, "type": type_, "data": data}
            for seq, (type_, at, data) in enumerate(talk.events if kept else ())
        ]
        return Told(call, turns, events)

    def _judged(self, summary: Summary) -> dict[str, str | None]:
        right = self._random.random() < (0.85 if summary.result == "settled" else 0.4)
        comment = self._random.choice(COMMENTS) if self._random.random() < 0.3 else None
        return {"mark": "right" if right else "wrong", "comment": comment}


def tally_rows(counts: Mapping[str, Mapping[tallies.Key, int]]) -> list[Row]:
    """The rows of `tallies`."""
    return [
        {"municipality": municipality, "what": what, "day": day, "hour": hour, "of": of, "n": n}
        for municipality, counted in counts.items()
        for (what, day, hour, of), n in counted.items()
    ]


def _open(town: Town, moment: datetime) -> bool:
    """Where the opening hours are not known, those of most town halls."""
    known = town.library.municipality.is_open(moment)
    return known if known is not None else moment.weekday() < 5 and 9 <= moment.hour < 15


def _name(subject: Topic | Theme) -> str:
    return subject.id if isinstance(subject, Topic) else subject.said[0]
