"""`voicebot replay` against a bot of a few lines: what it plays, writes and says, and its exit codes."""

import asyncio
import json
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import here, refused
from tests.scripted_bot import PASSPORT, bot, case
from voicebot import replay as room
from voicebot.replay import CaseResult
from voicebot.replay.judging import not_played
from voicebot.replay.own_bot import standing_of
from voicebot.replay.runs import Standing

RATS = ("answer", "rotter", "Ring til rottefængeren.")
ASKS = "  - say: a.wav\n    text: Mit pas er væk\n    expect: {answer: pas-mistet}\n"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with a case, `pas/mistet`."""
    folder = tmp_path / "pas"
    folder.mkdir()
    case(folder, ASKS, "mistet", "in_scope, gate")
    return folder


async def replayed(cases: Path, *arguments: object, reply: tuple[str, str | None, str] = PASSPORT) -> Any:
    """The command's end, and how many calls the bot got."""
    home = {"data_dir": cases.parent / "home", "models_dir": cases.parent}
    async with bot(reply) as (url, calls):
        given = ["replay", str(cases), *map(str, arguments), "--url", url]
        ended = await asyncio.to_thread(here, *given, **home)
    return ended, len(calls)


async def test_a_right_run_is_told_in_every_form_and_ends_with_0(cases: Path, tmp_path: Path) -> None:
    junit, html = tmp_path / "junit.xml", tmp_path / "report.html"
    ended, calls = await replayed(cases, "--json", "--junit", junit, "--html", html)
    assert (ended.returncode, calls) == (0, 1)
    data = json.loads(ended.stdout)
    assert data["run"] | {"took": 0} == {
        "mode": "real", "seed": 1, "conditions": ["ren"], "repeat": 1, "parallel": 4, "municipality": "roskilde",
        "content": "", "recogniser": "", "voice": "", "took": 0,
    }  # fmt: skip
    assert data["cases"][0]["steps"][0]["heard"] == "mit pas er væk"
    assert ET.parse(junit).getroot().get("failures") == "0"
    assert "Mit pas er væk" in html.read_text("utf-8")
    assert "Calls: 1 of 1" in ended.stderr


async def test_what_turned_wrong_since_a_baseline_is_told_and_ends_with_1(cases: Path, tmp_path: Path) -> None:
    last, html = tmp_path / "last.json", tmp_path / "report.html"
    last.write_text((await replayed(cases, "--json"))[0].stdout, "utf-8")
    ended, _ = await replayed(cases, "--baseline", last, "--html", html, reply=RATS)
    assert ended.returncode == 1
    assert "▼ turned wrong: pas/mistet (ren): En sag" in ended.stdout
    assert "0 turned right, 1 turned wrong of 1 compared" in ended.stdout
    assert "0 turned right, 1 turned wrong of 1 compared" in html.read_text("utf-8")


@pytest.mark.parametrize(
    ("body", "standing"),
    [
        (
            '{"content": {"version": "3f9c1a"}, "recogniser": "whisper-base", "voice": "Dora"}',
            Standing("3f9c1a", "whisper-base", "Dora"),
        ),
        ("{}", Standing()),
        ("[]", Standing()),
        ("ready", Standing()),
    ],
    ids=["told", "untold", "list", "text"],
)
async def test_the_bot_is_asked_for_its_texts_and_models(body: str, standing: Standing) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        status = "200 OK" if asked.startswith(b"GET /readyz ") else "404 Not Found"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert await standing_of(address + "/phone/media") == standing
    assert await standing_of(address) == Standing()


async def test_conditions_and_repetitions(cases: Path) -> None:
    lines = ("--condition", "stoej-20db,telefon", "--condition", "ren", "--condition", "telefon,stoej-20db")
    ended, calls = await replayed(cases, *lines, "--repeat", 2, "--seed", 7, "--json")
    data = json.loads(ended.stdout)
    assert calls == 4
    assert (data["run"]["repeat"], data["run"]["seed"]) == (2, 7)
    assert data["run"]["conditions"] == ["telefon,stoej-20db", "ren"]
    played = [(each["condition"], each["repetition"]) for each in data["cases"]]
    assert played == [("telefon,stoej-20db", 1), ("telefon,stoej-20db", 2), ("ren", 1), ("ren", 2)]


async def test_only_cases_with_a_tag(cases: Path) -> None:
    case(cases, ASKS, "andet", "out_of_scope")
    case(cases, ASKS, "tredje", "digit")
    ended, _ = await replayed(cases, "--tag", "gate", "--tag", "digit", "--json")
    assert [each["case"] for each in json.loads(ended.stdout)["cases"]] == ["pas/mistet", "pas/tredje"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--junit", "{there}/none/junit.xml"), "no place for a file"),
        (("--html", "{there}"), "no place for a file"),
        (("--baseline", "{there}/none.json"), "none.json"),
        (("--tag", "vitale"), "--tag vitale: no such tag"),
        (("--tag", "emergency"), "No case is tagged emergency"),
        (("--condition", "stoej"), "stoej-10db"),
        (("--virtual",), "leave out --virtual or --url"),
        (("--seed", "-1"), "--seed"),
        (("{there}/other",), "leave one of them out"),
    ],
    ids=[
        "no-folder",
        "a-folder",
        "no-baseline",
        "no-tag",
        "untagged",
        "no-condition",
        "virtual-url",
        "negative-seed",
        "one-name",
    ],
)
async def test_what_cannot_be_done_is_refused_before_anybody_is_called(
    cases: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    other = tmp_path / "other" / "pas"
    other.mkdir(parents=True)
    case(other, ASKS, "mistet")
    ended, calls = await replayed(cases, *(each.format(there=tmp_path) for each in arguments))
    refused(ended, said)
    assert calls == 0
    assert not ended.stdout


def test_there_is_one_call_at_a_time_in_virtual_time(cases: Path) -> None:
    given = ("replay", str(cases), "--virtual", "--parallel", "2")
    refused(here(*given, data_dir=cases), "leave out --virtual or --parallel")


def interrupted(cases: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> subprocess.CompletedProcess[str]:
    """A run ended by Ctrl-C after so many calls, the last of the plan first."""

    async def play(plan: room.Plan, _: object, on_result: Callable[[CaseResult], None], parallel: int) -> None:
        assert (parallel, plan.recorded) == (4, False), "only a page needs the sound of every call"
        for call in plan.calls[::-1][:after]:
            on_result(not_played(call, "the line broke"))
        raise KeyboardInterrupt

    monkeypatch.setattr(room, "replay", play)
    return here("replay", str(cases), "--repeat", "3", "--json", "--url", "ws://127.0.0.1:9", data_dir=cases)


def test_ctrl_c_reports_what_was_played_in_the_order_of_the_plan(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = interrupted(cases, monkeypatch, 2)
    assert ended.returncode == 130
    assert [each["repetition"] for each in json.loads(ended.stdout)["cases"]] == [2, 3]
    assert "Interrupted: 2 of 3 calls were played." in ended.stderr


def test_ctrl_c_before_the_first_call_is_over(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(interrupted(cases, monkeypatch, 0).stdout)["cases"] == []
