"""A group of questions given to an answer: with the real studio, the bot knows them in its next call."""

import asyncio
from pathlib import Path

import pytest

from tests.answer_pages import opened
from tests.dashboard import Sessions
from tests.unanswered_pages import give, group, grouped, seen
from voicebot.answers.editing import read_draft
from voicebot.storage import versions

pytest_plugins = ["tests.databases"]

STOLEN = "bagagen og rejselegitimationen blev hugget"
LOST = "common/pas/pas-mistet.yaml"


async def test_the_bot_answers_as_it_was_told(tmp_path: Path, database: Sessions) -> None:
    id_ = await grouped(database, STOLEN)
    chosen = {"tekst-0": STOLEN, "valgt": "tekst-0"}
    async with opened(tmp_path, database) as (shop, client):
        before = await shop.studio.ask(STOLEN, {})
        assert before.decision.answer != "pas-mistet"
        page = await give(client, id_, **chosen)
        assert page.status_code == 422, "it is tried first"
        async with asyncio.timeout(20):
            while not all(tried.over for tried in client.office.tryouts.values()):
                await asyncio.sleep(0.01)
        (tried,) = client.office.tryouts.values()
        assert (tried.fault, tried.changes.worse) == ("", ())
        assert (await give(client, id_, **chosen)).status_code == 303
        assert (await shop.studio.ask(STOLEN, {})).decision.answer == "pas-mistet"
        assert STOLEN in shop.reloader.content.library.answers["pas-mistet"].examples, "the next call has it"
    assert (await group(database, id_)).answer == "pas-mistet"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_example_that_stands_already_is_refused(tmp_path: Path, database: Sessions) -> None:
    id_ = await grouped(database, "passet er stjålet!", STOLEN)
    async with opened(tmp_path, database) as (shop, client):
        page = await give(client, id_, **{"egne-0": "PASSET er stjålet!"})
        assert page.status_code == 422
        assert "står allerede" in page.text
        text = (await shop.studio.texts(LOST))[LOST]
        draft = read_draft(text or "")
        assert draft
        assert "PASSET er stjålet!" not in draft.examples
    async with database() as session:
        assert await versions.published(session) == {}


async def test_a_new_answer_begun_from_a_group_is_the_groups(tmp_path: Path, database: Sessions) -> None:
    id_ = await grouped(database, "hvor er hundeskoven", "hvor er der en hundeskov")
    async with opened(tmp_path, database) as (shop, client):
        page = await client.get(f"/svar/ny?gruppe={id_}")
        assert "hvor er der en hundeskov\nhvor er hundeskoven" in page.text
        assert f'action="/svar/ny?gruppe={id_}"' in page.text
        ways = ("skov", "plads", "mark", "eng", "sti", "bakke", "ø", "strand")
        fields = {
            "title": "Hundeskov", "offer": "hundeskove", "answer": "Hundene har en skov.", "area": "pas",
            "examples": "\n".join(f"hvor er hundenes {way}" for way in ways), "source": "https://kommune.dk/hund",
            "seen": seen(page), "anyway": "ja",
        }  # fmt: skip
        there = await client.send_form(f"/svar/ny?gruppe={id_}", **fields)
        assert there.headers["location"] == f"/ubesvarede/{id_}?gjort=answered"
        assert "hundeskov" in shop.reloader.content.library.answers
    assert (await group(database, id_)).answer == "hundeskov"
