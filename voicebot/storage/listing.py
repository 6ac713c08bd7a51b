"""The list of calls: what it is narrowed to, page by page, newest first."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.period import Period
from voicebot.storage.story import Result
from voicebot.storage.tables import Call, Turn, UtcTime
from voicebot.storage.words import containing

PAGE = 50
COUNTED = 1000
"""More calls than this are not counted: nobody pages through them, and counting takes longer than finding."""

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)

_Absent = BeforeValidator(lambda value: None if value == "" else value)
"""A form sends its empty fields too."""
Day = Annotated[date | None, _Absent, Field(ge=_EARLIEST, le=_LATEST)]
Name = Annotated[str | None, _Absent, Field(pattern=r"^[\w.-]{1,64}$")]
YesNo = Annotated[Literal["ja", "nej"] | None, _Absent]
Yes = Annotated[Literal["ja"] | None, _Absent]


class Filter(BaseModel):
    """What a list of calls is narrowed to; the aliases are the names in the query string."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)

    first: Day = Field(None, alias="fra", description="First Danish day.")
    last: Day = Field(None, alias="til", description="Last Danish day, included.")
    municipality: Name = Field(None, alias="kommune")
    result: Annotated[Result | None, _Absent] = Field(None, alias="resultat")
    reason: Name = Field(None, alias="aarsag", description="Why the call was transferred.")
    topic: Name = Field(None, alias="emne", description="Id of the first answer given.")
    words: Annotated[str | None, _Absent, Field(max_length=200)] = Field(
        None, alias="ord", description="Beginnings of words, all of which the caller said in one go."
    )
    slow: Yes = Field(None, alias="langsom")
    unsure: Yes = Field(None, alias="usikker")
    open: YesNo = Field(None, alias="aabent", description="Whether it came within opening hours.")
    satisfied: YesNo = Field(None, alias="tilfreds")
    mark: Annotated[Literal["right", "wrong", "none"] | None, _Absent] = Field(None, alias="maerke")
    group: Annotated[int | None, _Absent, Field(ge=1, le=2**31 - 1)] = Field(None, alias="gruppe")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise ValueError("fra-til")
        return self

    @classmethod
    def read(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The filter of a query string without what cannot be understood of it, and what that was, in Danish."""
        given = {name: query[name] for name in _ALIASES if name in query}
        faults: list[str] = []
        while True:
            try:
                return cls.model_validate(given), faults
            except ValidationError as fault:
                wrong = {str(error["loc"][0]) if error["loc"] else "til" for error in fault.errors()}
                faults += [
                    _COMPLAINTS.get(name, f"“{name}” kunne ikke bruges og er udeladt.") for name in sorted(wrong)
                ]
                given = {name: value for name, value in given.items() if name not in wrong}

    def chosen(self) -> dict[str, str]:
        """What is narrowed, as in the query string."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def query(self, **changed: str | None) -> str:
        """The query string with some names set, or taken out by None."""
        values = {name: value for name, value in (self.chosen() | changed).items() if value is not None}
        return urlencode(values)


_ALIASES = [str(field.alias) for field in Filter.model_fields.values()]
_COMPLAINTS = {
    "fra": "Fra-datoen er ikke en dato som 2026-11-01, og er udeladt.",
    "til": "Til-datoen er ikke en dato, der ligger på eller efter fra-datoen, og er udeladt.",
    "resultat": "Det resultat kendes ikke, og er udeladt.",
    "ord": "Der blev søgt på mere end 200 tegn; søgningen er udeladt.",
    "kommune": "Det er ikke navnet på en kommune, og er udeladt.",
    "emne": "Det er ikke navnet på et emne, og er udeladt.",
    "aarsag": "Den årsag kendes ikke, og er udeladt.",
    "gruppe": "Gruppen er ikke et nummer, og er udeladt.",
}


@dataclass(frozen=True)
class Cursor:
    """A place in the list: the calls older than this one, or those newer."""

    older: bool
    started: datetime
    call: str

    def __str__(self) -> str:
        """As in the query string."""
        micro = round((self.started - _EPOCH) / timedelta(microseconds=1))
        return f"{'ned' if self.older else 'op'}.{micro}.{self.call}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of a query string; None if it is none."""
        found = re.fullmatch(r"(ned|op)\.(\d{1,17})\.([\x20-\x7e]{1,64})", text)
        return cls(found[1] == "ned", _EPOCH + timedelta(microseconds=int(found[2])), found[3]) if found else None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class CallPage:
    """Some calls of the list, newest first; newer, older: cursors to the pages before and after, where there are any.

    count: how many calls the whole list has; None: more than `COUNTED`. first_words: what the caller said first, by
    the call's id, where words were asked for and are kept.
    """

    calls: Sequence[Call]
    newer: str | None
    older: str | None
    count: int | None
    first_words: Mapping[str, str]


async def page_of_calls(
    session: AsyncSession, filter_: Filter, cursor: Cursor | None = None, *, words: bool = False
) -> CallPage:
    """A page of the list after `cursor`, or its first; words: whether what callers said goes with it."""
    found = list((await session.scalars(page_query(session, filter_, cursor))).all())
    more, found = len(found) > PAGE, found[:PAGE]
    upwards = cursor is not None and not cursor.older
    if upwards:
        found.reverse()
    newer = bool(found) and (more if upwards else cursor is not None)
    older = bool(found) and (upwards or more)
    return CallPage(
        found,
        str(Cursor(False, found[0].started, found[0].id)) if newer else None,
        str(Cursor(True, found[-1].started, found[-1].id)) if older else None,
        await _count(session, filter_) if newer or older else len(found),
        await _first_words(session, [call.id for call in found]) if words else {},
    )


def page_query(session: AsyncSession, filter_: Filter, cursor: Cursor | None) -> Select[Any]:
    """What finds a page and one call more; a page upwards comes oldest first."""
    query = select(Call).where(*_conditions(session, filter_)).limit(PAGE + 1)
    if cursor is None:
        return query.order_by(Call.started.desc(), Call.id.desc())
    here, place = tuple_(Call.started, Call.id), tuple_(literal(cursor.started, UtcTime), literal(cursor.call))
    if cursor.older:
        return query.where(here < place).order_by(Call.started.desc(), Call.id.desc())
    return query.where(here > place).order_by(Call.started, Call.id)


async def every_call(session: AsyncSession, filter_: Filter, *, words: bool) -> AsyncIterator[Row[Call, str | None]]:
    """All calls of the list, as (call, the caller's first words), fetched little by little."""
    first = select(Turn.text).where(Turn.call_id == Call.id).order_by(Turn.number).limit(1).scalar_subquery()
    query = select(Call, first if words else literal(None)).where(*_conditions(session, filter_))
    ordered = query.order_by(Call.started.desc(), Call.id.desc()).execution_options(yield_per=500)
    async for row in await session.stream(ordered):
        yield row


def _conditions(session: AsyncSession, filter_: Filter) -> list[ColumnElement[bool]]:
    days = Period(filter_.first or _EARLIEST, filter_.last or _LATEST)
    equal = {
        Call.municipality: filter_.municipality,
        Call.result: filter_.result,
        Call.reason: filter_.reason,
        Call.topic: filter_.topic,
        Call.slow: filter_.slow and True,
        Call.unsure: filter_.unsure and True,
        Call.outside_hours: filter_.open and filter_.open == "nej",
        Call.satisfied: filter_.satisfied and filter_.satisfied == "ja",
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if filter_.first:
        conditions.append(Call.started >= days.begins)
    if filter_.last:
        conditions.append(Call.started < days.ends)
    if filter_.mark:
        conditions.append(Call.mark.is_(None) if filter_.mark == "none" else Call.mark == filter_.mark)
    if filter_.group:
        conditions.append(Call.id.in_(select(Turn.call_id).where(Turn.group_id == filter_.group)))
    if filter_.words:
        conditions.append(Call.id.in_(containing(filter_.words, session.get_bind().dialect.name)))
    return conditions


async def _count(session: AsyncSession, filter_: Filter) -> int | None:
    some = select(Call.id).where(*_conditions(session, filter_)).limit(COUNTED + 1).subquery()
    count = await session.scalar(select(func.count()).select_from(some)) or 0
    return count if count <= COUNTED else None


async def _first_words(session: AsyncSession, calls: Sequence[str]) -> dict[str, str]:
    turns = select(Turn.call_id, Turn.text).where(Turn.call_id.in_(calls)).order_by(Turn.number.desc())
    return {call: text for call, text in (await session.execute(turns)).all() if text}
