"""Svar: the versions of a text, back to an earlier one, and who comes too late."""

import re
from datetime import date

from sqlalchemy import select

from tests.answer_pages import FIELDS, LOST, NOW, roll_back, seen, send, text
from tests.two_answers import ANSWER
from voicebot.dashboard.history_page import difference
from voicebot.dashboard.pages import exactly
from voicebot.storage import audit, versions
from voicebot.storage.operators import AuditEntry, Version

pytest_plugins = ["tests.databases", "tests.answer_pages"]


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


def test_versions_of_the_same_minute_are_told_apart():
    assert exactly(NOW.replace(second=7)) == "22. november 2026 kl. 13:00:07"


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
