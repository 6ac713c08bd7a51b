"""Ubesvarede: what was not understood, grouped by meaning, most asked first."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.dashboard.pictures import sparkline
from voicebot.storage.groups import State
from voicebot.storage.people import Role
from voicebot.storage.period import Period, danish
from voicebot.storage.unanswered import page_of_groups

PATH = "/ubesvarede"
TABS: Mapping[State, str] = {
    State.OPEN: "Åbne",
    State.ANSWERED: "Knyttet til et svar",
    State.NOT_OURS: "Ikke for os",
}
NAMES: Mapping[str, State] = {"aabne": State.OPEN, "besvarede": State.ANSWERED, "ikke-for-os": State.NOT_OURS}
"""How states are called in addresses."""
PERIODS: Mapping[str, str] = {"7": "7 dage", "30": "30 dage", "90": "90 dage", "365": "12 måneder"}
_USUAL = "30"
_LAST_PAGE = 1000


@dataclass(frozen=True)
class Asked:
    """What a list is asked for. tab: a name of `NAMES`; days: a key of `PERIODS`; page: from 1."""

    tab: str = "aabne"
    days: str = _USUAL
    words: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """What a query string asks for, the usual where it cannot be understood."""
        tab, days, page = (query.get(name, "") for name in ("vis", "dage", "side"))
        return cls(
            tab if tab in NAMES else "aabne",
            days if days in PERIODS else _USUAL,
            query.get("ord", "").strip()[:200],
            min(int(page), _LAST_PAGE) if page.isascii() and page.isdigit() and 0 < len(page) < 6 and int(page) else 1,
        )

    def path(self, **changed: str | int) -> str:
        """The address of the list, with something changed; from its first page, if nothing else is said."""
        given = {"vis": self.tab, "dage": self.days, "ord": self.words} | changed
        usual = {"vis": "aabne", "dage": _USUAL, "ord": "", "side": 1}
        query = urlencode({name: value for name, value in given.items() if value != usual[name]})
        return f"{PATH}?{query}" if query else PATH


def routes() -> list[BaseRoute]:
    """The list."""
    return [guarded(PATH, _page, Role.EDIT, name="unanswered")]


async def _page(request: Request) -> Response:
    place, asked = office(request), Asked.read(request.query_params)
    today = danish(place.now()).date()
    period = Period.of_days(int(asked.days), today)
    state = NAMES[asked.tab]
    async with place.sessions() as session:
        found = await page_of_groups(session, state, period, asked.words, asked.page)
    return render(
        request,
        "ubesvarede.html",
        found=found,
        today=today,
        state=state,
        State=State,
        asked=asked,
        tabs=[(name, TABS[each], found.counts.get(each, 0)) for name, each in NAMES.items()],
        periods=PERIODS,
        lines={group.id: sparkline(group.trend) for group in found.groups},
        titles=place.titles(),
        newer=asked.path(side=asked.page - 1) if asked.page > 1 else None,
        older=asked.path(side=asked.page + 1) if found.more else None,
    )
