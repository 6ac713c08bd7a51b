"""The list of calls as it is found in both databases: narrowed down, in order, by index."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from tests.dashboard import Sessions
from voicebot.errors import StorageError
from voicebot.storage import listing, searching
from voicebot.storage.database import connect, parsed
from voicebot.storage.filtering import Cursor, Filter
from voicebot.storage.listing import COUNTED, every_call, page_of_calls
from voicebot.storage.measure import explained, measured
from voicebot.storage.searching import found_ids, ids_query
from voicebot.storage.tables import Call, Group, Turn

pytest_plugins = ["tests.databases"]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVERY: list[dict[str, str]] = [
    {"kommune": "roskilde"}, {"resultat": "settled"}, {"aarsag": "asked"}, {"emne": "pas-mistet"}, {"langsom": "ja"},
    {"usikker": "ja"}, {"aabent": "nej"}, {"tilfreds": "nej"}, {"maerke": "wrong"}, {"fra": "2026-11-20"},
]  # fmt: skip


def a_call(
    id_: str, *said: str | None, ago: timedelta = timedelta(), group: int | None = None, **columns: object
) -> Call:
    started = NOON - ago
    kept = {"channel": "twilio", "municipality": "roskilde", "result": "settled", "started": started} | columns
    call = Call(id=id_, **kept)
    call.turns = [
        Turn(number=number, at=5.0 * number, started=started + timedelta(seconds=5 * number), municipality="roskilde",
             text=words, heard=0.8, group_id=group)
        for number, words in enumerate(said, 1)
    ]  # fmt: skip
    return call


@pytest.fixture
async def session(database: Sessions) -> AsyncIterator[AsyncSession]:
    async with database() as opened:
        yield opened


async def keep(session: AsyncSession, *calls: Call) -> None:
    session.add_all(calls)
    await session.commit()


async def ids(session: AsyncSession, **query: str) -> list[str]:
    filter_, faults = Filter.read(query)
    assert faults == []
    return [call.id for call in (await page_of_calls(session, filter_)).calls]


@pytest.mark.parametrize(
    ("query", "columns", "other"),
    [
        ("kommune=havnsoe", {"municipality": "havnsoe"}, {}),
        ("resultat=failed", {"result": "failed"}, {}),
        ("aarsag=emergency", {"reason": "emergency"}, {"reason": "asked"}),
        ("emne=pas-barn", {"topic": "pas-barn"}, {"topic": "pas-mistet"}),
        ("langsom=ja", {"slow": True}, {}),
        ("usikker=ja", {"unsure": True}, {}),
        ("aabent=nej", {"outside_hours": True}, {"outside_hours": False}),
        ("aabent=ja", {"outside_hours": False}, {"outside_hours": None}),
        ("tilfreds=nej", {"satisfied": False}, {"satisfied": None}),
        ("maerke=none", {}, {"mark": "right"}),
        ("maerke=right", {"mark": "right"}, {"mark": "wrong"}),
        ("fra=2026-11-22", {}, {"started": datetime(2026, 11, 21, 22, 59, tzinfo=UTC)}),  # Danish time: 23.59
        ("til=2026-11-21", {"started": datetime(2026, 11, 21, 22, 59, tzinfo=UTC)}, {}),
    ],
)
async def test_a_list_is_narrowed_down(
    session: AsyncSession, query: str, columns: dict[str, object], other: dict[str, object]
) -> None:
    await keep(session, a_call("this", **columns), a_call("that", **other))
    name, value = query.split("=")
    assert await ids(session, **{name: value}) == ["this"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mistet pas", ["A"]),
        ("MIST", ["A"]),
        ("ærø", ["B"]),
        ("Ærøs kirk", ["B"]),
        ("pas", ["A", "C"]),
        ("pas kirke", []),
        ("as", []),
        ("mistet, pas!", ["A"]),
        ("'; drop table turns; --", []),
        ('" OR turn_words MATCH "pas', []),
        ("pas:* | kirke & !", []),
        ("pas AND kirke", []),
        ("!!! \\ () *", []),
        ("\x00pas", ["A", "C"]),
    ],
)
async def test_words_are_found_by_their_beginnings_all_in_one_go(
    session: AsyncSession, words: str, found: list[str]
) -> None:
    await keep(
        session,
        a_call("A", "Hej", "Jeg har MISTET mit pas!"),
        a_call("B", "Hvornår er Ærøskøbing Kirke åben?", ago=timedelta(hours=1)),
        a_call("C", "Et pas", "til kirken", ago=timedelta(days=3)),
    )
    assert await ids(session, ord=words) == found


async def test_words_that_are_deleted_are_not_found(session: AsyncSession) -> None:
    await keep(session, a_call("A", "Om grævlingen"), a_call("B", "En grævling", ago=timedelta(days=2)))
    await session.execute(update(Turn).where(Turn.call_id == "A").values(text=None))
    assert await ids(session, ord="grævling") == ["B"]
    await session.execute(update(Turn).values(text="rettet"))
    assert await ids(session, ord="grævling") == []
    assert await ids(session, ord="rettet") == ["A", "B"]
    call = await session.get(Call, "B")
    await session.delete(call)
    assert await ids(session, ord="rettet") == ["A"]


async def test_pages_go_back_and_forth_through_calls_of_one_moment(session: AsyncSession) -> None:
    names = [f"C{number:03d}" for number in range(130)]
    await keep(session, *(a_call(name, ago=timedelta(seconds=number // 40)) for number, name in enumerate(names)))
    whole = await found_ids(session, Filter(), None, 1000)
    first = await page_of_calls(session, Filter())
    second = await page_of_calls(session, Filter(), Cursor.read(first.older or ""))
    third = await page_of_calls(session, Filter(), Cursor.read(second.older or ""))
    back = await page_of_calls(session, Filter(), Cursor.read(third.newer or ""))
    top = await page_of_calls(session, Filter(), Cursor.read(back.newer or ""))
    assert [call.id for page in (first, second, third) for call in page.calls] == whole
    assert [call.id for call in back.calls] == [call.id for call in second.calls]
    assert [call.id for call in top.calls] == [call.id for call in first.calls]
    assert (first.newer, third.older, top.newer) == (None, None, None)
    assert first.count == second.count == 130
    assert sorted(whole) == names


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("query", [{"ord": "pas"}, {"gruppe": "1"}, {"ord": "pas", "resultat": "settled"}])
async def test_what_was_said_is_found_however_long_ago(
    database: Sessions, session: AsyncSession, monkeypatch: pytest.MonkeyPatch, few: int, query: dict[str, str]
) -> None:
    monkeypatch.setattr(searching, "_FEW", few)
    session.add(Group(id=1, municipality="roskilde", label="pas", centre=b"", size=0, state="open", created=NOON))
    await session.commit()
    days = [0, 0.2, 0.9999, 1, 1.0001, 4, 5, 5.5, 20.9, 21, 22, 84, 85, 86, 300, 341, 342, 700]
    said = [a_call(f"C{n:02d}", "mit pas", ago=timedelta(days=day), group=1) for n, day in enumerate(days)]
    others = [a_call(f"X{n:02d}", "noget andet", ago=timedelta(days=day)) for n, day in enumerate(days)]
    await keep(session, *said, *others)
    filter_ = Filter.model_validate(query)
    assert await found_ids(session, filter_, None, 100) == [call.id for call in said]
    assert await found_ids(session, filter_, None, 7) == [call.id for call in said[:7]]
    middle = said[9]
    below, above = (Cursor(older, middle.started, middle.id) for older in (True, False))
    assert await found_ids(session, filter_, below, 100) == [call.id for call in said[10:]]
    assert await found_ids(session, filter_, above, 100) == [call.id for call in reversed(said[:9])]
    assert await found_ids(session, filter_, above, 2) == [said[8].id, said[7].id]
    monkeypatch.setattr(listing, "AT_ONCE", 6)
    every = [(call.id, words) async for call, words in every_call(database, filter_, words=True)]
    assert every == [(call.id, "mit pas") for call in said]


async def test_many_calls_are_not_counted(session: AsyncSession) -> None:
    await keep(session, *(a_call(f"C{number:04d}") for number in range(COUNTED)))
    assert (await page_of_calls(session, Filter())).count == COUNTED
    await keep(session, a_call("one more"))
    assert (await page_of_calls(session, Filter())).count is None


@pytest.mark.parametrize("query", EVERY, ids=lambda query: next(iter(query)))
async def test_every_list_is_read_in_the_order_of_an_index(session: AsyncSession, query: dict[str, str]) -> None:
    """Also far down in it, and without sorting; the planner is kept from what pays in a small table only."""
    if session.get_bind().dialect.name == "postgresql":
        for other in ("enable_seqscan", "enable_bitmapscan"):
            await session.execute(text(f"SET LOCAL {other} = off"))
    else:
        await session.execute(text("ANALYZE"))
    for cursor in (None, Cursor(older=True, started=NOON, call="C"), Cursor(older=False, started=NOON, call="C")):
        plan = "\n".join(await explained(session, ids_query(session, Filter.model_validate(query), cursor, 51)))
        assert "ix_calls_" in plan
        assert "Seq Scan" not in plan
        assert "SCAN calls\n" not in f"{plan}\n"
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


async def test_words_are_read_from_their_index(session: AsyncSession) -> None:
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(await explained(session, ids_query(session, Filter(words="mistet pas"), None, 51)))
    assert "ix_turns_words" in plan or "turn_words VIRTUAL TABLE INDEX" in plan


async def test_every_page_is_timed(session: AsyncSession, database_url: str) -> None:
    engine = connect(parsed(database_url))
    with pytest.raises(StorageError, match="voicebot demo-data"):
        await anext(measured(engine, NOON, 1))
    await keep(session, a_call("A", "Jeg har mistet mit pas", topic="pas-mistet"), a_call("B", topic="pas-barn"))
    pages = [page async for page in measured(engine, NOON, 2)]
    await engine.dispose()
    assert len({page.page for page in pages}) == len(pages) > 30
    assert all(0 < page.p50_ms <= page.p95_ms for page in pages)
    assert all(bool(page.plan) == page.page.startswith("calls, ") for page in pages)
