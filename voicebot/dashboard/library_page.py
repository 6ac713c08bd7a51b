"""Svar: all answers, searched, with how they are used, how they do, and when somebody last went through them."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from voicebot.answers import Answer
from voicebot.dashboard.answer_form import area_title
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.storage import versions
from voicebot.storage.period import Period, danish
from voicebot.storage.use import Use, use_of_answers

PAGE = 50
"""Answers on one page."""
DAYS = 30
"""Days over which use and success are counted."""
OLD = timedelta(days=365)
"""Age from which an answer should be gone through again."""
_SORTED = ("brug", "titel", "klaret", "alder")
_SHOWN = ("alle", "gamle", "ubrugte", "udgivne")


@dataclass(frozen=True)
class Row:
    """An answer in the list. old: not gone through for a year; published: in the dashboard, over its file."""

    answer: Answer
    use: Use
    old: bool
    published: bool


def listed(
    answers: Iterable[Answer], used: Mapping[str, Use], published: frozenset[str], today: date, words: str
) -> list[Row]:
    """The answers in which every word stands, in the title, id, examples or the text. published: ids."""
    wanted = words.casefold().split()
    return [
        Row(answer, used.get(answer.id, Use()), today - answer.reviewed > OLD, answer.id in published)
        for answer in answers
        if not wanted or _holds(answer, wanted)
    ]


def _holds(answer: Answer, words: list[str]) -> bool:
    whole = "\n".join((answer.title, answer.id, answer.offer, *answer.examples, answer.text)).casefold()
    return all(word in whole for word in words)


def _in_order(rows: list[Row], by: str) -> list[Row]:
    rows = sorted(rows, key=lambda row: row.answer.title.casefold())
    if by == "brug":
        rows.sort(key=lambda row: -row.use.given)
    elif by == "klaret":
        rows.sort(key=lambda row: (row.use.success is None, row.use.success or 0.0))
    elif by == "alder":
        rows.sort(key=lambda row: row.answer.reviewed)
    return rows


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


async def answers_page(request: Request) -> Response:
    """The list."""
    place, asked = office(request), request.query_params
    library, today = place.library(), danish(place.now()).date()
    async with place.sessions() as session:
        used = await use_of_answers(session, library.municipality.id, Period.of_days(DAYS, today))
        over = await versions.published(session)
    ids = {path: path.rpartition("/")[2].removesuffix(".yaml") for path in over if path.endswith(".yaml")}
    words, area = asked.get("q", "").strip()[:100], asked.get("omraade", "")
    shown, by = _one_of(asked.get("vis"), _SHOWN), _one_of(asked.get("sorter"), _SORTED)
    found = library.answers.values(), used, frozenset(ids.values()), today, words
    rows = await asyncio.to_thread(listed, *found)  # thousands of answers would hold up calls
    rows = [row for row in rows if not area or row.answer.area == area]
    keep: dict[str, Callable[[Row], bool]] = {
        "alle": lambda _: True,
        "gamle": lambda row: row.old,
        "ubrugte": lambda row: row.use.given == 0,
        "udgivne": lambda row: row.published,
    }
    tabs = [(name, sum(map(keep[name], rows))) for name in _SHOWN]
    rows = _in_order([row for row in rows if keep[shown](row)], by)
    side = int(asked["side"]) if asked.get("side", "").isdecimal() and len(asked["side"]) < 6 else 1
    side = max(1, min(side, -(-len(rows) // PAGE)))
    return render(
        request,
        "svar-liste.html",
        rows=rows[(side - 1) * PAGE : side * PAGE],
        total=len(rows),
        tabs=tabs,
        side=side,
        sides=-(-len(rows) // PAGE),
        asked={"q": words, "omraade": area, "vis": shown, "sorter": by},
        areas=sorted({(a.area, area_title(a.area)) for a in library.answers.values()}, key=lambda pair: pair[1]),
        area_title=area_title,
        removed=sorted(ids[path] for path, text in over.items() if text is None and path in ids),
        days=DAYS,
        published="fjernet" if "fjernet" in asked else "",
    )


def routes() -> list[BaseRoute]:
    """The list of answers."""
    return [guarded("/svar", answers_page)]
