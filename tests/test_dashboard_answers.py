"""Svar: the list, an answer edited, tried and published, its versions, without a browser and without a model."""

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.dashboard import Client, dashboard
from tests.made_library import LIBRARY
from tests.trying import workshop
from tests.two_answers import ANSWER
from voicebot.dashboard.answer_form import area_title, id_of, line
from voicebot.dashboard.history_page import difference
from voicebot.dashboard.library_page import listed
from voicebot.dashboard.pages import exactly
from voicebot.storage import audit, tallies, versions
from voicebot.storage.operators import AuditEntry, Version
from voicebot.storage.people import Role
from voicebot.storage.use import Use
from voicebot.studio import studio

pytest_plugins = ["tests.databases"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOST = "common/pas/pas-mistet.yaml"
FIELDS = {
    "title": "Mistet pas",
    "offer": "at dit pas er væk",
    "answer": "Det er vi kede af. Ring til os på {{ borgerservice.phone }}.",
    "examples": """Mit pas er væk\r\nJeg har tabt passet\r\nPasset er stjålet\r\nHvor er mit pas?\r\nPas mistet
Tyven tog passet\r\nJeg mangler mit pas\r\nPasset er blevet væk""",
    "ask": "Er det et barns pas?",
    "offer0": "pas til et barn",
    "examples0": "ja\net barn",
    "to0": "pas-barn",
    "sms": "Ring på {{ borgerservice.phone }}, se https://kommune.dk",
    "source": "https://kommune.dk/pas",
}


@asynccontextmanager
async def opened(tmp_path: Path, database, role: Role = Role.EDIT):
    """The pages over a workshop of two answers."""
    async with workshop(tmp_path, database) as shop, dashboard(database, role, studio=shop.studio) as client:
        client.office.settings, client.office.now = shop.settings, lambda: NOW
        client.office.library = lambda: shop.reloader.content.library
        yield shop, client


@pytest.fixture
async def place(tmp_path: Path, database):
    async with opened(tmp_path, database) as (shop, client):
        yield shop, client


async def seen(client: Client, id_: str = "pas-mistet") -> str:
    """What the form of an answer was made from."""
    page = await client.get(f"/svar/{id_}")
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found
    return found[1]


async def send(client: Client, id_: str = "pas-mistet", **changed):
    return await client.send_form(f"/svar/{id_}", **{"seen": await seen(client, id_), **FIELDS, **changed})


async def remove(client: Client, id_: str, **fields):
    return await client.send_form(f"/svar/{id_}/fjern", **{"seen": await seen(client, id_), **fields})


async def roll_back(client: Client, version: int, id_: str = "pas-mistet"):
    page = await client.get(f"/svar/{id_}/historik")
    given = re.search(r'name="seen" value="(\w+)"', page.text)[1]
    return await client.send_form(f"/svar/{id_}/historik/{version}", seen=given)


def text(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


# The list


def test_answers_are_found_by_all_words_wherever_they_stand():
    rows = listed(LIBRARY.answers.values(), {"rotter": Use(3, 2, 1)}, frozenset({"rotter"}), date(2028, 1, 1), "ROTTER")
    assert [(row.answer.id, row.use.given, row.old, row.published) for row in rows] == [("rotter", 3, True, True)]
    found = listed(LIBRARY.answers.values(), {}, frozenset(), date(2026, 11, 22), "pas 893")
    assert [(row.answer.id, row.old) for row in found] == [("pas-pris", False)]
    assert not listed(LIBRARY.answers.values(), {}, frozenset(), date(2026, 11, 22), "pas elefant")


async def test_the_list_shows_use_success_and_age(place):
    _, client = place
    async with client.office.sessions.begin() as session:
        day = date(2026, 11, 20)
        counts = {("answers", day, -1, "pas-mistet"): 1234, ("topic", day, -1, "pas-mistet"): 4}
        counts |= {("topic_settled", day, -1, "pas-mistet"): 3, ("answers", date(2026, 1, 1), -1, "pas-barn"): 9}
        await tallies.add(session, "lilleby", counts)
    said = text(await client.get("/svar"))
    assert "Brug og klarede opkald er opgjort over de seneste" in said
    assert "Mistet pas pas-mistet Pas 1.234 75 % 20. november 2026" in said
    assert said.index("Mistet pas") < said.index("Pas til barn")
    for query in ("q=elefant", "vis=udgivne", "omraade=vej", "vis=gamle"):
        assert "Ingen svar her" in text(await client.get(f"/svar?{query}"))
    for odd in ("side=0", "side=99999999999", "side=x", "vis=x", "sorter=x", "q=%25%27%22<", "omraade=\u202e"):
        assert (await client.get(f"/svar?{odd}")).status_code == 200


# An answer


async def test_an_answer_is_shown_with_its_facts_marked_and_the_form_to_those_who_may(tmp_path, database):
    async with opened(tmp_path, database, Role.SEE) as (_, client):
        page = await client.get("/svar/pas-mistet")
        assert '<mark title="Kommunens oplysning: borgerservice.phone">22 22 22 22</mark>' in page.text
        assert "<form id=" not in page.text
        for path in ("vis", "tale", "spoerg", "proev", "fjern"):
            assert (await client.send_form(f"/svar/pas-mistet/{path}", **FIELDS)).status_code == 403
        assert (await client.send_form("/svar/pas-mistet", **FIELDS)).status_code == 403
        assert (await client.get("/svar/ny")).status_code == 403
        assert (await client.get("/svar/pas-hund")).status_code == 404


async def test_what_is_typed_is_heard_and_judged_at_once(place):
    _, client = place
    said = text(await client.send_form("/svar/pas-mistet/vis", **FIELDS))
    assert "Ring til os på 22 22 22 22 ." in said
    assert "Cirka 6 sekunder" in said
    assert "Ingen fejl fundet" in said
    wrong = {"answer": "Se www.kommune.dk. " + "Det er langt. " * 40, "examples": "Pas?", "source": "kommune.dk"}
    said = text(await client.send_form("/svar/pas-mistet/vis", **{**FIELDS, **wrong}))
    for fault in (
        "Der er 4 fejl",
        "Tager cirka",
        "webadresse",
        "Kilde: forkert; skal være",
        "1 eksempler; skriv mindst 8",
    ):
        assert fault in said, said
    said = text(await client.send_form("/svar/pas-mistet/vis", **{**FIELDS, "title": "", "to0": "pas-hund"}))
    assert "Titel: tomt; skriv teksten" in said or "Titel: feltet mangler" in said
    assert "Fører til “pas-hund”" in said


async def test_the_answer_is_heard_as_sound(place):
    shop, client = place
    sound = await client.send_form("/svar/pas-mistet/tale", **FIELDS)
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content[:4] == b"RIFF"
    assert shop.engines.said[-1] == "Ring til os på 22 22 22 22."
    assert (await client.send_form("/svar/pas-mistet/tale", answer=" ")).status_code == 422


async def test_a_question_is_answered_from_what_stands_in_the_form(place):
    _, client = place
    changed = {**FIELDS, "answer": "Øv da.", "question": "Mit pas er væk"}
    said = text(await client.send_form("/svar/pas-mistet/spoerg", **changed))
    assert "Svarer: Mistet pas" in said
    assert "Øv da." in said
    assert "Skriv et spørgsmål" in text(await client.send_form("/svar/pas-mistet/spoerg", **FIELDS))
    broken = {**changed, "examples": ""}
    assert "Ret fejlene først" in text(await client.send_form("/svar/pas-mistet/spoerg", **broken))


async def test_a_published_text_is_in_use_and_in_the_history(place):
    shop, client = place
    answer = await send(client, answer="Øv da. Ring på {{ borgerservice.phone }}.", note="Kortere", reviewed="ja")
    assert (answer.status_code, answer.headers["location"]) == (303, "/svar/pas-mistet?udgivet")
    in_use = shop.reloader.content.library.answers["pas-mistet"]
    assert in_use.text == "Øv da. Ring på 22 22 22 22."
    assert in_use.reviewed == date(2026, 11, 22)
    assert in_use.follow_up
    assert "Udgivet. Næste opkald" in text(await client.get("/svar/pas-mistet?udgivet"))
    assert "Ændret her" in text(await client.get("/svar?vis=udgivne"))
    history = await client.get("/svar/pas-mistet/historik")
    assert "Kortere" in text(history)
    assert re.search("<ins>[^<]*Øv da", history.text)
    assert "<del>  Det er vi kede af.</del>" in history.text
    async with client.office.sessions() as session:
        (entry,) = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "answer.published"))).all()
        assert (entry.who, entry.object) == ("Karen rediger", "pas-mistet")
        oldest = (await session.scalars(select(Version).order_by(Version.id))).first()
        assert (oldest.text, oldest.who) == (ANSWER, versions.FOLDER)
        newest = (await versions.history(session, LOST))[0]
    rolled = await roll_back(client, oldest.id)
    assert rolled.status_code == 303
    assert shop.reloader.content.library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    assert "Rullet tilbage til" in text(await client.get("/svar/pas-mistet/historik"))
    assert (await client.send_form("/svar/pas-barn/historik/1")).status_code == 404, "another answer's version"
    await roll_back(client, newest.id)
    assert shop.reloader.content.library.answers["pas-mistet"].text.startswith("Øv da.")


