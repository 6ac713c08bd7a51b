"""Speech in advance: only what is missing, standing phrases first, and out-of-date work dropped."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made_library import LIBRARY
from tests.scripted import LoudIsSpeech, Script
from voicebot.answers import Library
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.preparing import SpeechAhead
from voicebot.reloading import Reloader

GREETED_ANEW = replace(LIBRARY, phrases=replace(LIBRARY.phrases, greeting="Godaften."))
OLD, NEW = "Anmeld rotterne.", "Anmeld rotterne straks."
REWORDED = replace(LIBRARY, answers=LIBRARY.answers | {"rotter": replace(LIBRARY.answers["rotter"], text=NEW)})


def ahead(script: Script, folder: Path, *libraries: Library) -> tuple[SpeechAhead, Reloader, Engines]:
    """Speech made for these libraries, the next one each time the folder is read."""
    contents: Iterator[Content] = (Content(library, script) for library in libraries)  # type: ignore[arg-type]
    answers = Reloader(folder, lambda: next(contents))
    engines = Engines(LoudIsSpeech(), script, script)  # type: ignore[arg-type]
    return SpeechAhead(answers, engines), answers, engines


async def until(happened: list[str], text: str) -> None:
    async with asyncio.timeout(5):
        while text not in happened:
            await asyncio.sleep(0.001)


@pytest.fixture
def script() -> Script:
    return Script()


async def test_what_is_ready_is_not_made_again_and_standing_phrases_come_first(script: Script, tmp_path: Path) -> None:
    script.unready = {"Anmeld rotterne.", "Farvel."}
    speech, _, engines = ahead(script, tmp_path, LIBRARY)
    async with engines.running():
        keeping = asyncio.create_task(speech.keep_up())
        await until(script.made, "Anmeld rotterne.")
        while speech.ready < speech.total:
            await asyncio.sleep(0.001)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert script.made == ["Farvel.", "Anmeld rotterne."]
    assert speech.total > 20


async def test_newer_texts_are_made_ready_and_what_waited_for_older_ones_is_dropped(
    script: Script, tmp_path: Path
) -> None:
    script.unready = {OLD, NEW}
    speech, answers, engines = ahead(script, tmp_path, LIBRARY, REWORDED)
    async with engines.running():
        keeping = asyncio.create_task(speech.keep_up())
        async with engines.call_under_way():  # speech in advance waits
            answers.look_now()
            async with asyncio.timeout(5):
                while answers.content.library is LIBRARY:
                    await asyncio.sleep(0.001)
        await until(script.made, NEW)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert script.made == [NEW]


async def test_standing_phrases_are_made_before_calls_are_taken(script: Script, tmp_path: Path) -> None:
    script.unready = {"Godaften.", OLD}
    speech, _, engines = ahead(script, tmp_path, GREETED_ANEW)
    seen: list[tuple[int, int]] = []
    async with engines.running():
        await speech.make_standing(lambda *counts: seen.append(counts))
    assert script.made == ["Godaften."]
    assert seen[-1][0] == seen[-1][1] == len(seen)


async def test_a_voice_that_fails_stops_no_renewing(
    script: Script, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script.unready, script.broken_voice = {OLD}, True
    speech, answers, engines = ahead(script, tmp_path, LIBRARY, REWORDED)
    async with engines.running():
        keeping = asyncio.create_task(speech.keep_up())
        async with asyncio.timeout(5):
            while "no longer made in advance" not in caplog.text:
                await asyncio.sleep(0.001)
            answers.look_now()
            while answers.content.library is LIBRARY:
                await asyncio.sleep(0.001)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
