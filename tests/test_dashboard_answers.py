"""Svar: the list, and an answer edited: what is shown, heard and asked before it is published."""

from datetime import date

import pytest

from tests.answer_pages import FIELDS, opened, send, text
from tests.made_library import LIBRARY
from voicebot.dashboard.answer_form import area_title, id_of, line
from voicebot.dashboard.library_page import listed
from voicebot.storage import tallies
from voicebot.storage.people import Role
from voicebot.storage.use import Use

pytest_plugins = ["tests.databases", "tests.answer_pages"]


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
