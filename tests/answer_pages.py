"""The pages of an answer over a workshop of two answers: opened, and what one does there."""

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from tests.dashboard import Client, dashboard
from tests.trying import workshop
from voicebot.storage.people import Role

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


async def roll_back(client: Client, version: int, id_: str = "pas-mistet", **fields):
    page = await client.get(f"/svar/{id_}/historik")
    given = re.search(r'name="seen" value="(\w+)"', page.text)[1]
    return await client.send_form(f"/svar/{id_}/historik/{version}", seen=given, **fields)


def text(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def until_tried(client: Client, page):
    key = re.search(r"/svar/proevet/(\w+)", page.text)
    async with asyncio.timeout(20):
        while key:
            page = await client.get(f"/svar/proevet/{key[1]}")
            key = re.search(r"/svar/proevet/(\w+)", page.text)
            await asyncio.sleep(0.02)
    return page