async def written(shop, client) -> str:
    """The text in use, once it is written to the files and they count again."""
    in_use = (await shop.studio.texts(LOST))[LOST]
    (shop.settings.answers_dir / LOST).write_text(in_use, "utf-8")
    async with client.office.sessions.begin() as session:
        await versions.hand_back(session, {LOST: in_use}, audit.SYSTEM, "Skrevet til filerne")
    await shop.studio.publish()
    return in_use


async def test_back_to_when_the_files_counted_is_back_to_their_text(place):
    shop, client = place
    await send(client, answer="Øv da.")
    assert "af Karen rediger" in text(await client.get("/svar/pas-mistet"))
    in_files = await written(shop, client)
    assert "Udgivet som i filerne" in text(await client.get("/svar/pas-mistet"))
    await send(client, answer="Et andet svar.")
    async with client.office.sessions() as session:
        handed_back = (await versions.history(session, LOST))[2]
    assert handed_back.text is None
    assert (await roll_back(client, handed_back.id)).status_code == 303
    page = text(await client.get("/svar/pas-mistet/historik"))
    assert f"Rullet tilbage til {exactly(handed_back.at)}" in page
    assert (await shop.studio.texts(LOST))[LOST] == in_files
    assert shop.reloader.content.library.answers["pas-mistet"].text == "Øv da."


