"""Overblik shows what was counted, each figure a link to the calls behind it."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.dashboard import Client, dashboard, log_in
from voicebot.dashboard.cards import cards, grown, longer, points, slower
from voicebot.dashboard.overview import chosen_period, linker
from voicebot.dashboard.pictures import Bar, columns, round_steps, shade, sparkline
from voicebot.events import CallStarted, Transcribed
from voicebot.storage import tallies
from voicebot.storage.figures import Counts, Figures, Topic
from voicebot.storage.listing import Filter
from voicebot.storage.people import Role
from voicebot.storage.period import Period
from voicebot.storage.steps import Step
from voicebot.storage.tables import Call, Group, Turn

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)

Sessions = async_sessionmaker[AsyncSession]


async def count(database: Sessions, what: str, of: str, n: int, *, day: date = TODAY, hour: int | None = None) -> None:
    """Count something of a day; with an hour, that many calls as well."""
    counts = {(what, day, -1, of): n}
    if hour is not None:
        counts["calls", day, hour, "all"] = n
    async with database.begin() as session:
        await tallies.add(session, "roskilde", counts)


@pytest.fixture
async def page(database: Sessions) -> AsyncIterator[Client]:
    async with dashboard(database, now=lambda: NOW) as client:
        yield client


@pytest.fixture
async def busy(page: Client) -> Client:
    """A page of a bot that has been called."""
    database = page.office.sessions
    for back in range(70):
        day = TODAY - timedelta(days=back)
        await count(database, "result", "settled", 6, day=day, hour=9)
        await count(database, "result", "transferred", 3, day=day, hour=10)
    await count(database, "result", "abandoned", 1, hour=11)
    await count(database, "wait", "0055", 9)
    await count(database, "topic", "pas-mistet", 4)
    await count(database, "topic_settled", "pas-mistet", 3)
    return page


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


async def test_figures_of_today_and_of_the_period(busy: Client) -> None:
    html = (await busy.get("/?dage=7")).text
    assert "17. november – 23. november 2026" in html
    assert '<p class="value">64</p>' in html  # 7 · 9 + 1 calls
    assert '<p class="value">66 %</p>' in html  # settled
    assert "<strong>10</strong> opkald" in html
    assert "0,55 s" in html
    assert "Mistet eller stjålet pas" in html
    assert "75 %" in html


async def test_every_link_narrows_the_list_of_calls_as_it_knows_how(busy: Client) -> None:
    for link in Links((await busy.get("/")).text).found:
        address = urlsplit(link)
        if address.path == "/opkald":
            query = dict(parse_qsl(address.query))
            narrowed, faults = Filter.read(query)
            assert faults == []
            assert narrowed.chosen() == query


async def test_nothing_counted_yet_leads_to_a_first_call(page: Client) -> None:
    html = (await page.get("/")).text
    assert "Her kommer jeres tal" in html
    assert 'href="/phone"' in html
    assert "Travle timer" not in html


async def test_an_empty_period_of_a_bot_in_use_says_so(busy: Client) -> None:
    html = (await busy.get("/?fra=2020-01-01&til=2020-01-31")).text
    assert "Der er ingen opkald i den valgte periode" in html
    assert "Her kommer jeres tal" not in html


@pytest.mark.parametrize(
    "query",
    [
        {"fra": "2026-13-01"},
        {"til": "x"},
        {"fra": "2026-11-23", "til": "2026-11-01"},
        {"fra": "0001-01-01"},
        {"til": "9999-12-31"},
        {"fra": "9999-12-31", "til": "9999-12-31"},
    ],
)
def test_a_period_that_is_none_is_answered_with_the_usual_one(query: dict[str, str]) -> None:
    period, complaint = chosen_period(query, TODAY)
    assert period == Period.of_days(30, TODAY)
    assert complaint.endswith("Her er de seneste 30 dage.")


async def test_a_period_that_is_none_is_told(busy: Client) -> None:
    answer = await busy.get("/?fra=2026-13-01")
    assert (answer.status_code, "Skriv datoerne som 2026-11-22" in answer.text) == (200, True)
    assert "25. oktober – 23. november 2026" in answer.text


async def sent(page: Client, path: str, encoding: str) -> int:
    """Bytes that come for a path."""
    return (await page.get(path, headers={"Accept-Encoding": encoding})).num_bytes_downloaded


async def first_screen(page: Client, encoding: str) -> int:
    links = Links((await page.get("/")).text).found
    parts = {urlsplit(link).path for link in links if link.startswith("/statisk/")}
    return sum([await sent(page, part, encoding) for part in sorted({"/", *parts})])


async def test_the_first_screen_is_small(page: Client) -> None:
    assert await first_screen(page, "identity") <= 100_000


async def test_the_first_screen_of_a_bot_in_use_is_small(busy: Client) -> None:
    assert await first_screen(busy, "gzip") <= 100_000


async def call_going_on(page: Client) -> None:
    page.office.live.hear(CallStarted("c", 0.0, "web", "roskilde", "", NOW.isoformat()))
    page.office.live.hear(Transcribed("c", 5.0, "jeg har mistet <b>mit</b> pas", 0.8, 2.0))


async def test_calls_going_on_with_their_words_for_those_who_may(page: Client, database: Sessions) -> None:
    await call_going_on(page)
    html = (await page.get("/")).text
    assert "jeg har mistet &lt;b&gt;mit&lt;/b&gt; pas" in html
    assert 'href="/opkald/c/lyt"' in html
    await log_in(page, Role.SEE)
    html = (await page.get("/")).text
    assert "mistet" not in html
    assert "/opkald/c/lyt" not in html


async def test_unanswered_questions_are_words(busy: Client, database: Sessions) -> None:
    async with database.begin() as session:
        session.add(
            Group(id=7, municipality="roskilde", label="må min hest", centre=b"", size=1, state="open", created=NOW)
        )
        await session.flush()
        call = Call(id="c", channel="web", municipality="roskilde", started=NOW)
        call.turns.append(
            Turn(number=1, at=1, started=NOW, municipality="roskilde", heard=1, unanswered=True, group_id=7)
        )
        session.add(call)
    html = (await busy.get("/")).text
    assert "må min hest" in html
    assert 'href="/ubesvarede/7"' in html
    await log_in(busy, Role.SEE)
    assert "må min hest" not in (await busy.get("/")).text


@pytest.mark.parametrize(
    ("query", "days"),
    [({}, 30), ({"dage": "1"}, 1), ({"dage": "365"}, 365), ({"fra": "2026-11-20"}, 4), ({"til": "2026-11-20"}, 1)],
)
def test_the_chosen_period(query: dict[str, str], days: int) -> None:
    assert chosen_period(query, TODAY)[0].days == days


def made_figures(now: Counts, before: Counts, growth: float | None = None) -> Figures:
    return Figures(Period(TODAY, TODAY), now, before, growth, Step.DAY, {TODAY: now}, {}, [Topic("pas", 1, 1)])


def results(settled: int, abandoned: int) -> Counts:
    return Counts({("result", "settled"): settled, ("result", "abandoned"): abandoned})


def test_differences_are_told_only_where_there_is_enough_to_compare() -> None:
    link = linker(Period(TODAY, TODAY), None)
    enough = {card.key: card.trend for card in cards(made_figures(results(15, 5), results(10, 10), 0.1), link)}
    assert (enough["settled"].tone, enough["settled"].text) == ("good", "25 point højere")
    assert (enough["abandoned"].tone, enough["abandoned"].text) == ("good", "25 point lavere")
    assert enough["calls"].text == "10 % flere"
    assert enough["satisfied"] is None
    few = cards(made_figures(results(15, 5), results(9, 10), 0.1), link)
    assert [card.trend for card in few] == [None] * len(few)


def test_differences_in_words() -> None:
    assert (grown(-0.2).direction, grown(-0.2).text) == ("down", "20 % færre")
    assert (points("bad")(0.031).tone, points("bad")(0.031).text) == ("bad", "3 point højere")
    assert (points("quiet")(0.004).direction, points("quiet")(0.004).text) == ("flat", "Som før")
    assert longer(-65.0).text == "1:05 kortere"
    assert (slower(0.05).tone, slower(-0.05).tone, slower(0.05).text) == ("bad", "good", "0,05 s langsommere")


def test_a_line_is_broken_where_nothing_is_known() -> None:
    assert sparkline([1, None, 4, 2]) == "M0 75M66.67 0L100 50"
    assert sparkline([None, 3]) == sparkline([]) == ""
    assert sparkline([0, 0]) == "M0 100L100 100"


def test_columns_are_stacked_from_the_foot() -> None:
    picture = columns([Bar("1/1", "fredag", "3 opkald", "/a", {"settled": 2, "failed": 1}), Bar("", "", "", "/b", {})])
    assert picture.lines == [(pytest.approx(66.67, abs=0.01), 1), (pytest.approx(33.33, abs=0.01), 2), (0.0, 3)]
    assert picture.paths == {"settled": "M2 33.33h10.3v66.67h-10.3z", "failed": "M2 0h10.3v33.33h-10.3z"}
    assert (picture.stacks[0].title, picture.stacks[1].x) == ("fredag: 3 opkald", 14.286)


@pytest.mark.parametrize(("highest", "steps"), [(0, [0, 1, 2]), (7, [0, 2, 4, 6, 8]), (1234, [0, 500, 1000, 1500])])
def test_round_steps(highest: int, steps: list[int]) -> None:
    assert round_steps(highest) == steps


def test_shades() -> None:
    assert [shade(n, 10) for n in (0, 1, 2, 3, 10)] == [0, 1, 1, 2, 5]
    assert shade(0, 0) == 0
