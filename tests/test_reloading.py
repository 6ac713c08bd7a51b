"""Changed answers without a restart: the watching by itself, and the reloading with scripted content."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ROOT
from tests.made_library import LIBRARY
from tests.scripted import Script
from voicebot import reloading
from voicebot.content import Content
from voicebot.errors import ContentError
from voicebot.reloading import BATCH, Reloader, Watch, in_turns, snapshot

BEFORE, AFTER, LATER = ({"pas.yaml": (1, time, time)} for time in (1, 2, 3))


# Watching: pure


def test_nothing_is_read_while_nothing_changes() -> None:
    watch = Watch(BEFORE)
    assert [watch.settled(BEFORE) for _ in range(3)] == [False] * 3


def test_a_change_is_read_once_it_has_come_to_rest_and_only_once() -> None:
    watch = Watch(BEFORE)
    assert [watch.settled(now) for now in (AFTER, LATER, LATER)] == [False, False, True]
    watch.read(LATER)
    assert [watch.settled(LATER) for _ in range(3)] == [False] * 3
    assert [watch.settled(BEFORE) for _ in range(2)] == [False, True]


def test_what_is_taken_back_before_it_was_read_is_no_change() -> None:
    watch = Watch(BEFORE)
    assert [watch.settled(now) for now in (AFTER, BEFORE, BEFORE)] == [False] * 3


def test_a_snapshot_sees_every_kind_of_change(tmp_path: Path) -> None:
    def change(act: Callable[[], object]) -> bool:
        before = snapshot(tmp_path)
        act()
        return snapshot(tmp_path) != before

    file, other = tmp_path / "pas" / "pas.yaml", tmp_path / "pas" / "pas-barn.yaml"
    assert change(lambda: (file.parent.mkdir(), file.write_text("en")))
    assert change(lambda: file.write_text("to og tre"))
    assert change(lambda: file.chmod(0o600)), "a file that could not be read may now be"
    assert change(lambda: file.rename(other))
    assert change(other.unlink)
    assert not change(lambda: (tmp_path / ".pas.yaml.swp").write_text("en editor"))
    assert change(lambda: shutil.copytree(ROOT / "answers" / "common" / "noed", tmp_path / "noed"))
    assert not change(lambda: None)
    shutil.rmtree(tmp_path)
    assert snapshot(tmp_path) == {}


# Reloading: a real folder, scripted content, no clock


class Shelf:
    """A folder whose one file is the content: the text of the answer about rats; `FEJL` in it is a fault."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "rotter.yaml"
        self.reads = 0
        self.meanwhile: Callable[[], object] = lambda: None
        self.threads: set[int] = set()
        self.write("Anmeld rotterne.")

    def write(self, text: str) -> None:
        part = self.folder / ".part"
        part.write_text(text)
        part.replace(self.file)

    def load(self) -> Content:
        self.reads += 1
        self.threads.add(threading.get_ident())
        text = self.file.read_text()
        self.meanwhile()
        if "FEJL" in text:
            raise ContentError("content.faults", f"{self.file}:1: FEJL; correct it\n{self.file}:2: again; correct it")
        answers = LIBRARY.answers | {"rotter": replace(LIBRARY.answers["rotter"], text=text)}
        return Content(replace(LIBRARY, answers=answers), Script())  # type: ignore[arg-type]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture
async def reloader(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reloader]:
    """A reloader that never stops looking."""
    monkeypatch.setattr(reloading, "SCAN_SECONDS", 0.0)
    reloader = Reloader(shelf.folder, shelf.load)

    async def keep() -> None:
        while True:
            await reloader.renewed()

    keeping = asyncio.create_task(keep())
    yield reloader
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not happened():
            await asyncio.sleep(0.001)


def text(content: Content) -> str:
    return content.library.answers["rotter"].text


async def test_changed_content_is_for_those_who_come_after(shelf: Shelf, reloader: Reloader) -> None:
    under_way, version = reloader.content, reloader.standing()["version"]
    shelf.write("Anmeld dem straks.")
    await until(lambda: text(reloader.content) == "Anmeld dem straks.")
    assert text(under_way) == "Anmeld rotterne."
    standing = reloader.standing()
    assert standing["version"] == reloader.content.version != version
    assert (standing["answers"], standing["faults"]) == (len(LIBRARY.answers), 0)
    assert threading.get_ident() in shelf.threads, "at the start nobody waits"
    assert len(shelf.threads) > 1, "later the event loop does not read"


async def test_a_fault_reaches_the_log_once_and_no_caller(
    shelf: Shelf, reloader: Reloader, caplog: pytest.LogCaptureFixture
) -> None:
    in_use = reloader.content
    shelf.write("FEJL")
    await until(lambda: reloader.faults)
    await asyncio.sleep(0.05)  # many looks
    assert reloader.content is in_use
    assert reloader.standing()["faults"] == 2
    assert shelf.reads == 2
    assert caplog.text.count(f"{shelf.file}:1: FEJL; correct it") == 1
    shelf.write("Anmeld dem straks.")
    await until(lambda: not reloader.faults)
    assert text(reloader.content) == "Anmeld dem straks."