async def test_nothing_with_a_fault_is_published_and_nothing_typed_is_lost(place):
    shop, client = place
    answer = await send(client, answer="Se www.kommune.dk.", note="min note")
    assert answer.status_code == 422
    assert "webadresse" in text(answer)
    assert "Se www.kommune.dk." in answer.text
    assert 'value="min note"' in answer.text
    assert "Intet er ændret" in text(await send(client))
    assert shop.told == []


async def test_who_comes_too_late_is_told_and_loses_nothing(place):
    shop, client = place
    mine = await seen(client)
    assert (await send(client, answer="Den andens tekst.")).status_code == 303
    answer = await client.send_form("/svar/pas-mistet", **{**FIELDS, "seen": mine, "answer": "Min tekst."})
    assert answer.status_code == 409
    assert "Karen rediger har udgivet en ny tekst" in text(answer)
    assert "Min tekst." in answer.text
    again = re.search(r'name="seen" value="(\w+)"', answer.text)[1]
    answer = await client.send_form("/svar/pas-mistet", **{**FIELDS, "seen": again, "answer": "Min tekst."})
    assert answer.status_code == 303
    assert shop.reloader.content.library.answers["pas-mistet"].text == "Min tekst."


async def test_a_text_that_one_has_not_seen_is_neither_removed_nor_rolled_back(place):
    shop, client = place
    await send(client, answer="Øv da.")
    async with client.office.sessions() as session:
        oldest = (await versions.history(session, LOST))[-1]
    old = await seen(client)
    assert old in (await client.get("/svar/pas-mistet/historik")).text
    assert (await send(client, answer="Den andens tekst.")).status_code == 303
    removed = await client.send_form("/svar/pas-mistet/fjern", note="x", seen=old)
    assert removed.status_code == 409
    assert "Karen rediger har udgivet en ny tekst imens" in text(removed)
    rolled = await client.send_form(f"/svar/pas-mistet/historik/{oldest.id}", seen=old)
    assert "En anden har udgivet en ny version imens" in text(rolled)
    assert shop.reloader.content.library.answers["pas-mistet"].text == "Den andens tekst."


