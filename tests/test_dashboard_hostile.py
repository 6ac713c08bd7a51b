"""Whatever stands in the record, in answers and in names: pages show it as text, and nothing comes of it."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from types import MappingProxyType, SimpleNamespace
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import select
from starlette.routing import Mount

from tests.dashboard import Client, NoStudio, Sessions, dashboard
from tests.shipped import shipped
from tests.stored_calls import BEGAN, asked, at_noon, stored
from voicebot.answers import Answer, Library
from voicebot.dashboard import dashboard_routes
from voicebot.dashboard.guard import GuardedRoute
from voicebot.events import CallStarted, Decided, Transcribed
from voicebot.matching import Candidate
from voicebot.storage.audit import note
from voicebot.storage.operators import Person, Version
from voicebot.storage.people import Role
from voicebot.storage.tables import Call, Group, Turn

pytest_plugins = ["tests.databases"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{ 7*191 }}{% for x in y %}${7*191}#{7*191}",
    "</textarea></title></style><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "\u202edrow sdrawkcab\u202c\u2066",
    "'; DROP TABLE calls; --",
    '=HYPERLINK("https://example.org";"Klik")',
    "&lt;b&gt;&#x3C;i&#x3E;\x1b[31m\x85\u2028",
    "æ" * 65_536,
]
FILE = "common/pas/pas-mistet.yaml"
STREAMS = {"/live", "/opkald/{id}/lyt/live"}
"""What these push is rendered by the templates of the pages that listen to them."""
NO_PAGES = {"/opkald.csv", "/log-ind", "/log-ind/kommune", "/log-ind/kommune/svar", "/svar/proevet/{key}"}
"""A sheet, what is for those who are not logged in, and what is there only while something is tried out."""
FILTERS = ("ord", "fra", "kommune", "resultat", "emne", "gruppe", "efter")
OURS = re.compile(r"/statisk/[\w./-]+")
ACTIVE = ("javascript:", "data:", "//", "http:")
ELSEWHERE = {"iframe", "object", "embed", "base", "style", "plaintext", "marquee", "link", "script", "img"}


class Page(HTMLParser):
    """A page as a browser takes it: fails for whatever could act or come from elsewhere; text: all that is shown."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on") or name == "style"], given
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            assert not (given.get(name) or "").strip().lower().startswith(("javascript:", "data:", "//", "http:")), (
                given
            )
        if tag in ELSEWHERE:
            source = given.get("src") or given.get("href") or ""
            assert OURS.fullmatch(source), f"<{tag} {given}>"
        self.text += " ".join(value for value in given.values() if value)

    def handle_data(self, data: str) -> None:
        self.text += data


class Studio(NoStudio):
    """Knows the text of one answer."""

    async def path_of(self, id_: str) -> str | None:
        return FILE

    async def texts(self, *paths: str) -> dict[str, str | None]:
        return dict.fromkeys(paths, answer_file(" ".join(HOSTILE[:-1])))

    async def ask(self, question: str, changed: Any) -> SimpleNamespace:
        return SimpleNamespace(candidates=[Candidate(id_, 0.5) for id_ in list(shipped().answers)[: len(HOSTILE)]])


def answer_file(text: str) -> str:
    quoted = "'" + text.replace("'", "''").replace("\x1b", "").replace("\x85", "").replace("\u2028", "") + "'"
    lines = [f"{name}: {quoted}" for name in ("title", "offer", "answer", "sms")]
    return "\n".join(
        ["id: pas-mistet", *lines, f"examples: [{quoted}]", "source: https://x.dk", "reviewed: 2026-01-01"]
    )


def hostile_library() -> Library:
    """The answers, some of which have hostile titles, examples and texts."""
    answers: dict[str, Answer] = dict(shipped().answers)
    for text, (id_, answer) in zip(HOSTILE, shipped().answers.items(), strict=False):
        answers[id_] = replace(answer, title=text, offer=text, text=text, examples=(text,), sms=text)
    return replace(shipped(), answers=MappingProxyType(answers))


async def fill(database: Sessions) -> None:
    """Hostile words said, commented, grouped, published and noted; a person with such a name."""
    async with database.begin() as session:
        titles = list(shipped().answers)
        for place, text in enumerate(HOSTILE):
            rows = [
                *asked(1.0, text, "reject", None),
                ("Said", 9.0, {"text": text}),
                *asked(10.0, text, "answer", titles[place]),
            ]
            rows += [("Failed", 20.0, {"stage": text[:40], "code": text[:40]})]
            rows += [("Transferred", 21.0, {"number": text[:40], "reason": text[:16]})]
            call = stored(f"CA{place}", rows, started=BEGAN + timedelta(minutes=place), comment=text)
            group = Group(municipality="roskilde", label=text, centre=b"\0" * 16, size=1, state="open", created=BEGAN)
            session.add_all([call, group])
            await session.flush()
            turn = (await session.scalars(select(Turn).where(Turn.call_id == call.id))).first()
            assert turn
            turn.group_id, turn.unanswered = group.id, True
            await note(session, text[:60], "call.marked", text[:120], mark=text[:100])
            session.add(
                Version(path="common/pas/pas-mistet.yaml", text=answer_file(text), at=BEGAN, who=text[:60], note=text)
            )
        session.add(Person(name=HOSTILE[0], role=Role.SEE, active=True, must_change=False, created=BEGAN))


