"""Overblik for programs: the calls that go on, and the figures of a period."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from voicebot.dashboard.api.endpoint import Asked, Endpoint, Given
from voicebot.dashboard.live import LiveCall
from voicebot.dashboard.office import office
from voicebot.dashboard.overview import LONGEST_DAYS, USUAL_DAYS
from voicebot.storage import figures
from voicebot.storage.audit import note
from voicebot.storage.filtering import Day, Name
from voicebot.storage.people import Role
from voicebot.storage.period import Period, danish
from voicebot.storage.story import Result


class PeriodQuery(Asked):
    """Danish days, both included; without them the last 30."""

    first: Day = Field(None, alias="fra", description="First Danish day.")
    last: Day = Field(None, alias="til", description="Last Danish day, included.")


class OverviewQuery(PeriodQuery):
    """A period, and whose calls."""

    municipality: Name = Field(None, alias="kommune", description="Id of a municipality; all without it.")


class Counts(Given):
    """What was counted. length: seconds of the average call; wait_p50, wait_p95: seconds until the reply sounded."""

    calls: int
    results: dict[Result, int]
    length: float | None
    wait_p50: float | None
    wait_p95: float | None
    outside: float | None = Field(description="Share of the calls outside opening hours.")
    satisfied: float | None = Field(description="Share of those who said whether they got an answer.")
    rated: int = Field(description="Callers who said whether they got an answer.")

    @classmethod
    def of(cls, counts: figures.Counts) -> Self:
        """The counts of a stretch of time."""
        return cls(
            calls=counts.calls,
            results={result: counts.of_result(result) for result in Result},
            length=counts.length,
            wait_p50=counts.wait(0.5),
            wait_p95=counts.wait(0.95),
            outside=counts.outside,
            satisfied=counts.satisfied,
            rated=counts.rated,
        )


class Step(Given):
    """A day, week or month of a period, by its first day."""

    first: date
    counts: Counts


class Hour(Given):
    """Calls in an hour of the week. weekday: Monday is 0; hour: Danish time."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    hour: Annotated[int, Field(ge=0, le=23)]
    calls: int


class Topic(Given):
    """Calls that were first about an answer, and how many of them were settled."""

    answer: str
    calls: int
    settled: int


class Unanswered(Given):
    """A group of unanswered questions, and how many of them came in the period."""

    group: int
    label: str
    turns: int


class LiveNow(Given):
    """A call that goes on. state: 'listening', 'thinking' or 'speaking'; words: what the caller said last."""

    id: str
    began: datetime
    channel: str
    state: str
    topic: str | None
    words: str | None

    @classmethod
    def of(cls, call: LiveCall, *, words: bool) -> Self:
        """A call, with or without words."""
        return cls(
            id=call.id,
            began=call.began,
            channel=call.channel,
            state=call.state,
            topic=call.topic,
            words=call.words if words else None,
        )


class Overview(Given):
    """The calls that go on, and the figures of a period and of the one before it."""

    first: date
    last: date
    now: list[LiveNow]
    counts: Counts
    before: Counts
    growth: float | None = Field(description="Calls against the period before; 0.1 is a tenth more.")
    step: Literal["day", "week", "month"]
    steps: list[Step]
    busy: list[Hour]
    topics: list[Topic]
    unanswered: list[Unanswered] | None

    @classmethod
    def of(
        cls, found: figures.Figures, now: Sequence[LiveNow], unanswered: Sequence[figures.Unanswered] | None
    ) -> Self:
        """The figures of a period; unanswered: None where they may not be known."""
        return cls(
            first=found.period.first,
            last=found.period.last,
            now=list(now),
            counts=Counts.of(found.now),
            before=Counts.of(found.before),
            growth=found.growth,
            step=found.step.value,
            steps=[Step(first=first, counts=Counts.of(counts)) for first, counts in found.steps.items()],
            busy=[Hour(weekday=day, hour=hour, calls=n) for (day, hour), n in sorted(found.busy.items())],
            topics=[Topic.model_validate(topic) for topic in found.topics],
            unanswered=None if unanswered is None else [Unanswered.model_validate(each) for each in unanswered],
        )


async def overview(request: Request, asked: OverviewQuery) -> Overview:
    """The figures of a period, and the calls that go on."""
    place, may_read = office(request), Role(request.state.login.person.role).may(Role.EDIT)
    now = danish(place.now())
    period = period_of(asked, now.date())
    async with place.sessions() as session:
        found = await figures.figures(session, period, asked.municipality, now)
        groups = await figures.unanswered(session, period, asked.municipality) if may_read else None
    live = [LiveNow.of(call, words=may_read) for call in place.live.calls()]
    if live and may_read:
        async with place.sessions.begin() as session:
            await note(session, request.state.login.person.name, "calls.watched", "")
    return Overview.of(found, live, groups)


def period_of(asked: PeriodQuery, today: date) -> Period:
    """The period that is asked for; HTTPException for none."""
    last = asked.last or today
    first = asked.first or last - timedelta(days=USUAL_DAYS - 1)
    period = Period(first, last)
    if not 0 < period.days <= LONGEST_DAYS:
        raise HTTPException(422, "Kan ikke bruges: fra, til. En periode er på op til tre år.")
    return period


ENDPOINTS = [
    Endpoint("/api/overblik", "Calls now, and the figures of a period", overview, Overview, OverviewQuery),
]