async def test_a_fault_taken_back_leaves_the_content_in_use(shelf: Shelf, reloader: Reloader) -> None:
    in_use, since = reloader.content, reloader.loaded
    shelf.write("FEJL")
    await until(lambda: reloader.faults)
    shelf.write("Anmeld rotterne.")
    await until(lambda: not reloader.faults)
    assert (reloader.content, reloader.loaded) == (in_use, since)


async def test_a_folder_that_is_gone_is_a_fault_like_another(shelf: Shelf, reloader: Reloader) -> None:
    in_use = reloader.content
    shutil.rmtree(shelf.folder)
    await until(lambda: reloader.faults)
    assert reloader.content is in_use
    assert "FileNotFoundError" in reloader.faults[0]
    shelf.folder.mkdir()
    shelf.write("Anmeld dem straks.")
    await until(lambda: text(reloader.content) == "Anmeld dem straks.")


async def test_what_is_written_while_it_is_read_is_read_again(shelf: Shelf, reloader: Reloader) -> None:
    def write_on() -> None:
        shelf.meanwhile = lambda: None
        shelf.write("Hele svaret.")

    shelf.meanwhile = write_on
    shelf.write("FEJL, halvt skrevet")
    seen: list[str] = []
    await until(lambda: seen.append(text(reloader.content)) or reloader.faults or seen[-1] != seen[0])
    assert seen[-1] == "Hele svaret."
    assert not reloader.faults


async def test_a_change_during_the_first_reading_is_seen(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reloading, "SCAN_SECONDS", 0.0)
    shelf.meanwhile = lambda: (setattr(shelf, "meanwhile", lambda: None), shelf.write("Nyt svar."))
    reloader = Reloader(shelf.folder, shelf.load)
    assert text(reloader.content) == "Anmeld rotterne."
    await asyncio.wait_for(reloader.renewed(), 10)
    assert text(reloader.content) == "Nyt svar."


async def test_asked_to_it_reads_at_once_what_looks_unchanged(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    reloader = Reloader(shelf.folder, shelf.load)
    renewed = asyncio.create_task(reloader.renewed())
    reloader.look_now()
    caplog.set_level("INFO")
    await until(lambda: "nothing new" in caplog.text)
    shelf.write("Anmeld dem straks.")
    reloader.look_now()
    await asyncio.wait_for(renewed, 10)
    assert shelf.reads == 3


# One model for calls and reloading


def test_many_texts_go_in_small_batches_and_come_back_in_order() -> None:
    batches: list[int] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        batches.append(len(texts))
        return np.array([[float(text)] for text in texts], np.float32)

    vectors = in_turns(embed)([str(n) for n in range(2 * BATCH + 1)])
    assert vectors[:, 0].tolist() == list(range(2 * BATCH + 1))
    assert batches == [BATCH, BATCH, 1]


def test_a_caller_waits_for_one_batch_not_for_all() -> None:
    order: list[str] = []
    begun, asking = threading.Event(), threading.Event()
    busy = threading.Lock()

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        assert busy.acquire(blocking=False), "never two at a time"
        order.append(texts[0])
        begun.set()
        asking.wait(5)
        busy.release()
        return np.ones((len(texts), 1), np.float32)

    shared = in_turns(embed)
    reload = threading.Thread(target=lambda: shared(["reload"] * BATCH * 50))
    reload.start()
    begun.wait(5)
    caller = threading.Thread(target=lambda: shared(["caller"]))
    caller.start()
    asking.set()
    caller.join(10)
    reload.join(10)
    assert order.index("caller") < 25


# Asked to read now, and told what came of it


async def test_who_asks_waits_until_it_is_in_use_or_is_told_why_not(shelf: Shelf, reloader: Reloader) -> None:
    shelf.write("Anmeld dem straks.")
    assert await asyncio.wait_for(reloader.read_now(), 10) == ()
    assert text(reloader.content) == "Anmeld dem straks."
    shelf.write("FEJL")
    assert await asyncio.wait_for(reloader.read_now(), 10) == reloader.faults != ()
    assert text(reloader.content) == "Anmeld dem straks."
    assert await asyncio.wait_for(asyncio.gather(reloader.read_now(), reloader.read_now()), 10) == [reloader.faults] * 2


async def test_who_asks_while_it_is_written_is_told_of_the_whole(shelf: Shelf, reloader: Reloader) -> None:
    def write_on() -> None:
        shelf.meanwhile = lambda: None
        shelf.write("Hele svaret.")

    shelf.meanwhile = write_on
    shelf.write("FEJL, halvt skrevet")
    assert await asyncio.wait_for(reloader.read_now(), 10) == ()
    assert text(reloader.content) == "Hele svaret."
