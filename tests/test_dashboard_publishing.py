"""Svar: what is published, and what has to be seen or mended first, without a browser and without a model."""

import asyncio
import re
from datetime import date

from tests.answer_pages import FIELDS, LOST, remove, roll_back, send, text, until_tried
from voicebot.storage import versions
from voicebot.studio import studio

pytest_plugins = ["tests.databases", "tests.answer_pages"]


async def test_nothing_with_a_fault_is_published_and_nothing_typed_is_lost(place):
    shop, client = place
    answer = await send(client, answer="Se www.kommune.dk.", note="min note")
    assert answer.status_code == 422
    assert "webadresse" in text(answer)
    assert "Se www.kommune.dk." in answer.text
    assert 'value="min note"' in answer.text
    assert "Intet er ændret" in text(await send(client))
    assert shop.told == []


async def test_who_publishes_to_a_bot_that_reads_slowly_is_told_so(place, monkeypatch):
    shop, client = place
    monkeypatch.setattr(studio, "TAKEN_WITHIN", 0.01)
    monkeypatch.setattr(shop.reloader, "read_now", asyncio.Event().wait)
    answer = await send(client, answer="Øv da.")
    assert answer.status_code == 422
    assert "Det er udgivet, men botten er ikke færdig" in text(answer)


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
    gone = await remove(client, "pas-til-hund-kat", note="ikke for os", anyway="ja")
    assert (gone.status_code, gone.headers["location"]) == (303, "/svar?fjernet")
    assert "pas-til-hund-kat" not in shop.reloader.content.library.answers
    assert "Fjernet her på siden: pas-til-hund-kat" in text(await client.get("/svar"))
    history = await client.get("/svar/pas-til-hund-kat/historik")
    assert "Svaret blev fjernet." in text(history)
    version = re.findall(r"historik/(\d+)", history.text)[0]
    assert (await roll_back(client, version, "pas-til-hund-kat", anyway="ja")).status_code == 303
    assert "pas-til-hund-kat" in shop.reloader.content.library.answers


async def test_an_answer_others_lead_to_stays(place):
    shop, client = place
    answer = await remove(client, "pas-barn", note="x")
    assert answer.status_code == 422
    assert "Svaret “Mistet pas”: Fører til “pas-barn”, som ikke er et svar" in text(answer)
    assert "pas-barn" in shop.reloader.content.library.answers


async def test_what_it_does_to_remove_an_answer_must_be_seen_first(place):
    shop, client = place
    without = {"ask": "", "offer0": "", "examples0": "", "to0": ""}
    assert (await send(client, **without)).status_code == 303, "no other answer leads to it now"
    shut = await remove(client, "pas-barn", note="findes ikke mere")
    assert shut.status_code == 422
    assert "Ikke udgivet endnu: ændringen bliver prøvet først" in text(shut)
    assert "går dårligere" in text(await until_tried(client, shut))
    again = await remove(client, "pas-barn", note="findes ikke mere")
    assert "Ændringen gør 1 testspørgsmål dårligere" in text(again)
    danger = again.text[again.text.index("danger-zone") :]
    assert 'name="anyway"' in danger
    assert 'value="findes ikke mere"' in danger
    assert again.text.count('name="anyway"') == 1
    assert (await remove(client, "pas-barn", note="x", anyway="ja")).status_code == 303
    assert "pas-barn" not in shop.reloader.content.library.answers


async def test_what_it_does_to_go_back_must_be_seen_first(place):
    shop, client = place
    assert (await send(client, **HARMFUL, anyway="ja")).status_code == 303
    assert (await send(client, **{**HARMFUL, **FIELDS}, anyway="ja")).status_code == 303
    async with client.office.sessions() as session:
        _, harmful, _ = await versions.history(session, LOST)
    shut = await roll_back(client, harmful.id)
    assert shut.status_code == 422
    assert "Ikke udgivet endnu: ændringen bliver prøvet først" in text(shut)
    assert "går dårligere" in text(await until_tried(client, shut))
    again = await roll_back(client, harmful.id)
    assert "Ændringen gør 2 testspørgsmål dårligere" in text(again)
    assert again.text.count('name="anyway"') == 1
    assert shop.reloader.content.library.answers["pas-mistet"].title == "Mistet pas"
    assert (await roll_back(client, harmful.id, anyway="ja")).status_code == 303
    assert shop.reloader.content.library.answers["pas-mistet"].title == "Hund"


async def test_a_try_says_nothing_of_other_answers_than_it_was_made_on(place):
    _, client = place
    mended = {**FIELDS, "title": "Mistet dit pas"}
    await until_tried(client, await client.send_form("/svar/pas-mistet/proev", **mended))
    (first,) = client.office.tryouts
    assert (await send(client, answer="Øv da.")).status_code == 303
    await client.send_form("/svar/pas-mistet/proev", **mended)
    assert len(client.office.tryouts) == 2
    assert first in client.office.tryouts
