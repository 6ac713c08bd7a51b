"""Logging in and out, one's own password, the pages of people and of the audit trail."""

import ast
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import ROOT
from tests.dashboard import Client, Sessions, dashboard
from voicebot.dashboard.audit_page import ACTIONS, described
from voicebot.dashboard.login import WRONG
from voicebot.storage import attempts, audit, people
from voicebot.storage.operators import AuditEntry, Login, Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    """SQLite alone: what is asked of the tables is tried in both kinds of database elsewhere."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'voicebot.db')}"


GOOD, BETTER = "en kop kaffe i regnen", "to kopper te i solen"


@pytest.fixture
async def karen(database: Sessions) -> None:
    async with database.begin() as session:
        await people.add(session, "Karen", Role.EDIT, GOOD)


async def try_in(client: Client, name: str = "Karen", password: str = GOOD, onward: str = "/") -> tuple[int, str]:
    answer = await client.post("/log-ind", data={"navn": name, "adgangskode": password, "naeste": onward})
    return answer.status_code, answer.headers.get("location", answer.text)


async def actions(database: Sessions) -> list[tuple[str, str, str]]:
    async with database() as session:
        found = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.who, entry.action, entry.object) for entry in found]


@pytest.mark.usefixtures("karen")
async def test_somebody_logs_in_and_out(database: Sessions) -> None:
    async with dashboard(database, None) as client:
        client.cookies.set("voicebot", "chosen-by-somebody-else", "127.0.0.1")
        assert await try_in(client, onward="/min-adgang") == (303, "/min-adgang")
        token = client.cookies["voicebot"]
        assert token != "chosen-by-somebody-else"
        page = await client.get("/min-adgang")
        assert "Du er logget ind som Karen" in page.text
        assert token not in page.text
        assert (await client.get("/log-ind?naeste=/svar")).headers["location"] == "/svar"
        client.csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
        out = await client.send_form("/log-ud")
        assert out.headers["location"] == "/log-ind?ude=ja"
        client.cookies.set("voicebot", token, "127.0.0.1")
        assert (await client.get("/min-adgang")).status_code == 303
    assert await actions(database) == [("Karen", "login.done", "127.0.0.1"), ("Karen", "login.ended", "")]


@pytest.mark.usefixtures("karen")
async def test_a_wrong_name_and_a_wrong_password_are_told_alike(database: Sessions) -> None:
    async with dashboard(database, None) as client:
        told = [await try_in(client, "Karen", "forkert"), await try_in(client, "Karin", "forkert")]
        assert [status for status, _ in told] == [401, 401]
        assert told[0][1].replace("Karen", "Karin") == told[1][1]
        assert WRONG in told[0][1]
        assert "voicebot" not in client.cookies
        assert "forkert" not in told[0][1].replace(WRONG, "")
    assert await actions(database) == [("Karen", "login.failed", "127.0.0.1"), ("ukendt", "login.failed", "127.0.0.1")]


@pytest.mark.usefixtures("karen")
async def test_who_guesses_has_to_wait_and_gets_in_afterwards(database: Sessions) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with dashboard(database, None, now=lambda: now) as client:
        for _ in range(attempts.FREE_BY_NAME):
            assert (await try_in(client, password="forkert"))[0] == 401
        waiting = await client.post("/log-ind", data={"navn": "Karen", "adgangskode": GOOD})
        assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "1")
        assert "Vent 1 sekund," in waiting.text
        now += timedelta(seconds=1)
        assert (await try_in(client))[0] == 303


async def test_names_and_words_from_outside_are_harmless(database: Sessions) -> None:
    evil = '"><script>alert(1)</script>'
    async with dashboard(database, Role.ADMINISTER) as client:
        _, page = await try_in(client, evil, "x")
        added = await client.send_form("/brugere", navn=evil, rolle="se")
        pages = [page, added.text, (await client.get("/revision", params={"om": evil, "hvem": evil})).text]
    for text in pages:
        assert "<script>alert" not in text
    assert "&lt;script&gt;" in added.text


@pytest.mark.usefixtures("karen")
async def test_one_changes_ones_password_and_is_out_everywhere_else(database: Sessions) -> None:
    async with dashboard(database, None) as elsewhere, dashboard(database, None) as client:
        await try_in(elsewhere)
        await try_in(client)
        page = (await client.get("/min-adgang")).text
        assert "Log ud alle andre steder" in page
        client.csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        before = client.cookies["voicebot"]
        for old, new, again, told in [
            ("forkert", BETTER, BETTER, "Den nuværende adgangskode er forkert"),
            (GOOD, "kort", "kort", "mindst 12 tegn"),
            (GOOD, BETTER, GOOD, "ikke ens"),
            (GOOD, GOOD, GOOD, "den samme"),
        ]:
            answer = await client.send_form("/min-adgang", nuvaerende=old, ny=new, gentaget=again)
            assert answer.status_code == 422
            assert told in answer.text
        done = await client.send_form("/min-adgang", nuvaerende=GOOD, ny=BETTER, gentaget=BETTER)
        assert done.headers["location"] == "/min-adgang?gjort=adgangskode"
        assert client.cookies["voicebot"] != before
        assert "Adgangskoden er skiftet" in (await client.get("/min-adgang?gjort=adgangskode")).text
        assert (await elsewhere.get("/min-adgang")).status_code == 303
        assert (await try_in(elsewhere))[0] == 401
        assert (await try_in(elsewhere, password=BETTER))[0] == 303


@pytest.mark.usefixtures("karen")
async def test_one_logs_oneself_out_everywhere_else(database: Sessions) -> None:
    async with dashboard(database, None) as elsewhere, dashboard(database, None) as client:
        await try_in(elsewhere)
        await try_in(client)
        client.csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get("/min-adgang")).text)[1]
        await client.send_form("/min-adgang/log-ud")
        assert (await elsewhere.get("/min-adgang")).status_code == 303
        assert (await client.get("/min-adgang")).status_code == 200


async def test_a_person_is_added_with_a_password_shown_once(database: Sessions) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        page = await client.send_form("/brugere", navn="Åse Øst", rolle="rediger")
        password = re.search(r'<code class="secret">([a-z-]+)</code>', page.text)[1]
        async with database() as session:
            id_ = (await people.named(session, "Åse Øst")).id
        assert password not in (await client.get(f"/brugere/{id_}")).text
        assert "Åse Øst" in (await client.get("/brugere")).text
        again = await client.send_form("/brugere", navn="åse øst", rolle="se")
        assert (again.status_code, "er taget" in again.text) == (422, True)
        async with dashboard(database, None) as hers:
            assert (await try_in(hers, "Åse Øst", password))[0] == 303
            assert (await hers.get("/opkald/1")).headers["location"] == "/min-adgang"
            page = (await hers.get("/min-adgang")).text
            assert "Vælg din egen" in page
            hers.csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
            await hers.send_form("/min-adgang", nuvaerende=password, ny=BETTER, gentaget=BETTER)
            assert (await hers.get("/opkald/1")).status_code == 404
    assert ("Karen administrer", "person.added", "Åse Øst") in await actions(database)


@pytest.mark.usefixtures("karen")
async def test_an_administrator_changes_what_somebody_may_do(database: Sessions) -> None:
    async with dashboard(database, Role.ADMINISTER) as client, dashboard(database, None) as hers:
        await try_in(hers)
        changed = await client.send_form("/brugere/1/rolle", rolle="se")
        assert changed.headers["location"] == "/brugere/1?gemt=ja"
        assert "Ændringen er gemt" in (await client.get("/brugere/1?gemt=ja")).text
        assert (await client.send_form("/brugere/1/rolle", rolle="konge")).status_code == 422
        await client.send_form("/brugere/1/log-ud")
        assert (await hers.get("/min-adgang")).status_code == 303
        await client.send_form("/brugere/1/luk")
        assert (await try_in(hers))[0] == 401
        await client.send_form("/brugere/1/aabn")
        assert (await try_in(hers))[0] == 303
        reset = await client.send_form("/brugere/1/adgangskode")
        password = re.search(r'<code class="secret">([a-z-]+)</code>', reset.text)[1]
        assert (await try_in(hers))[0] == 401
        assert (await try_in(hers, password=password))[0] == 303
    done = [action for who, action, object_ in await actions(database) if who == "Karen administrer"]
    assert done == ["person.role", "person.logged_out", "person.closed", "person.opened", "person.password"]


async def test_the_last_administrator_stays(database: Sessions) -> None:
    async with dashboard(database, Role.ADMINISTER) as client:
        for path, fields in (("luk", {}), ("rolle", {"rolle": "se"})):
            answer = await client.send_form(f"/brugere/1/{path}", **fields)
            assert answer.status_code == 422
            assert "sidste administrator" in answer.text
    async with database() as session:
        person = (await session.scalars(select(Person))).one()
        assert (person.active, person.role) == (True, Role.ADMINISTER)
        assert (await session.scalars(select(Login))).one()


async def test_the_audit_trail_is_read_by_who_what_and_about(database: Sessions) -> None:
    async with database.begin() as session:
        for number in range(audit.PAGE + 1):
            await audit.note(session, "Bo", "call.seen", f"CA{number}")
        await audit.note(session, "Ib", "answer.published", "pas-mistet", version=3)
    async with dashboard(database, Role.ADMINISTER) as client:
        page = (await client.get("/revision")).text
        assert 'href="/opkald/CA100"' in page
        assert 'href="/opkald/CA0"' not in page
        assert 'href="/svar/pas-mistet"' in page
        older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
        assert 'href="/opkald/CA0"' in (await client.get(older)).text
        assert "CA7<" in (await client.get("/revision?hvem=Bo&handling=call.seen&om=CA7")).text
        assert "Intet at vise" in (await client.get("/revision?hvem=Bo&om=CA7&handling=login.done")).text
        assert (await client.get("/revision?foer=zzz")).status_code == 200


def test_what_is_noted_is_told_in_danish() -> None:
    assert described({"role": "se", "before": "rediger"}) == "rolle: se · før: rediger"
    assert described({"mark": "right", "before": None}) == "mærke: rigtigt · før: intet"
    assert described({"files": ["a.yaml", "b.yaml"], "note": ""}) == "filer: a.yaml, b.yaml"
    assert described({}) == ""


def noted(file: Path) -> set[str]:
    """The actions that a module notes, or hands to what notes them."""
    calls = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    noting = [call for call in calls if ast.unparse(call.func).endswith(("note", "_changing"))]
    words = {arg.value for call in noting for arg in call.args if isinstance(arg, ast.Constant)}
    return {word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", str(word))}


def test_every_action_has_a_name_that_people_understand() -> None:
    rooms = ("dashboard", "storage", "cli", "fixtures")
    files = [file for room in rooms for file in (ROOT / "voicebot" / room).rglob("*.py") if file.stem != "audit_page"]
    actions = set().union(*map(noted, files))
    assert {"call.seen", "person.role", "login.done", "person.added"} <= actions <= set(ACTIONS)
    code = "".join(file.read_text("utf-8") for file in files)
    assert [action for action in ACTIONS if f'"{action}"' not in code] == []