def listen_in(client: Client) -> None:
    for place, text in enumerate(HOSTILE):
        live = f"LIVE{place}"
        client.office.live.hear(CallStarted(live, 0.0, "twilio", "roskilde", "", BEGAN.isoformat()))
        client.office.live.hear(Transcribed(live, 1.0, text, 0.9, 1.0))
        client.office.live.hear(Decided(live, 1.0, text, text, 0.9, (), text))


PAGES = [
    route.path
    for route in dashboard_routes()
    if not isinstance(route, Mount) and "GET" in (getattr(route, "methods", None) or ()) and route.path not in STREAMS
]


def addresses(path: str) -> list[str]:
    """A page, or one for each of a few hostile things it may be about."""
    if "{" not in path:
        return [path]
    if path.startswith("/ubesvarede"):
        return [re.sub(r"\{.*?\}", str(number), path, count=1) for number in range(1, len(HOSTILE) + 1)]
    if path.startswith("/svar"):
        return [re.sub(r"\{.*?\}", "pas-mistet", path)]
    if path.startswith("/brugere"):
        return [re.sub(r"\{.*?\}", "1", path)]
    of = "LIVE" if path.endswith("/lyt") else "CA"
    return [re.sub(r"\{.*?\}", f"{of}{place}", path) for place in range(len(HOSTILE))]


async def test_on_every_page_what_people_said_and_wrote_is_text(database: Sessions) -> None:
    await fill(database)
    library = hostile_library()
    async with dashboard(database, Role.ADMINISTER, library=library, studio=Studio(), now=at_noon) as client:
        listen_in(client)
        shown = {}
        for path in PAGES:
            for address in addresses(path):
                answer = await client.get(address)
                assert answer.status_code in {200, 303, 404}, (address, answer.status_code)
                if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                    page = Page(answer.text).text
                    assert "1337" not in page, f"{address}: a template was run"
                    shown.setdefault(path, []).append(page)
    assert {path for path in set(PAGES) - set(shown) if not path.startswith("/api/")} == NO_PAGES
    for path in ("/opkald/{call}", "/opkald", "/", "/ubesvarede", "/svar", "/revision", "/opkald/{id}/lyt"):
        text = "".join(shown[path])
        missing = [each[:50] for each in HOSTILE[:3] if each not in text]
        assert not missing, f"{path} was to show {missing}"


async def test_whatever_is_searched_for_and_asked_for_does_nothing(database: Sessions) -> None:
    async with database.begin() as session:
        session.add(stored())
    async with dashboard(database, Role.ADMINISTER, studio=Studio(), now=at_noon) as client:
        for path in (path for text in HOSTILE for path in asking(text)):
            answer = await client.get(path)
            assert answer.status_code < 500, path
            if answer.headers.get("content-type", "").startswith("text/html"):
                Page(answer.text)
    async with database() as session:
        assert (await session.scalars(select(Call.id))).all() == ["CA1"]


def asking(text: str) -> Iterator[str]:
    """Addresses that ask for it in every way."""
    sent = quote(text[:300])
    yield from (
        "/opkald?" + "&".join(f"{name}={sent}" for name in FILTERS),
        f"/opkald/{quote(text[:60], safe='')}",
        f"/opkald/CA1?ord={sent}&emne={sent}",
        f"/ubesvarede?ord={sent}&tilstand={sent}&side={sent}",
        f"/svar?ord={sent}",
        f"/revision?hvem={sent}&handling={sent}&opkald={sent}",
        f"/?fra={sent}&til={sent}&kommune={sent}&dage={sent}",
        f"/log-ind?naeste={sent}",
        f"/{sent}",
    )


async def test_a_comment_comes_back_as_it_was_meant(database: Sessions) -> None:
    await fill(database)
    async with dashboard(database, now=at_noon) as client:
        for text in HOSTILE[:5]:
            fragment = await client.post(
                "/opkald/CA0/kommentar", data={"csrf": client.csrf, "comment": text}, headers={"HX-Request": "true"}
            )
            assert text in Page(fragment.text).text
            assert (await api(client, "/api/opkald/CA0"))["comment"] == text


async def api(client: Client, path: str) -> Mapping[str, Any]:
    answer: httpx.Response = await client.get(path)
    assert answer.headers["content-type"] == "application/json"
    found: Mapping[str, Any] = answer.json()
    return found


async def test_no_cell_of_the_sheet_is_a_formula(database: Sessions) -> None:
    await fill(database)
    async with dashboard(database, Role.ADMINISTER, library=hostile_library(), now=at_noon) as client:
        sheet = (await client.get("/opkald.csv")).text
    rows = list(csv.reader(sheet.lstrip("\ufeff").splitlines(), delimiter=";"))
    assert len(rows) >= len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t"} and len(cell) > 1]


def test_every_page_lies_behind_the_guard_or_is_known_not_to() -> None:
    free = {route.path for route in dashboard_routes() if not isinstance(route, GuardedRoute)}
    assert all(path.startswith(("/log-ind", "/statisk")) for path in free), free
