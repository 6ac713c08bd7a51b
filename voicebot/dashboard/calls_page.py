"""The list of calls: narrowed down, page by page, and as a file for a spreadsheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from voicebot.dashboard import wording
from voicebot.dashboard.call_page import list_as_seen_by
from voicebot.dashboard.calls_csv import export
from voicebot.dashboard.definitions import DEFINITIONS
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import day, number, render
from voicebot.storage.audit import note
from voicebot.storage.figures import municipalities
from voicebot.storage.listing import COUNTED, CallPage, Cursor, Filter, page_of_calls
from voicebot.storage.people import Role
from voicebot.storage.period import Period, danish
from voicebot.storage.story import Result
from voicebot.storage.tables import Call

PATH = "/opkald"
HIDDEN = "Ord i samtalerne kan kun søges af dem, der må redigere. Søgningen er udeladt."
NO_PAGE = "Den side af listen findes ikke. Her er den første."
MARKS = {**wording.MARKS, "none": "Uden mærke"}
DAYS_OF_CALLS = 730
"""How far back municipalities are looked for that calls can be narrowed down to."""
_PERIODS = {1: "I dag", 7: "7 dage", 30: "30 dage"}


def routes() -> list[BaseRoute]:
    """`/opkald` and `/opkald.csv`."""
    return [guarded(PATH, _page, name="calls"), guarded(f"{PATH}.csv", export, name="calls_csv")]


async def _page(request: Request) -> Response:
    role = Role(request.state.login.person.role)
    filter_, faults = list_as_seen_by(role, request.query_params)
    if request.query_params.get("ord") and not role.may(Role.EDIT):
        faults.append(HIDDEN)
    after = request.query_params.get("efter", "")
    cursor = Cursor.read(after)
    if after and cursor is None:
        faults.append(NO_PAGE)
    today = danish(office(request).now()).date()
    async with office(request).sessions() as session:
        found = await page_of_calls(session, filter_, cursor, words=role.may(Role.EDIT))
        if filter_.words:
            await note(session, request.state.login.person.name, "calls.searched", "")
            await session.commit()
        called = await municipalities(session, Period.of_days(DAYS_OF_CALLS, today))
    titles = office(request).titles()
    return render(
        request,
        "opkald-liste.html",
        found=found,
        days=_by_day(found.calls),
        today=today,
        counted=counted(found),
        filter=filter_,
        query=_path(filter_.query())[len(PATH) :],
        newer=found.newer and _path(filter_.query(efter=found.newer)),
        older=found.older and _path(filter_.query(efter=found.older)),
        chips=[Chip(text, _path(filter_.query(**without))) for text, without in _chosen(filter_, titles)],
        periods=list(_periods(filter_, today)),
        faults=faults,
        titles=titles,
        municipalities=sorted({*called, filter_.municipality} - {None}),
        results={result: DEFINITIONS[result].title for result in Result},
        reasons=wording.REASONS,
        marks=MARKS,
    )


def _path(query: str) -> str:
    return f"{PATH}?{query}" if query else PATH


def _by_day(calls: Sequence[Call]) -> list[tuple[date, list[Call]]]:
    return [(each, list(some)) for each, some in groupby(calls, lambda call: danish(call.started).date())]


def counted(found: CallPage) -> str:
    """How many calls the list has, in words."""
    if found.count is None:
        return f"Over {number(COUNTED)} opkald"
    return "1 opkald" if found.count == 1 else f"{number(found.count)} opkald"


@dataclass(frozen=True)
class Chip:
    """Something the list is narrowed to, or may be; href: the list without it, or with it."""

    text: str
    href: str
    on: bool = False


def _periods(filter_: Filter, today: date) -> Iterator[Chip]:
    for days, text in _PERIODS.items():
        period = Period.of_days(days, today)
        first, last = period.first.isoformat(), period.last.isoformat()
        on = (filter_.first, filter_.last) == (period.first, period.last)
        yield Chip(text, _path(filter_.query(fra=first, til=last)), on)
    yield Chip("Alle", _path(filter_.query(fra=None, til=None)), filter_.first is filter_.last is None)


def _chosen(filter_: Filter, titles: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the list is narrowed to, in words, and what of the query string takes it away."""
    if filter_.first or filter_.last:
        yield _days(filter_.first, filter_.last), {"fra": None, "til": None}
    for name, value in filter_.chosen().items():
        if name not in {"fra", "til"}:
            yield _NAMES[name](str(value), titles), {name: None}


def _days(first: date | None, last: date | None) -> str:
    begins, ends = (f"{day(each)} {each.year}" if each else "" for each in (first, last))
    if begins == ends:
        return begins
    return f"{begins} – {ends}" if begins and ends else f"Fra {begins}" if begins else f"Til {ends}"


_NAMES: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "kommune": lambda value, _: f"Kommune: {value}",
    "resultat": lambda value, _: DEFINITIONS[value].title,
    "aarsag": lambda value, _: f"Stillet om: {wording.REASONS.get(value, value)}",
    "emne": lambda value, titles: f"Emne: {titles.get(value, value)}",
    "ord": lambda value, _: f"Ord: {value}",
    "langsom": lambda *_: DEFINITIONS["slow"].title,
    "usikker": lambda *_: DEFINITIONS["unsure"].title,
    "aabent": lambda value, _: "I åbningstiden" if value == "ja" else DEFINITIONS["outside"].title,
    "tilfreds": lambda value, _: "Fik hjælp" if value == "ja" else "Fik ikke hjælp",
    "maerke": lambda value, _: f"Mærke: {MARKS[value].lower()}",
    "gruppe": lambda value, _: f"Ubesvaret gruppe {value}",
}
"""How each thing a list can be narrowed to is called, by its name in the query string."""
