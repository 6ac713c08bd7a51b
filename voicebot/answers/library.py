"""What `answers/` holds, as frozen objects with the municipality's facts filled in.

The annotations are also the rules for the shape of the files: pydantic checks a file against them.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, with_config


def _like(pattern: str, what: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"skal være {what}")
        return text

    return AfterValidator(check)


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueError("skal være en dato som 2026-11-20") from None


Text = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""As long as the record takes one."""
Https = Annotated[str, _like(r"https://\S+", "adressen på en offentlig side, der begynder med https://")]
Day = Annotated[date, BeforeValidator(_day)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _hours(text: object) -> tuple[time, time]:
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", str(text))
    try:
        opens, closes = map(time.fromisoformat, found.groups() if found else ())
    except ValueError:
        raise ValueError('skal være tider som "09:00-15:00", i anførselstegn') from None
    if opens >= closes:
        raise ValueError("skal åbne, før der lukkes")
    return opens, closes


Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
E164 = Annotated[str, _like(r"\+[1-9]\d{7,14}", "et telefonnummer som +4546313000, i anførselstegn")]
_STRICT = ConfigDict(extra="forbid")


OUTSIDE = "udenfor"
"""Area of what citizens ask that others help with: never answered as ours, never offered."""


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file; `message` says what, and what to do about it. line counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """`file:line: message`, as editors read it."""
        return f"{self.file}:{self.line}: {self.message}"


@with_config(_STRICT)
@dataclass(frozen=True)
class Choice:
    """One way to go on after an answer: how it is named, how callers say it, and the answer it leads to."""

    offer: Text
    examples: Annotated[tuple[Text, ...], Field(min_length=1)]
    to: Text


@with_config(_STRICT)
@dataclass(frozen=True)
class FollowUp:
    """A question asked after an answer, where the right advice depends on the caller's case."""

    ask: Text
    choices: Annotated[tuple[Choice, ...], Field(min_length=1)]


@with_config(_STRICT)
@dataclass(frozen=True)
class Difference:
    """A question that tells answers apart, instead of "Handler det om A, B eller C?".

    It is asked where a caller names no more than the subject (`said`, in any company of words that tell nothing), or
    where all likely answers are among its choices. `ask` names the choices in their order, as digits and "den første"
    count them: as many as a caller can keep in mind.
    """

    ask: Text
    choices: Annotated[tuple[Choice, ...], Field(max_length=3)]
    said: tuple[Text, ...] = ()


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class Answer:
    """An approved answer.

    `offer` names it in a clarifying question ("Handler det om …?"); `area` is the folder it lies in;
    `text` stands as `answer` in the file.
    """

    id: Id
    title: Text
    offer: Text
    examples: tuple[Text, ...]
    text: Annotated[Text, Field(validation_alias="answer")]
    area: str
    follow_up: FollowUp | None = None
    sms: Text | None = None
    source: Https
    reviewed: Day


@with_config(_STRICT)
@dataclass(frozen=True)
class Municipality:
    """A municipality: the numbers it answers on and where it sends callers (E.164), and its facts for the texts."""

    id: Id
    name: Text
    numbers: tuple[E164, ...]
    transfer_number: E164
    facts: Mapping[str, Any]
    opening_hours: Mapping[Weekday, Hours] = field(default_factory=dict)
    """When people answer the telephone, Danish time; a day that is not there is closed; none at all: not known."""

    @property
    def named_facts(self) -> Mapping[str, Any]:
        """All that texts may name between double braces."""
        return {**self.facts, "municipality": asdict(self)}

    def is_open(self, moment: datetime) -> bool | None:
        """Whether people answer the telephone at a moment of Danish time; None: not known."""
        if not self.opening_hours:
            return None
        hours = self.opening_hours.get(WEEKDAYS[moment.weekday()])
        return hours is not None and hours[0] <= moment.time() < hours[1]


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The bot's standing sentences; the `clarify_…` and `near_…` pieces hold `{offer}`, the others no placeholder."""

    greeting: Text
    busy: Text
    filler: Text
    still_working: Text
    not_understood: Text
    offer_human: Text
    clarify_one: Text
    clarify_either: Text
    clarify_first: Text
    clarify_next: Text
    clarify_last: Text
    which_one: Text
    anything_else: Text
    go_on: Text
    transfer: Text
    still_there: Text
    goodbye: Text
    goodbye_silence: Text
    out_of_scope: Text
    can_help: Text
    near_first: Text
    near_more: Text
    not_in_answer: Text
    slower: Text
    shorter: Text
    fault: Text
    repeat_nothing: Text
    too_long: Text
    rate: str = ""
    """Asks, before the farewell, whether the caller got an answer; empty: nobody is asked."""


@dataclass(frozen=True)
class Library:
    """All a bot of one municipality can say; `answers` by id, `differences` by subject."""

    municipality: Municipality
    answers: Mapping[str, Answer]
    phrases: Phrases
    differences: Mapping[str, Difference]

    @cached_property
    def outside(self) -> frozenset[str]:
        """Ids of the answers that only say who else helps."""
        return frozenset(id_ for id_, answer in self.answers.items() if answer.area == OUTSIDE)