async def test_who_publishes_to_a_bot_that_reads_slowly_is_told_so(place, monkeypatch):
    shop, client = place
    monkeypatch.setattr(studio, "TAKEN_WITHIN", 0.01)
    monkeypatch.setattr(shop.reloader, "read_now", asyncio.Event().wait)
    answer = await send(client, answer="Øv da.")
    assert answer.status_code == 422
    assert "Det er udgivet, men botten er ikke færdig" in text(answer)


async def until_tried(client: Client, page):
    key = re.search(r"/svar/proevet/(\w+)", page.text)
    async with asyncio.timeout(20):
        while key:
            page = await client.get(f"/svar/proevet/{key[1]}")
            key = re.search(r"/svar/proevet/(\w+)", page.text)
            await asyncio.sleep(0.02)
    return page


HARMFUL = {"title": "Hund", "offer": "hunde", "answer": "Vov.", "sms": "", "ask": "", "offer0": "", "to0": ""}
HARMFUL["examples0"] = ""
HARMFUL["examples"] = "\n".join(f"hund {sound}" for sound in ("vov", "vuf", "grr", "bjæf", "vuh", "vaf", "auv", "uh"))


async def test_what_a_change_of_examples_does_must_be_seen_before_it_is_published(place):
    shop, client = place
    tried = await until_tried(client, await client.send_form("/svar/pas-mistet/proev", **FIELDS))
    assert "Ingen af de 3 testspørgsmål får et andet udfald" in text(tried)
    answer = await send(client, **HARMFUL)
    assert answer.status_code == 422
    assert "Udgiv alligevel" in text(answer)
    worse = await until_tried(client, answer)
    assert "går dårligere" in text(worse)
    assert "Før: svarer rigtigt (Mistet pas)" in text(worse)
    assert "Ikke udgivet endnu: ændringen bliver prøvet først" in text(answer)
    again = text(await send(client, **HARMFUL))
    assert again.count("Ændringen gør 2 testspørgsmål dårligere. Sæt kryds i Udgiv alligevel") == 1
    assert "Ikke udgivet endnu" not in again
    assert (await send(client, **HARMFUL, anyway="ja")).status_code == 303
    assert shop.reloader.content.library.answers["pas-mistet"].title == "Hund"
    assert (await client.get("/svar/proevet/findesikke")).status_code == 404


