"""How long the queries behind the dashboard's pages take, and how the database goes about them."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from voicebot.errors import StorageError
from voicebot.storage.audit import page_of_audit
from voicebot.storage.figures import figures, municipalities, unanswered
from voicebot.storage.groups import State
from voicebot.storage.listing import PAGE, Cursor, Filter, page_of_calls
from voicebot.storage.period import Period, danish
from voicebot.storage.searching import Span, ids_query
from voicebot.storage.tables import Call, Turn
from voicebot.storage.telling import beside, found, others
from voicebot.storage.unanswered import page_of_groups, turns_of
from voicebot.storage.use import use_of_answers

_COMMON, _RARE = 0.02, 0.98
"""Places in the order from the most frequent to the rarest at which topics are taken."""


@dataclass(frozen=True)
class Timed:
    """What one page asks. p50_ms, p95_ms: milliseconds; plan: how each query of a list is gone about."""

    page: str
    p50_ms: float
    p95_ms: float
    plan: list[str]


@dataclass(frozen=True)
class Case:
    """A page; listed: the list it shows, where it is one of calls."""

    page: str
    ask: Callable[[AsyncSession], Awaitable[object]]
    listed: tuple[Filter, Cursor | None] | None = None


async def measured(engine: AsyncEngine, now: datetime, times: int) -> AsyncIterator[Timed]:
    """Time every page so many times, each on a connection of the pool; StorageError where there is nothing to show."""
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with sessions() as session:
        cases = await _cases(session, danish(now))
    for case in cases:
        took = []
        for _ in range(times):
            async with sessions() as session:
                began = time.perf_counter()
                await case.ask(session)
                took.append((time.perf_counter() - began) * 1000)
        took.sort()
        async with sessions() as session:
            plan = await _plan(session, case)
        yield Timed(case.page, took[len(took) // 2], took[min(len(took) - 1, round(0.95 * len(took)))], plan)


async def _cases(session: AsyncSession, now: datetime) -> list[Case]:
    newest = await session.scalar(select(Call).order_by(Call.started.desc()).limit(1))
    if newest is None:
        raise StorageError("storage.empty", "There are no calls to look at; make some with voicebot demo-data.")
    year = Period.of_days(365, now.date())
    return [
        *_overviews(now),
        *await _lists(session, now, newest),
        Case("one call", lambda session: _one_call(session, newest.id)),
        *await _unanswered(session, now),
        Case("use of the answers, 365 days", lambda session: use_of_answers(session, newest.municipality, year)),
        Case("audit", page_of_audit),
        Case("audit of one call", lambda session: page_of_audit(session, object=newest.id)),
    ]


def _overviews(now: datetime) -> list[Case]:
    def overview(days: int, municipality: str | None = None) -> Callable[[AsyncSession], Awaitable[object]]:
        async def ask(session: AsyncSession) -> None:
            period = Period.of_days(days, now.date())
            await municipalities(session, period)
            await figures(session, period, municipality, now)
            await unanswered(session, period, municipality)

        return ask

    return [Case(f"overview, {days} days", overview(days)) for days in (1, 30, 365)]


async def _lists(session: AsyncSession, now: datetime, newest: Call) -> list[Case]:
    common, rare = await _topics(session)
    month = Period.of_days(30, now.date())
    days = {"fra": month.first.isoformat(), "til": month.last.isoformat()}
    deep = Cursor(older=True, started=newest.started - timedelta(days=300), call=newest.id)
    asked: list[tuple[dict[str, str], Cursor | None]] = [
        ({}, None),
        ({}, deep),
        (days, None),
        *(({name: value}, None) for name, value in (
            ("kommune", newest.municipality), ("resultat", "settled"), ("resultat", "failed"), ("aarsag", "asked"),
            ("aarsag", "emergency"), ("emne", common), ("emne", rare), ("langsom", "ja"), ("usikker", "ja"),
            ("aabent", "nej"), ("tilfreds", "nej"), ("maerke", "wrong"), ("maerke", "none"),
            ("gruppe", str(await session.scalar(select(func.min(Turn.group_id))) or 1)),
            ("ord", "jeg"), ("ord", "pas"), ("ord", "ladcykel"), ("ord", "mit pas"), ("ord", "findesikke"),
        )),
        ({"resultat": "settled"}, deep),
        (days | {"resultat": "not_understood", "kommune": newest.municipality}, None),
        ({"emne": common, "langsom": "ja"}, None),
        ({"emne": common, "resultat": "not_understood"}, None),
        ({"emne": rare, "tilfreds": "nej"}, None),
        ({"aarsag": "emergency", "aabent": "nej", "langsom": "ja"}, None),
        ({"resultat": "failed", "usikker": "ja"}, None),
        ({"maerke": "none", "tilfreds": "nej", "langsom": "ja"}, None),
        (days | {"ord": "jeg", "resultat": "transferred"}, None),
        ({"ord": "pas", "maerke": "wrong"}, None),
        ({"ord": "jeg", "emne": rare, "langsom": "ja"}, None),
        ({"ord": "pas", "fra": (now - timedelta(days=300)).date().isoformat(),
          "til": (now - timedelta(days=200)).date().isoformat()}, None),
    ]  # fmt: skip
    return [_list(query, cursor) for query, cursor in asked]


def _list(query: dict[str, str], cursor: Cursor | None) -> Case:
    filter_ = Filter.model_validate(query)
    name = " ".join(f"{key}={value}" for key, value in query.items()) or "all"
    return Case(
        f"calls, {name}{', far back' if cursor else ''}",
        lambda session: page_of_calls(session, filter_, cursor, words=True),
        (filter_, cursor),
    )


async def _topics(session: AsyncSession) -> tuple[str, str]:
    counted = select(Call.topic).where(Call.topic.is_not(None)).group_by(Call.topic).order_by(func.count().desc())
    topics = [topic for topic in await session.scalars(counted) if topic] or [""]
    return topics[int(_COMMON * len(topics))], topics[int(_RARE * len(topics))]


async def _one_call(session: AsyncSession, id_: str) -> None:
    call = await found(session, id_)
    if call is not None:
        await others(session, call)
        await beside(session, call, Filter())


async def _unanswered(session: AsyncSession, now: datetime) -> list[Case]:
    def groups(days: int, words: str = "") -> Callable[[AsyncSession], Awaitable[Any]]:
        return lambda session: page_of_groups(session, State.OPEN, Period.of_days(days, now.date()), words)

    largest = select(Turn.group_id).where(Turn.group_id.is_not(None)).group_by(Turn.group_id)
    group = await session.scalar(largest.order_by(func.count().desc()).limit(1)) or 0
    return [
        *(Case(f"unanswered, {days} days", groups(days)) for days in (30, 90, 365)),
        Case("unanswered, 90 days, ord=pas", groups(90, "pas")),
        Case("one group", lambda session: turns_of(session, group)),
    ]


async def _plan(session: AsyncSession, case: Case) -> list[str]:
    """Of a list; where it is found through turns, of the widest span."""
    if case.listed is None:
        return []
    filter_, cursor = case.listed
    through_turns = filter_.words or filter_.group
    span = Span(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)) if through_turns else None
    return await explained(session, ids_query(session, filter_, cursor, PAGE + 1, span))


async def explained(session: AsyncSession, query: Select[Any]) -> list[str]:
    """How the database goes about a query, line by line."""
    how = "EXPLAIN" if session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    compiled = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    rows = await session.execute(text(f"{how} {compiled}".replace(":", "\\:")))
    return [str(row[-1]) for row in rows]
