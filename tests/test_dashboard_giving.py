"""Ubesvarede without a browser: a group given to an answer."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete

from tests.dashboard import Sessions
from tests.test_grouping import NOON
from tests.unanswered_pages import ANSWERS, PASSPORT, Studio, give, group, grouped, noted, text_of, visit
from voicebot.answers import Fault
from voicebot.answers.editing import read_draft
from voicebot.storage import versions
from voicebot.storage.operators import Person

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is asked of the record is proved on both databases beside the record."""

WORSE = SimpleNamespace(
    question="jeg skal have nyt pas", topics=("pas-fornyelse",), before=SimpleNamespace(value="right"),
    after=SimpleNamespace(value="wrong"), answer_before="pas-fornyelse", answer_after="pas-mistet",
)  # fmt: skip


async def test_a_group_given_to_an_answer_is_published_with_it(database: Sessions) -> None:
    id_ = await grouped(database, "mit pas er blevet nappet", "mit pas er nappet på Roskilde Station")
    studio = Studio()
    async with visit(database, studio=studio) as client:
        page = await client.get(f"/ubesvarede/{id_}/til/pas-mistet")
        assert page.text.count('name="valgt"') == 2
        assert "Jeg har mistet mit pas" in text_of(page)
        fields = {"tekst-0": "  mit pas er\nblevet nappet", "valgt": "tekst-0", "tekst-1": "ikke denne",
                  "egne-0": "der er nogen, der har hugget mit pas 010190-1234"}  # fmt: skip
        tried = await client.send_form(f"/ubesvarede/{id_}/til/pas-mistet/proev", **fields)
        assert "hx-get" in tried.text or "981 af 1.236" in tried.text
        await asyncio.sleep(0)
        there = await give(client, id_, **fields)
        assert there.headers["location"] == f"/ubesvarede/{id_}?gjort=answered"
        assert "givet til svaret" in text_of(await client.get(there.headers["location"]))
    async with database() as session:
        text = (await versions.published(session))[PASSPORT]
        assert text
    draft = read_draft(text)
    assert draft
    assert draft.examples[-2:] == ("mit pas er blevet nappet", "der er nogen, der har hugget mit pas [CPR]")
    assert text.splitlines()[0] == (ANSWERS / PASSPORT).read_text("utf-8").splitlines()[0]
    assert studio.published == 1
    assert len(studio.tried) == 1, "what was tried is not tried again to publish it"
    its = await group(database, id_)
    assert (its.state, its.answer, its.decided) == ("answered", "pas-mistet", NOON)
    assert [each for each in await noted(database) if each != "group.seen"] == ["answer.published", "group.answered"]


async def test_what_makes_something_worse_has_to_be_seen_first(database: Sessions) -> None:
    id_ = await grouped(database, "mit pas er nappet")
    studio = Studio(worse=(WORSE,))
    fields = {"tekst-0": "mit pas er nappet", "valgt": "tekst-0"}
    async with visit(database, studio=studio) as client:
        page = await give(client, id_, **fields)
        assert page.status_code == 422
        await asyncio.sleep(0.01)
        page = await give(client, id_, **fields)
        assert "jeg skal have nyt pas" in page.text
        assert "Ændringen gør 1 testspørgsmål dårligere." in page.text
        assert "Ikke udgivet endnu" not in page.text
        assert "Udgiv alligevel" in page.text
        assert studio.published == 0
        assert (await give(client, id_, **fields, anyway="ja")).status_code == 303
    assert (await group(database, id_)).state == "answered"


async def test_without_examples_the_group_is_given_and_nothing_published(database: Sessions) -> None:
    id_ = await grouped(database, "mit pas er nappet")
    studio = Studio()
    async with visit(database, studio=studio) as client:
        assert (await give(client, id_, **{"tekst-0": "mit pas er nappet"})).status_code == 303
    assert (await group(database, id_)).answer == "pas-mistet"
    assert studio.published == 0


async def test_what_is_wrong_with_the_examples_is_said_and_nothing_lost(database: Sessions) -> None:
    id_ = await grouped(database, "mit pas er nappet")
    many = {f"tekst-{number}": f"pas nummer {number}" for number in range(12)} | {
        "valgt": [f"tekst-{number}" for number in range(12)]
    }
    wrong = Fault(PASSPORT, 7, "eksemplet “mit pas er nappet” står der allerede")
    cases: list[tuple[Studio, dict[str, Any], str]] = [
        (Studio(), many, "Vælg højst 10"),
        (Studio(), {"egne-0": "pas " * 60}, "højst 200 tegn"),
        (Studio(wrong=[wrong]), {"egne-0": "mit pas er nappet"}, "står der allerede"),
    ]
    for studio, fields, said in cases:
        async with visit(database, studio=studio) as client:
            for page in (
                await give(client, id_, **fields),
                await client.send_form(f"/ubesvarede/{id_}/til/pas-mistet/proev", **fields),
            ):
                assert said in page.text
            assert (await group(database, id_)).state == "open"
            assert studio.published == 0
            assert not studio.tried
            await clear(database)
    async with visit(database) as client:
        nothing = await client.send_form(f"/ubesvarede/{id_}/til/pas-mistet/proev")
        assert "mindst én linje" in nothing.text
        assert (await client.get(f"/ubesvarede/{id_}/til/findes-ikke")).status_code == 404


async def clear(database: Sessions) -> None:
    """Nobody is there, so that the next visitor may have the same name."""
    async with database.begin() as session:
        await session.execute(delete(Person))


async def test_an_answer_that_was_changed_meanwhile_is_looked_at_again(database: Sessions) -> None:
    id_ = await grouped(database, "mit pas er nappet")
    async with visit(database) as client:
        page = await client.send_form(
            f"/ubesvarede/{id_}/til/pas-mistet", seen="another", **{"egne-0": "mit pas er hugget"}
        )
        assert page.status_code == 409
        assert "En anden har rettet svaret" in page.text
        assert 'value="mit pas er hugget"' in page.text