async def test_a_new_answer_is_the_municipalitys_own_and_may_be_removed_again(place):
    shop, client = place
    page = await client.get("/svar/ny?eksempler=Hvad%20med%20hunden?%0AMin%20hund&titel=Hund")
    assert "Hvad med hunden?\nMin hund" in page.text
    new = {
        "title": "Pas til Hund & kat?",
        "offer": "hunde",
        "answer": "Hunde skal også have pas.",
        "examples": "\n".join(
            f"hunden {number} vover" for number in ["en", "to", "tre", "fire", "fem", "seks", "syv", "otte"]
        ),
        "source": "https://kommune.dk/hund",
        "seen": re.search(r'name="seen" value="(\w+)"', page.text)[1],
        "anyway": "ja",
    }
    assert "Vælg et område." in text(await client.send_form("/svar/ny", **new))
    answer = await client.send_form("/svar/ny", **new, area="pas")
    assert (answer.status_code, answer.headers["location"]) == (303, "/svar/pas-til-hund-kat?udgivet")
    made = shop.reloader.content.library.answers["pas-til-hund-kat"]
    assert (made.area, made.reviewed) == ("pas", date(2026, 11, 22))
    taken = await client.send_form("/svar/ny", **new, area="pas")
    assert "Der er allerede et svar med id" in text(taken)
    gone = await remove(client, "pas-til-hund-kat", note="ikke for os")
    assert (gone.status_code, gone.headers["location"]) == (303, "/svar?fjernet")
    assert "pas-til-hund-kat" not in shop.reloader.content.library.answers
    assert "Fjernet her på siden: pas-til-hund-kat" in text(await client.get("/svar"))
    history = await client.get("/svar/pas-til-hund-kat/historik")
    assert "Svaret blev fjernet." in text(history)
    version = re.findall(r"historik/(\d+)", history.text)[0]
    assert (await roll_back(client, version, "pas-til-hund-kat")).status_code == 303
    assert "pas-til-hund-kat" in shop.reloader.content.library.answers


async def test_an_answer_others_lead_to_stays(place):
    shop, client = place
    answer = await remove(client, "pas-barn", note="x")
    assert answer.status_code == 422
    assert "Svaret “Mistet pas”: Fører til “pas-barn”, som ikke er et svar" in text(answer)
    assert "pas-barn" in shop.reloader.content.library.answers


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "'; drop"]
)
async def test_whatever_is_typed_is_harmless_on_every_page(place, hostile):
    _, client = place
    pages = [
        await client.send_form("/svar/pas-mistet/vis", **{**FIELDS, "answer": hostile, "title": hostile}),
        await send(client, title=hostile, note=hostile, answer=hostile, source=hostile),
        await send(client, title=f"Pas {hostile[:20]}", note=hostile, anyway="ja"),
        await client.get("/svar"),
        await client.get("/svar/pas-mistet/historik"),
        await client.get("/svar", params={"q": hostile}),
    ]
    for page in pages:
        assert page.status_code < 500
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


# Small things


def test_versions_of_the_same_minute_are_told_apart():
    assert exactly(NOW.replace(second=7)) == "22. november 2026 kl. 13:00:07"


@pytest.mark.parametrize(
    ("title", "id_"),
    [("Pas til hund?", "pas-til-hund"), ("Kørekort, ÆLDRE å", "koerekort-aeldre-aa"), ("?!", ""), ("x" * 99, "x" * 48)],
)
def test_an_id_is_made_of_the_title(title, id_):
    assert id_of(title) == id_


def test_areas_are_written_as_people_write_them():
    assert [area_title(area) for area in ("koerekort", "aeldre", "boern", "vej")] == [
        "Kørekort",
        "Ældre",
        "Børn",
        "Vej",
    ]


def test_signs_nobody_sees_are_left_out():
    assert line(" a\x00\u202e b\n\tc ") == "a b c"


def test_a_difference_is_told_word_by_word_with_what_stands_around():
    old, new = (
        "en\nto\ntre\nfire fem seks\nsyv\notte\nni\nti\n",
        "en\nto\ntre\nfire FEM seks\nsyv\notte\nni\nti\nelleve\n",
    )
    shown = list(difference(old, new))
    changed = [("same", "fire"), ("del", " fem"), ("ins", " FEM"), ("same", " seks")]
    assert changed in shown
    assert [("ins", "elleve")] in shown
    assert [("same", "en")] not in shown
    assert list(difference("x", "x")) == []
