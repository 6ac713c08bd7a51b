"""What a list of calls is narrowed to, and a place in it, as they stand in a query string."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from voicebot.storage.story import Result

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)

_Absent = BeforeValidator(lambda value: None if value == "" else value)
"""A form sends its empty fields too."""
Day = Annotated[Annotated[date, Field(ge=_EARLIEST, le=_LATEST)] | None, _Absent]
Name = Annotated[Annotated[str, Field(pattern=r"^[\w.-]{1,64}$")] | None, _Absent]
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
    words: Annotated[Annotated[str, Field(max_length=200)] | None, _Absent] = Field(
        None, alias="ord", description="Beginnings of words, all of which the caller said in one go."
    )
    slow: Yes = Field(None, alias="langsom")
    unsure: Yes = Field(None, alias="usikker")
    open: YesNo = Field(None, alias="aabent", description="Whether it came within opening hours.")
    satisfied: YesNo = Field(None, alias="tilfreds")
    mark: Annotated[Literal["right", "wrong", "none"] | None, _Absent] = Field(None, alias="maerke")
    group: Annotated[Annotated[int, Field(ge=1, le=2**31 - 1)] | None, _Absent] = Field(None, alias="gruppe")

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
