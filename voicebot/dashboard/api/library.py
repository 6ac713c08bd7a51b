"""Ubesvarede, Svar and Drift for programs."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field
from starlette.requests import Request

from voicebot.dashboard.api.endpoint import Endpoint, Given
from voicebot.dashboard.api.overview import PeriodQuery, period_of
from voicebot.dashboard.library_page import DAYS
from voicebot.dashboard.office import office
from voicebot.storage import unanswered
from voicebot.storage.groups import State
from voicebot.storage.people import Role
from voicebot.storage.period import Period, danish
from voicebot.storage.use import Use, use_of_answers

LARGEST_PAGE = 10_000


class GroupsQuery(PeriodQuery):
    """Which groups of unanswered questions."""

    state: State = Field(State.OPEN, alias="tilstand")
    words: Annotated[str, Field(max_length=200)] = Field("", alias="ord", description="Beginnings of words.")
    page: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = Field(1, alias="side")


class AskedGroup(Given):
    """Questions that mean the same. turns: in the period, before: in the one before it, size: in all."""

    id: int
    label: str
    answer: str | None
    turns: int
    before: int
    size: int
    first: datetime
    last: datetime
    trend: list[int]


class GroupList(Given):
    """A page of groups, most turns first. counts: groups of each state with turns in the period."""

    groups: list[AskedGroup]
    more: bool
    counts: dict[State, int]

    @classmethod
    def of(cls, page: unanswered.AskedPage) -> Self:
        """A page."""
        return cls(groups=[AskedGroup.model_validate(vars(g)) for g in page.groups], more=page.more, counts=page.counts)


class AnswerRow(Given):
    """An approved answer, and its use in 30 days: how often it was given, calls first about it, those settled."""

    id: str
    title: str
    area: str
    text: str
    reviewed: date
    given: int
    calls: int
    settled: int


class AnswerList(Given):
    """All answers in use, by id."""

    municipality: str
    answers: list[AnswerRow]


class PartRow(Given):
    """One part of the machine; what, remedy: in Danish."""

    title: str
    state: Literal["good", "warn", "bad"]
    what: str
    remedy: str


class PartList(Given):
    """How the parts of the machine are."""

    parts: list[PartRow]


async def groups(request: Request, asked: GroupsQuery) -> GroupList:
    """Unanswered questions, group by group."""
    period = period_of(asked, danish(office(request).now()).date())
    async with office(request).sessions() as session:
        return GroupList.of(await unanswered.page_of_groups(session, asked.state, period, asked.words, asked.page))


async def answers(request: Request, _: None) -> AnswerList:
    """The answers in use."""
    place = office(request)
    library, today = place.library(), danish(place.now()).date()
    async with place.sessions() as session:
        used = await use_of_answers(session, library.municipality.id, Period.of_days(DAYS, today))
    rows = [
        AnswerRow.model_validate(vars(answer) | vars(used.get(id_, Use())))
        for id_, answer in sorted(library.answers.items())
    ]
    return AnswerList(municipality=library.municipality.id, answers=rows)


async def health(request: Request, _: None) -> PartList:
    """How the machine is."""
    return PartList(parts=[PartRow.model_validate(part) for part in await office(request).health()])


ENDPOINTS = [
    Endpoint("/api/ubesvarede", "Unanswered questions by meaning", groups, GroupList, GroupsQuery, role=Role.EDIT),
    Endpoint("/api/svar", "The approved answers and their use", answers, AnswerList),
    Endpoint("/api/drift", "How the parts of the machine are", health, PartList),
]
