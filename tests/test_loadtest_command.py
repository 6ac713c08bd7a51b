"""`voicebot loadtest`: its table, its JSON, its page and its exit code."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.scripted_bot import PASSPORT, bot, case, slow
from voicebot.cli import cli
from voicebot.errors import ReplayError


@pytest.fixture
def asking(tmp_path: Path) -> Callable[..., Result]:
    case(tmp_path, "  - say: a.wav\n")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["loadtest", str(tmp_path), "--turns", "1", *arguments])

    return invoke


async def test_the_command_prints_a_table_and_writes_a_report(asking: Callable[..., Result], tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    async with bot(PASSPORT) as (url, _):
        result = await asyncio.to_thread(
            asking, "--url", url, "--calls", "2", "--ramp", "--limit", "30", "--html", str(page)
        )
    assert result.exit_code == 0, result.output
    assert "2 callers at once served within 30.0 s." in result.output
    text = page.read_text("utf-8")
    assert text.count("data:image/svg+xml;base64,") == 2
    assert "2 callers at once served" in text
    assert not re.search(r"(src|href)=\"(?!data:)", text)


async def test_the_command_finds_a_bot_too_slow(asking: Callable[..., Result]) -> None:
    async with bot(PASSPORT, conversation=slow(0.6)) as (url, _):
        result = await asyncio.to_thread(asking, "--url", url, "--calls", "1", "--limit", "0.5", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["passed"] is False
    assert told["held"] == 0
    assert told["levels"][0]["reply"]["p95"] > 0.5
    assert told["levels"][0]["held"] is False


def test_the_command_refuses_what_cannot_be_done(asking: Callable[..., Result], tmp_path: Path) -> None:
    nowhere = asking("--html", str(tmp_path / "none" / "report.html"))
    assert isinstance(nowhere.exception, ReplayError)
    assert "no place for a file" in nowhere.exception.message
    assert isinstance(asking("--url", "http://127.0.0.1").exception, ReplayError)


def test_the_command_explains_itself() -> None:
    result = CliRunner().invoke(cli, ["loadtest", "--help"])
    assert result.exit_code == 0
    assert "--ramp" in result.output
