"""The list of calls as operators see it, and as a file for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.dashboard import Sessions, dashboard
from voicebot.dashboard.calls_csv import harmless
from voicebot.storage.filtering import Filter
from voicebot.storage.operators import AuditEntry
from voicebot.storage.people import Role
from voicebot.storage.tables import Call, Turn

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7 * 7 }}'


def a_call(number: int, text: str | None = "Jeg har mistet mit pas", **columns: object) -> Call:
    """A call that began `number` minutes before noon UTC, 13.00 in Denmark."""
    started = NOW.replace(hour=11, minute=59 - number)
    made = Call(
        id=f"CA{number:03d}", channel="twilio", municipality="roskilde", started=started, ended=started, seconds=75.0,
        outcome="goodbye", result="settled", topic="pas-mistet", turns_count=1, wait=0.62, confidence=0.91,
        **columns,
    )  # fmt: skip
    made.turns = [Turn(number=1, at=5.0, started=started, municipality="roskilde", text=text, heard=0.8)]
    return made


async def keep(database: Sessions, *calls: Call) -> None:
    async with database.begin() as session:
        session.add_all(calls)


async def test_the_list_shows_what_a_call_was(database: Sessions) -> None:
    await keep(database, a_call(1), a_call(2, mark="wrong", slow=True))
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        page = (await client.get("/opkald")).text
    for text in ("2 opkald", "I dag, søndag 22. november", "12:58", "Mistet eller stjålet pas", "mistet mit pas",
                 "Klaret", "1:15", "0,62 s", "91 %", "Forkert", 'href="/opkald/CA001"'):  # fmt: skip
        assert text in page
    assert page.index("CA001") < page.index("CA002")


async def test_what_was_said_is_not_sent_to_who_may_not_know_it(database: Sessions) -> None:
    await keep(database, a_call(1))
    async with dashboard(database, Role.SEE, now=lambda: NOW) as client:
        page = await client.get("/opkald", params={"ord": "kan ikke findes"})
        sheet = (await client.get("/opkald.csv")).text
    assert "CA001" in page.text
    assert "Skjult for din rolle" in page.text
    assert "Ord i samtalerne kan kun søges af dem, der må redigere" in page.text
    assert "mistet mit pas" not in page.text + sheet
    assert "Først sagt" not in page.text + sheet


async def test_what_it_is_narrowed_to_can_be_taken_away_again(database: Sessions) -> None:
    await keep(database, a_call(1), a_call(2, text="Hvornår har I åbent?", reason="asked"))
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        query = {"ord": "mist pas", "resultat": "settled", "fra": "2026-11-22", "kommune": "roskilde", "tilfreds": ""}
        page = (await client.get("/opkald", params=query)).text
    assert "CA001" in page
    assert "CA002" not in page
    assert "1 opkald, som passer til det valgte" in page
    without = "fra=2026-11-22&amp;kommune=roskilde&amp;resultat=settled"
    assert f'href="/opkald?{without}" aria-label="Fjern Ord: mist pas"' in page
    assert 'aria-label="Fjern Fra 22. november 2026"' in page
    assert f'href="/opkald/CA001?{without}&amp;ord=mist+pas"' in page
    assert '<option value="roskilde" selected>' in page


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("fra=i+morgen", "Fra-datoen er ikke en dato"),
        ("fra=2026-11-02&til=2026-11-01", "Til-datoen er ikke en dato, der ligger på eller efter fra-datoen"),
        ("fra=0001-01-01", "Fra-datoen"),
        ("resultat=fint", "Det resultat kendes ikke"),
        ("efter=ned.x.y", "Den side af listen findes ikke"),
        ("langsom=meget", "“langsom” kunne ikke bruges"),
        ("efter=ned.99999999999999999.CA001", "CA001"),
        ("gruppe=99999999999999", "Gruppen er ikke et nummer"),
        ("ord=" + "a" * 201, "mere end 200 tegn"),
        ("ord=%27%3B+drop+table+calls+%26+%7C+%21+%3A%2A+%22+%28", "Ingen opkald passer"),
        ("emne=..%2F..%2F", "Det er ikke navnet på et emne"),
    ],
)
async def test_what_makes_no_sense_is_said_and_left_out(database: Sessions, query: str, complaint: str) -> None:
    await keep(database, a_call(1))
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        answer = await client.get(f"/opkald?{query}")
    assert answer.status_code == 200
    assert complaint in answer.text


@pytest.mark.parametrize("path", ["/opkald", "/opkald.csv"])
@pytest.mark.parametrize("given", [{}, {"ord": "mistet"}, {"fra": "2026-01-01"}])
async def test_a_form_sends_its_empty_fields_too(database: Sessions, path: str, given: dict[str, str]) -> None:
    await keep(database, a_call(1))
    empty = {str(field.alias): "" for field in Filter.model_fields.values()}
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        answer = await client.get(path, params=empty | given)
    assert answer.status_code == 200
    assert "CA001" in answer.text
    assert "udeladt" not in answer.text


async def test_pages_lead_on_and_back(database: Sessions) -> None:
    started = NOW.replace(hour=8)
    await keep(database, *_many(120, started))
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        first = (await client.get("/opkald?resultat=settled")).text
        second = (await client.get(_link(first, "next"))).text
        third = (await client.get(_link(second, "next"))).text
        back = (await client.get(_link(third, "prev"))).text
    assert "120 opkald" in first
    assert [_ids(page) for page in (first, second, third)] == [
        [f"CB{n:03d}" for n in range(high, low, -1)] for high, low in ((119, 69), (69, 19), (19, -1))
    ]
    assert _ids(back) == _ids(second)
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in third
    assert "resultat=settled" in _link(back, "prev")


def _many(calls: int, started: datetime) -> list[Call]:
    """Calls that began at the same moment, as in a database restored from somewhere."""
    return [
        Call(id=f"CB{n:03d}", channel="web", municipality="roskilde", started=started, result="settled")
        for n in range(calls)
    ]


def _ids(page: str) -> list[str]:
    return [part[:5] for part in page.split('href="/opkald/')[1:]]


def _link(page: str, rel: str) -> str:
    return page.split(f'rel="{rel}" href="')[1].split('"', maxsplit=1)[0].replace("&amp;", "&")


async def test_what_was_searched_for_is_what_is_shown(database: Sessions) -> None:
    call = a_call(1, text="Goddag, jeg ringer fra bilen")
    said = {"started": call.started, "municipality": "roskilde", "heard": 0.8}
    call.turns += [Turn(number=n, at=5.0 * n, text=text, **said) for n, text in ((2, "Passet er væk"), (3, "Ja, pas"))]
    await keep(database, call)
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        assert "Goddag, jeg ringer fra bilen" in (await client.get("/opkald")).text
        page = (await client.get("/opkald?ord=pas")).text
    assert "Passet er væk" in page
    assert "fra bilen" not in page
    assert "Ja, pas" not in page


async def test_hostile_words_are_harmless(database: Sessions) -> None:
    await keep(database, a_call(1, text=HOSTILE))
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        page = (await client.get("/opkald", params={"ord": "alert"})).text
        again = (await client.get("/opkald", params={"ord": HOSTILE})).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page + again
    assert "<img src=x" not in page + again
    assert "{{ 7 * 7 }}" in again


async def test_a_sheet_holds_all_that_the_list_is_narrowed_to(database: Sessions) -> None:
    await keep(
        database,
        a_call(1, text='=HYPERLINK("http://evil.example";"klik");\n@SUM(1)', comment="+45", satisfied=True),
        a_call(2, text=None, outside_hours=False),
        Call(id="CA900", channel="web", municipality="roskilde", started=NOW),
    )
    async with dashboard(database, Role.EDIT, now=lambda: NOW) as client:
        answer = await client.get("/opkald.csv?fra=2026-11-22")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="opkald-2026-11-22.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfOpkald;Dato;Tid;")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Opkald"] for row in rows] == ["CA900", "CA001", "CA002"]
    assert rows[0]["Resultat"] == "I gang"
    assert rows[1]["Først sagt"] == '\'=HYPERLINK("http://evil.example";"klik"); @SUM(1)'
    assert (rows[1]["Tid"], rows[1]["Længste svartid (s)"], rows[1]["Fik hjælp"]) == ("12:58:00", "0,62", "ja")
    assert (rows[2]["Uden for åbningstid"], rows[2]["Først sagt"]) == ("nej", "")
    async with database() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "calls.exported"))
    assert entry
    assert (entry.who, entry.details) == ("Karen rediger", {"fra": "2026-11-22"})


async def test_a_sheet_of_nothing_has_its_headings(database: Sessions) -> None:
    async with dashboard(database, Role.EDIT) as client:
        assert (await client.get("/opkald.csv")).text.startswith("\ufeffOpkald;Dato")


@pytest.mark.parametrize("text", ["=1+1", "+45", "-1", "@SUM", "\t=1", " \n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text)[0] not in "=+-@\t\r\n"


async def test_a_new_bot_says_how_its_list_fills(database: Sessions) -> None:
    async with dashboard(database, Role.SEE) as client:
        page = (await client.get("/opkald")).text
    assert "Ingen opkald endnu" in page
    assert 'href="/phone"' in page


async def test_who_searched_in_what_was_said_is_noted_but_not_the_words(database: Sessions) -> None:
    async with dashboard(database) as client:
        await client.get("/opkald?resultat=settled")
        await client.get("/opkald?ord=hemmelig")
    async with database() as session:
        noted = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "calls.searched"))).all()
    assert [(entry.who, entry.details) for entry in noted] == [("Karen rediger", {})]
