"""Overblik: the calls that go on, and the figures of today and of a period, each a link to the calls behind it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from voicebot.dashboard import pages
from voicebot.dashboard.cards import cards
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.live_pages import live_values
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import percent, render
from voicebot.dashboard.pictures import Bar, columns, shade, sparkline
from voicebot.storage.figures import Figures, figures, municipalities, unanswered
from voicebot.storage.people import Role
from voicebot.storage.period import WEEK, Period, danish
from voicebot.storage.steps import Step
from voicebot.storage.story import Result
from voicebot.storage.tables import Tally

PERIODS = {1: "I dag", 7: "7 dage", 30: "30 dage", 365: "12 måneder"}
USUAL_DAYS = 30
LONGEST_DAYS = 3 * 366
RESULTS = {
    Result.SETTLED: "klaret",
    Result.TRANSFERRED: "stillet om",
    Result.NOT_UNDERSTOOD: "ikke forstået",
    Result.ABANDONED: "lagt på",
    Result.FAILED: "fejl",
}
"""In the order they are stacked."""
OPENING = {True: "medarbejderne tager telefonen nu", False: "uden for åbningstid, kun botten svarer", None: ""}
"""By whether people answer the telephone; None: not known."""


def routes() -> list[BaseRoute]:
    """The page."""
    return [guarded("/", overview)]


async def overview(request: Request) -> Response:
    """The whole page."""
    place, query = office(request), request.query_params
    now = danish(place.now())
    period, complaint = chosen_period(query, now.date())
    municipality = query.get("kommune") or None
    link = linker(period, municipality)
    may_edit = Role(request.state.login.person.role).may(Role.EDIT)
    async with place.sessions() as session:
        found = await figures(session, period, municipality, now)
        today = await figures(session, Period(now.date(), now.date()), municipality, now)
        values: dict[str, Any] = {
            "unanswered": await unanswered(session, period, municipality) if may_edit else None,
            "called": await municipalities(session, period),
            "fresh": not found.now.calls and await _fresh(session),
        }
    values |= live_values(request)
    values |= {"figures": found, "today": today, "now": now, "hours": hours(found.busy), "shade": shade}
    values |= {"period": period, "periods": periods(period, now.date()), "complaint": complaint, "only": municipality}
    values |= {"cards": cards(found, link), "bars": bars(found, municipality), "results": RESULTS}
    values |= {"link": link, "link_today": linker(today.period, municipality), "sparkline": sparkline}
    values |= {"opening": OPENING[place.library().municipality.is_open(now)]}
    values["picture"] = columns(values["bars"])
    return render(request, "overblik.html", **values)


def periods(chosen: Period, today: date) -> list[tuple[int, str, bool]]:
    """The usual periods: days, name, whether it is the one that is shown."""
    return [(days, name, chosen == Period.of_days(days, today)) for days, name in PERIODS.items()]


def chosen_period(query: Mapping[str, str], today: date) -> tuple[Period, str]:
    """The period of `?dage=7` or `?fra=2026-11-01&til=2026-11-22`, and what is wrong with it, in Danish."""
    usual = Period.of_days(USUAL_DAYS, today)
    days = query.get("dage", "")
    if days in map(str, PERIODS):
        return Period.of_days(int(days), today), ""
    if not query.get("fra") and not query.get("til"):
        return usual, ""
    try:
        period = Period(
            date.fromisoformat(query.get("fra") or query.get("til", "")),
            date.fromisoformat(query.get("til") or today.isoformat()),
        )
    except ValueError:
        return usual, "Skriv datoerne som 2026-11-22. Her er de seneste 30 dage."
    if period.first > period.last:
        return usual, "Fra-datoen ligger efter til-datoen. Her er de seneste 30 dage."
    if period.days > LONGEST_DAYS or period.first.year < 2000 or period.last.year > 2100:
        return usual, "En periode kan være op til tre år. Her er de seneste 30 dage."
    return period, ""


def linker(period: Period, municipality: str | None) -> Callable[..., str]:
    """What gives the address of the calls of a period, narrowed by more of the query string of `/opkald`."""

    def link(**more: str) -> str:
        query = {"fra": period.first.isoformat(), "til": period.last.isoformat()}
        if municipality:
            query["kommune"] = municipality
        return f"/opkald?{urlencode(query | more)}"

    return link


def bars(found: Figures, municipality: str | None) -> list[Bar]:
    """The columns of a period, each a link to its calls."""
    made = []
    for first, counts in found.steps.items():
        last = found.step.next(first) - timedelta(days=1)
        within = Period(max(first, found.period.first), min(last, found.period.last))
        told = f"{pages.number(counts.calls)} opkald"
        if counts.calls:
            told += f", {percent(counts.share(Result.SETTLED))} klaret"
        parts = {result.value: counts.of_result(result) for result in RESULTS}
        name = _name(found.step, first)
        label = pages.weekday(first)[:3] if found.period.days <= WEEK else _label(found.step, first)
        made.append(Bar(label, name, told, linker(within, municipality)(), parts))
    return made


def _name(step: Step, first: date) -> str:
    """What a day, week or month is called: 'mandag 2. november', 'uge 45', 'november 2026'."""
    match step:
        case Step.DAY:
            return f"{pages.weekday(first)} {pages.day(first)}"
        case Step.WEEK:
            return f"uge {first.isocalendar().week}"
        case Step.MONTH:
            return f"{pages.day(first).split()[1]} {first.year}"


def _label(step: Step, first: date) -> str:
    match step:
        case Step.DAY:
            return f"{first.day}/{first.month}"
        case Step.WEEK:
            return f"uge {first.isocalendar().week}"
        case Step.MONTH:
            return pages.day(first).split()[1][:3]


def hours(busy: Mapping[tuple[int, int], int]) -> Sequence[int]:
    """The hours to show: the working day, and as much around it as calls came in."""
    its = [hour for _, hour in busy]
    return range(min([7, *its]), max([17, *its]) + 1)


async def _fresh(session: AsyncSession) -> bool:
    """Whether nothing was ever counted."""
    return (await session.scalar(select(Tally.n).limit(1))) is None
