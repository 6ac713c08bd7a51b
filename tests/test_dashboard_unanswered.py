"""Ubesvarede without a browser: the groups, and what is done with them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.dashboard import Sessions, dashboard
from tests.test_grouping import NOON
from tests.unanswered_pages import Studio, group, grouped, noted, text_of, visit
from voicebot.errors import VoicebotError
from voicebot.storage.people import Role
from voicebot.storage.tables import Group, Turn

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is asked of the record is proved on both databases beside the record."""

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7777 }}{% raw %}",
    "\u202etxet",
    "' OR 1=1 --",
]


async def test_groups_stand_by_how_often_they_were_asked(database: Sessions) -> None:
    await grouped(database, "hund i skoven", "hund i parken", "fisketegn")
    async with visit(database) as client:
        page = await client.get("/ubesvarede")
        shown = text_of(page)
        assert shown.index("hund i") < shown.index("fisketegn")
        assert "nyt" in shown
        assert 'href="/ubesvarede/1"' in page.text
        assert "Gange spurgt over 30 dage" in page.text


@pytest.mark.parametrize(("days", "said"), [(0, "20. november"), (60, "20. november 2026")])
async def test_days_of_another_year_have_their_year(database: Sessions, days: int, said: str) -> None:
    id_ = await grouped(database, "fisketegn", "fisketegn")
    async with dashboard(database, studio=Studio(), now=lambda: NOON + timedelta(days)) as client:
        assert f"første gang {said} og senest {said}." in text_of(await client.get(f"/ubesvarede/{id_}"))
        page = await client.get("/ubesvarede?dage=365")
        assert f'first">{said}</td>' in page.text
        assert f"<td>{said}</td>" in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Intet venter på jer"),
        ("?ord=kat", "Ingen grupper med de ord"),
        ("?vis=besvarede", "Ingen er givet til et svar"),
        ("?vis=ikke-for-os", "Intet er lagt til side"),
        ("?vis=x&dage=y&side=-1&ord=%FF", "Ingen grupper med de ord"),
    ],
)
async def test_an_empty_list_says_what_it_would_hold(database: Sessions, query: str, words: str) -> None:
    async with visit(database) as client:
        assert words in text_of(await client.get(f"/ubesvarede{query}"))


async def test_who_may_only_see_gets_nothing_of_it(database: Sessions) -> None:
    id_ = await grouped(database, "hund i skoven")
    async with visit(database, Role.SEE) as client:
        for path in ("", f"/{id_}", f"/{id_}/forslag", f"/{id_}/til/pas-mistet"):
            assert (await client.get(f"/ubesvarede{path}")).status_code == 403
        for path in ("status", "saml", "ud", "til/pas-mistet", "til/pas-mistet/proev"):
            assert (await client.send_form(f"/ubesvarede/{id_}/{path}")).status_code == 403


async def test_a_group_tells_what_was_said_and_links_to_each_call(database: Sessions) -> None:
    id_ = await grouped(database, "hund i skoven", "hund i parken")
    async with visit(database) as client:
        page = await client.get(f"/ubesvarede/{id_}")
        shown = text_of(page)
        assert "Talegenkendelse 60 %" in shown
        assert "Spurgt 2 gange i alt, første gang 20. november" in shown
        assert re.search(r"hund i parken.*Forstod det ikke", shown)
        assert f'href="/opkald/CA{NOON:%H%M}#tur-2"' in page.text
        assert f"/svar/ny?gruppe={id_}" in page.text, "no words in addresses"
        assert (await client.get("/ubesvarede/999")).status_code == 404
        assert (await client.get(f"/ubesvarede/{10**12}")).status_code == 404
    assert await noted(database) == ["group.seen"]


async def test_answers_are_suggested_by_meaning_or_found_by_words(database: Sessions) -> None:
    id_ = await grouped(database, "hund i skoven")
    async with visit(database) as client:
        near = await client.get(f"/ubesvarede/{id_}/forslag")
        assert "Mistet eller stjålet pas" in text_of(near)
        assert "41 %" in text_of(near)
        assert "er-væk" not in near.text, "an answer that is not there is not suggested"
        found = await client.get(f"/ubesvarede/{id_}/forslag", params={"q": "PAS stjålet"})
        assert f'href="/ubesvarede/{id_}/til/pas-mistet"' in found.text
        assert "Intet svar har de ord" in text_of(await client.get(f"/ubesvarede/{id_}/forslag?q=xyzzy"))


