"""What tests share: the models in place, and one real bot for all tests that call it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.shipped import shipped
from voicebot import models
from voicebot.errors import VoicebotError
from voicebot.settings import Settings

if TYPE_CHECKING:
    from voicebot.matching import Matcher

CHECKING = (
    "answer_pages", "calling", "command_line", "databases", "kept_calls", "phone_page", "recording",
    "unanswered_pages",
)  # fmt: skip
"""Modules of helpers that assert or are plugins."""
pytest.register_assert_rewrite(*(f"tests.{name}" for name in CHECKING))

ROOT = Path(__file__).parent.parent
DATA = ROOT / ".voicebot"
"""Where the tests' models and the index over the repository's answers are kept between runs."""
START_LIMIT = 170.0
"""Seconds a bot may take from start to ready, its standing phrases made on the way, on a busy machine."""


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who calls the running bot does so in real time, alone; modules with slow tests go first, so that none ends last.

    Of the latter there are few and long ones: with several workers, the many quick modules then fill what is left.
    """
    for item in items:
        if "running_bot" in item.fixturenames:  # type: ignore[attr-defined]
            item.add_marker("alone")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have the index ready before the clock of any test runs: from nothing it takes minutes."""
    needed = any("models_dir" in item.fixturenames for item in session.items)
    if needed and not session.config.option.collectonly and not any((DATA / "embeddings").glob("*.npz")):
        with suppress(VoicebotError):  # no model yet: the tests' own fixture pulls it
            roskildes_matcher()


@cache
def roskildes_matcher() -> "Matcher":
    from voicebot import app  # noqa: PLC0415 - takes seconds to import, and few tests need it

    return app.load_matcher(Settings(data_dir=DATA), shipped(), lambda _, __: None)


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The models of the test set, pulled if they are not in place."""
    models.pull(DATA / "models", ("default", "test"))
    return DATA / "models"


@pytest.fixture(scope="session")
def real_matcher(models_dir: Path) -> "Matcher":
    """The matcher of Roskilde's shipped answers, on the real model."""
    return roskildes_matcher()


@dataclass
class RunningBot:
    """A bot in a process of its own."""

    port: int
    data_dir: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, models_dir: Path, **settings: str) -> dict[str, str]:
    """A data folder of its own, with the models and the index of the tests, and a quick voice."""
    data_dir.mkdir(exist_ok=True)
    if not (data_dir / "models").exists():
        (data_dir / "models").symlink_to(models_dir)
        (data_dir / "embeddings").mkdir()
        for file in (DATA / "embeddings").glob("*.npz"):  # a changed one is put in the link's place
            (data_dir / "embeddings" / file.name).symlink_to(file)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
    given = {"VOICEBOT_DATA_DIR": str(data_dir), "VOICEBOT_VOICE": "joe-us", "COLUMNS": "200"}
    return kept | given | {f"VOICEBOT_{name.upper()}": value for name, value in settings.items()}


AREAS = {"flytning", "pas", "mitid", "noed", "samtale", "afvis", "kommune"}
"""Areas of the answers that bots under test have: few, for all answers' speech would take the machine for minutes."""

QUESTION = """\
spoergsmaal:
  said: [jeg har et spørgsmål]
  ask: Er det om pas eller om flytning?
  choices:
    - {offer: at forny dit pas, examples: [pas], to: pas-fornyelse}
    - {offer: at melde flytning, examples: [flytning], to: flytning-anmeld}
"""
"""What bots under test always ask back: the words are of the recordings that are heard without a mistake."""


def few_answers(home: Path, *also: str) -> Path:
    """A folder of answers of its own under `home`: AREAS and `also`, no way that leads to others, one question."""
    folder = home / "answers"
    shutil.copytree(ROOT / "answers", folder)
    for area in (folder / "common").iterdir():
        if area.is_dir() and area.name not in {*AREAS, *also}:
            shutil.rmtree(area)
    (folder / "common" / "questions.yaml").write_text(QUESTION, "utf-8")
    there = {file.stem for file in folder.rglob("*.yaml")}
    for file in folder.rglob("*.yaml"):
        text = file.read_text("utf-8")
        block = re.search(r"^follow_up:.*?(?=^\w)", text, re.M | re.S)
        if block and not set(re.findall(r"to: ([\w-]+)", block[0])) <= there:
            file.write_text(text.replace(block[0], ""), "utf-8")
    return folder


def few_calls(home: Path) -> Path:
    """A folder of two recorded calls under `home`."""
    folder, there = home / "calls", ROOT / "audio_fixtures"
    for case in ("pas/mistet.yaml", "flytning/anmeld.yaml"):
        (folder / case).parent.mkdir(parents=True)
        shutil.copy(there / case, folder / case)
    (folder / "callers").symlink_to(there / "callers")
    return folder


def start_bot(data_dir: Path, models_dir: Path, *arguments: str, **settings: str) -> RunningBot:
    """Start `voicebot serve` and wait until it takes calls."""
    port, log = free_port(), data_dir / "log"
    env = environment(data_dir, models_dir, **settings) | {"SLOW_STEPS": str(data_dir / "slow-steps")}
    with log.open("wb") as file:
        command = [sys.executable, "-m", "tests.watched_bot", "serve", "--port", str(port), *arguments]
        nothing, both = subprocess.DEVNULL, subprocess.STDOUT
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=nothing, stdout=file, stderr=both)
    bot = RunningBot(port, data_dir, process, log)
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{bot.http}/readyz", timeout=2).status_code == 200:
                return bot
        except httpx.HTTPError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError(f"The bot did not start:\n{log.read_text()}")


def stop_bot(bot: RunningBot) -> int:
    """Stop a bot as an operator would; the exit code."""
    bot.process.terminate()
    try:
        return bot.process.wait(20)
    finally:
        bot.process.kill()


@pytest.fixture(scope="session")
def running_bot(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[RunningBot]:
    """One bot on real models, with the quick English Piper voice; carrier requests need no signature."""
    home = tmp_path_factory.mktemp("bot")
    few = {  # for a change of an answer is tried on all of them
        "questions": json.dumps([str(ROOT / "tests" / "data" / "callers.tsv")]),
        "recorded_calls": str(few_calls(home)),
    }
    bot = start_bot(home, models_dir, "--insecure", answers_dir=str(few_answers(home)), **few)
    yield bot
    assert stop_bot(bot) in (0, -15)
    assert "Traceback" not in bot.log.read_text()


@pytest.fixture(scope="module")
def launch() -> Iterator[Callable[..., Browser]]:
    """Start Debian's Chromium with a fake microphone and more arguments.

    For one module at a time: Playwright keeps an event loop running, which asynchronous tests cannot bear.
    """
    path = shutil.which("chromium")
    assert path, "Chromium is missing: apt-get install chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        yield lambda *arguments: playwright.chromium.launch(
            executable_path=path, args=[*quiet, "--disable-sync", "--use-fake-device-for-media-stream", *arguments]
        )
