"""What a change does to recorded calls, on the page of an answer and before it is published."""

import asyncio
import re
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

import pytest

from tests.dashboard import Client, dashboard
from tests.trying import record_call, workshop
from voicebot.dashboard import tryouts
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BARKS = "\n".join(f"hund {sound}" for sound in ("vov", "vuf", "grr", "bjæf", "vuh", "vaf", "auv", "uh"))
HARMFUL = {
    "title": "Hund", "offer": "hunde", "answer": "Vov.", "sms": "", "examples": BARKS, "source": "https://kommune.dk/pas",
}  # fmt: skip
"""An answer about passports that is about dogs now."""


@asynccontextmanager
async def opened(home: Path, database):
    async with workshop(home, database) as shop, dashboard(database, Role.EDIT, studio=shop.studio) as client:
        client.office.settings = shop.settings
        client.office.library = lambda: shop.reloader.content.library
        yield shop, client


def text(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def result(client: Client, page):
    """The page's fragment once there is something to tell of the calls."""
    key = re.search(r"/svar/proevet/(\w+)", page.text)[1]
    async with asyncio.timeout(20):
        while "hx-get" in (page := await client.get(f"/svar/proevet/{key}?opkald")).text:
            await asyncio.sleep(0.01)
    assert page.status_code == 200
    return text(page)


async def send(client: Client, **fields):
    page = await client.get("/svar/pas-mistet")
    seen = re.search(r'name="seen" value="(\w+)"', page.text)[1]
    return await client.send_form("/svar/pas-mistet", seen=seen, **HARMFUL, **fields)


async def test_a_call_that_turns_is_told_and_must_be_seen_before_publishing(tmp_path, database):
    (tmp_path / "questions.tsv").touch()
    record_call(tmp_path, "Mistet pas", "Mit pas er væk", "pas-mistet")
    record_call(tmp_path, "Barn & <hund>", "tre", "pas-barn")
    async with opened(tmp_path, database) as (shop, client):
        shop.settings.questions.clear()
        tried = await client.send_form("/svar/pas-mistet/proev", **HARMFUL)
        said = await result(client, tried)
        assert "1 af 2 optagede opkald går helt rigtigt. Før var det 2." in said
        assert (
            "Mistet pas Borgeren siger: Mit pas er væk Botten hører: mit pas er væk Før: Svarede (Mistet pas)." in said
        )
        assert "Nu: " in said
        shut = await send(client)
        assert shut.status_code == 422
        assert "Ændringen gør 1 optaget opkald dårligere. Sæt kryds i Udgiv alligevel" in text(shut)
        assert (await send(client, anyway="ja")).status_code == 303


async def test_where_nothing_turns_it_is_said_and_published(tmp_path, database):
    record_call(tmp_path, "Barn", "tre", "pas-barn")
    async with opened(tmp_path, database) as (shop, client):
        shop.settings.questions.clear()
        shut = await send(client)
        assert "Ikke udgivet endnu: ændringen bliver prøvet først" in text(shut)
        assert "Ingen af de 1 optagede opkald" in await result(client, shut)
        assert (await send(client)).status_code == 303


async def test_without_recorded_calls_it_is_said(tmp_path, database):
    async with opened(tmp_path, database) as (_, client):
        said = await result(client, await client.send_form("/svar/pas-mistet/proev", **HARMFUL))
        assert "Der er ingen optagede opkald at prøve med" in said


async def test_calls_that_cannot_be_read_are_said_beside_what_the_questions_say(tmp_path, database):
    record_call(tmp_path, "Mistet pas", "Mit pas er væk", "[")
    async with opened(tmp_path, database) as (_, client):
        tried = await client.send_form("/svar/pas-mistet/proev", **HARMFUL)
        assert "Kør voicebot fixtures check" in await result(client, tried)
        key = re.search(r"/svar/proevet/(\w+)", tried.text)[1]
        whole = text(await client.get(f"/svar/proevet/{key}"))
        assert "testspørgsmål går helt rigtigt" in whole
        assert "Kør voicebot fixtures check" in whole
        assert (await send(client)).status_code == 422, "nobody knows what it does to callers"


async def test_a_try_that_nobody_looks_at_any_more_stops(tmp_path, database, monkeypatch):
    monkeypatch.setattr(tryouts, "LEFT", 0.2)
    record_call(tmp_path, "Mistet pas", "Mit pas er væk", "pas-mistet")
    async with opened(tmp_path, database) as (shop, client):
        shop.settings.questions.clear()
        shop.engines.quiet = False  # a citizen calls, for long
        await client.send_form("/svar/pas-mistet/proev", **HARMFUL)
        (tried,) = client.office.tryouts.values()
        for _ in range(8):
            await asyncio.sleep(0.05)
            tried.looked_at()
        assert not tried.over, "it is looked at"
        async with asyncio.timeout(10):
            while not tried.over:
                await asyncio.sleep(0.01)
        assert "ingen så på den længere" in tried.fault
        shop.engines.quiet = True
        assert "optagede opkald" in await result(client, await client.send_form("/svar/pas-mistet/proev", **HARMFUL))
