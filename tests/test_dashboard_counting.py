"""Sådan tælles der: every figure is told, as the record counts it."""

import re
from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.dashboard import dashboard
from tests.shipped import shipped
from voicebot.dashboard import pages
from voicebot.dashboard.definitions import DEFINITIONS
from voicebot.storage.choices import Choices, choose
from voicebot.storage.people import Role
from voicebot.storage.story import SLOW_SECONDS, UNSURE

pytest_plugins = ["tests.databases"]

Sessions = async_sessionmaker[AsyncSession]


@pytest.mark.parametrize("role", list(Role))
async def test_every_figure_is_told(database: Sessions, role: Role) -> None:
    async with dashboard(database, role) as page:
        html = (await page.get("/saadan-taelles-der")).text
    for its in DEFINITIONS.values():
        assert its.title in html
        assert its.text in html


async def test_opening_hours_where_they_are_known(database: Sessions) -> None:
    library = shipped()
    known = replace(library.municipality, opening_hours={"friday": (time(9), time(13, 30))})
    async with dashboard(database, library=replace(library, municipality=known)) as page:
        html = (await page.get("/saadan-taelles-der")).text
        assert "<dt>Fredag</dt><dd>09.00–13.30</dd>" in html
        assert "<dt>Mandag</dt><dd>Lukket</dd>" in html


async def test_opening_hours_that_are_not_known(database: Sessions) -> None:
    library = shipped()
    unknown = replace(library.municipality, opening_hours={})
    async with dashboard(database, library=replace(library, municipality=unknown)) as page:
        assert "er ikke skrevet ind" in (await page.get("/saadan-taelles-der")).text


async def test_how_long_things_are_kept_is_what_was_chosen(database: Sessions) -> None:
    async with database.begin() as session:
        await choose(session, Choices(keep_words_days=31))
    async with dashboard(database) as page:
        html = (await page.get("/saadan-taelles-der")).text
    assert "kommentarer: 31 dage" in html
    assert "gik): 730 dage" in html


def test_bounds_are_those_of_the_record() -> None:
    assert f"mere end {pages.number(SLOW_SECONDS, 1)} sekund" in DEFINITIONS["slow"].text
    assert f"under {pages.percent(UNSURE)} sikker" in DEFINITIONS["unsure"].text


def test_pages_have_one_kind_of_quotation_marks() -> None:
    assert 'q { quotes: "“" "”"' in (pages.HOME / "static" / "base.css").read_text("utf-8")
    ours = [file for kind in ("*.html", "*.py", "*.css") for file in pages.HOME.rglob(kind)]
    assert not [file.name for file in ours if re.search("[»«„]", file.read_text("utf-8"))]
