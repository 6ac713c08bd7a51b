"""Ubesvarede without a browser: the groups, what is done with them, and a group given to an answer."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update

from tests.dashboard import Client, NoStudio, Sessions, dashboard
from tests.test_grouping import NOON, ask, put_all
from voicebot.answers import Fault
from voicebot.answers.editing import read_draft
from voicebot.answers.files import Files
from voicebot.errors import VoicebotError
from voicebot.storage import versions
from voicebot.storage.operators import AuditEntry, Person
from voicebot.storage.people import Role
from voicebot.storage.tables import Group, Turn

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is asked of the record is proved on both databases beside the record."""

PASSPORT = "common/pas/pas-mistet.yaml"
ANSWERS = Path(__file__).parent.parent / "answers"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7777 }}{% raw %}",
    "\u202etxet",
    "' OR 1=1 --",
]


@dataclass
class Studio(NoStudio):
    """The shipped files; faults and changes as a test has them."""

    wrong: Sequence[Fault] = ()
    worse: tuple[Any, ...] = ()
    better: tuple[Any, ...] = ()
    tried: list[Mapping[str, str | None]] = field(default_factory=list)
    published: int = 0

    async def texts(self, *paths: str) -> dict[str, str | None]:
        return {path: Files(ANSWERS).text(ANSWERS / path, []) for path in paths}

    async def path_of(self, id_: str) -> str | None:
        return PASSPORT if id_ == "pas-mistet" else None

    async def faults(self, changed: Any) -> Sequence[Fault]:
        return self.wrong

    async def ask(self, question: str, changed: Any) -> Any:
        near = [SimpleNamespace(answer="pas-mistet", confidence=0.41), SimpleNamespace(answer="er-væk", confidence=0.3)]
        return SimpleNamespace(candidates=near)

    async def changes(self, changed: Any, progress: Callable[[int, int], None]) -> Any:
        self.tried.append(changed)
        return SimpleNamespace(better=self.better, worse=self.worse, questions=1236, right_before=980, right_after=981)

    async def publish(self) -> Sequence[str]:
        self.published += 1
        return ()


WORSE = SimpleNamespace(
    question="jeg skal have nyt pas", topics=("pas-fornyelse",), before=SimpleNamespace(value="right"),
    after=SimpleNamespace(value="wrong"), answer_before="pas-fornyelse", answer_after="pas-mistet",
)  # fmt: skip


def visit(database: Sessions, role: Role = Role.EDIT, studio: Any = None) -> Any:
    return dashboard(database, role, studio=studio or Studio(), now=lambda: NOON)


async def grouped(database: Sessions, *texts: str) -> int:
    """The id of the group that these questions came into."""
    await ask(database, *texts)
    await put_all(database)
    async with database() as session:
        found = await session.scalar(select(Turn.group_id).where(Turn.text == texts[0]))
        assert found
        return found


async def group(database: Sessions, id_: int) -> Group:
    async with database() as session:
        found = await session.get(Group, id_)
        assert found
        return found


async def noted(database: Sessions) -> list[str]:
    async with database() as session:
        return [entry.action for entry in await session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def text_of(page: httpx.Response) -> str:
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


def seen(page: httpx.Response) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found
    return found[1]


async def give(client: Client, id_: int, **fields: Any) -> httpx.Response:
    way = f"/ubesvarede/{id_}/til/pas-mistet"
    return await client.send_form(way, seen=seen(await client.get(way)), **fields)


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