async def test_suggestions_that_cannot_be_had_are_told_of(database: Sessions) -> None:
    class Busy(Studio):
        async def ask(self, question: str, changed: Any) -> Any:
            raise VoicebotError("content.fault", "Secret")

    id_ = await grouped(database, "hund i skoven")
    async with visit(database, studio=Busy()) as client:
        assert "Søg efter svaret i stedet" in text_of(await client.get(f"/ubesvarede/{id_}/forslag"))


async def test_what_is_not_ours_is_laid_aside_and_taken_back(database: Sessions) -> None:
    id_ = await grouped(database, "hund i skoven")
    async with visit(database) as client:
        assert (await client.send_form(f"/ubesvarede/{id_}/status", state="not_ours")).status_code == 303
        assert (await group(database, id_)).state == "not_ours"
        assert "Intet venter på jer" in text_of(await client.get("/ubesvarede"))
        assert "hund i skoven" in text_of(await client.get("/ubesvarede?vis=ikke-for-os"))
        await client.send_form(f"/ubesvarede/{id_}/status", state="open")
        assert (await group(database, id_)).state == "open"
        assert (await client.send_form(f"/ubesvarede/{id_}/status", state="answered")).status_code == 422
    assert await noted(database) == ["group.not_ours", "group.opened"]


async def test_two_groups_become_one(database: Sessions) -> None:
    hounds, fish = await grouped(database, "hund i skoven"), await grouped(database, "fisketegn")
    async with visit(database) as client:
        assert (await client.send_form(f"/ubesvarede/{hounds}/saml", other=fish)).status_code == 303
        assert "fisketegn" in text_of(await client.get(f"/ubesvarede/{hounds}"))
        assert (await client.send_form(f"/ubesvarede/{hounds}/saml", other=fish)).status_code == 404
        assert (await client.send_form(f"/ubesvarede/{hounds}/saml", other=hounds)).status_code == 422
        assert (await client.send_form(f"/ubesvarede/{hounds}/saml", other="x")).status_code == 404
    assert "group.merged" in await noted(database)


async def test_a_turn_that_does_not_belong_is_taken_out(database: Sessions) -> None:
    id_ = await grouped(database, "hund i skoven", "hund i parken")
    async with database() as session:
        turn = await session.scalar(select(Turn.id).where(Turn.text == "hund i parken"))
    async with visit(database) as client:
        there = (await client.send_form(f"/ubesvarede/{id_}/ud", turn=turn)).headers["location"]
        page = await client.get(there)
        assert "en gruppe for sig selv" in text_of(page)
        again = await client.send_form(f"/ubesvarede/{id_}/ud", turn=turn)
        assert again.status_code == 422
        assert "ikke længere i gruppen" in again.text
    assert (await group(database, id_)).size == 1


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_are_only_words(database: Sessions, words: str) -> None:
    id_ = await grouped(database, f"hund {words}", "hund i skoven")
    async with database.begin() as session:
        await session.execute(update(Group).values(label=f"hund {words}"))
    async with visit(database) as client:
        for path in ("/ubesvarede", f"/ubesvarede/{id_}", f"/ubesvarede/{id_}/til/pas-mistet"):
            page = await client.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "<img" not in page.text.replace('<img src="/statisk/icon.svg"', "")
            assert "54439" not in page.text
        assert (await client.get("/ubesvarede", params={"ord": words})).status_code == 200
        assert (await client.get(f"/ubesvarede/{id_}/forslag", params={"q": words})).status_code == 200


async def test_a_group_whose_words_are_deleted_is_shown_so(database: Sessions) -> None:
    id_ = await grouped(database, "hund i skoven")
    async with database.begin() as session:
        await session.execute(update(Turn).values(text=None))
        await session.execute(update(Group).values(label=""))
    async with visit(database) as client:
        assert "Ordene er slettet" in text_of(await client.get("/ubesvarede"))
        assert "Ordene er slettet" in text_of(await client.get(f"/ubesvarede/{id_}"))
        assert "Søg efter svaret" in text_of(await client.get(f"/ubesvarede/{id_}/forslag"))
