"""The manifest, where models lie, what is told of them, and pulling in general."""

import errno
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tests.models_stand_in import (
    BIG,
    PINNED,
    SMALL,
    UNPINNED,
    Manifest,
    StandInHub,
    hub_model,
    model,
    no_leftovers,
    pinned,
)
from voicebot import models
from voicebot.errors import ModelError
from voicebot.models import State, Step
from voicebot.models.manifest import MANIFEST, read_manifest, select
from voicebot.models.shelf import Part

pytest_plugins = ["tests.models_fixtures"]


# The manifest


def test_every_model_of_the_manifest_has_one_source_and_checked_files() -> None:
    listed = read_manifest()
    assert len({m.name for m in listed}) == len(listed)
    for m in listed:
        assert bool(m.wheels) != bool(m.hub), m.name
        assert all(file.sha256 and file.bytes and file.parts for file in m.files) or m.hub or m.packed, m.name


def test_the_default_set_needs_no_hub_and_serves_every_use() -> None:
    chosen = select(["default"])
    assert all(m.wheels for m in chosen)
    assert {m.use for m in chosen} == {"speech detection", "recognition", "embeddings", "voice"}


def test_names_and_sets_mix_and_each_model_comes_once() -> None:
    names = [m.name for m in select(["kokoro", "default", "test"])]
    assert names[0] == "kokoro"
    assert names.count("kokoro") == 1
    assert "joe-us" in names


def test_an_unknown_name_is_told_what_there_is(place: Path) -> None:
    with pytest.raises(ModelError, match=r"named whisper-huge\. There are: .*whisper-base"):
        models.pull(place, ["whisper-huge"])
    with pytest.raises(ModelError, match=r"named default\. There are: .*whisper-base"):
        models.model_path(place, "default")
    assert not place.exists()


def test_the_manifest_names_no_package_index() -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    assert "://" not in text


# Where models lie


def test_a_complete_model_is_found_without_network(given: Manifest, place: Path) -> None:
    given(PINNED)
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin").write_bytes(BIG)
    (place / "demo/config.json").write_bytes(SMALL)
    assert models.model_path(place, "demo") == place / "demo"


def test_a_missing_model_names_the_remedy(given: Manifest, place: Path) -> None:
    given(PINNED)
    with pytest.raises(ModelError, match=r"is missing .*run `voicebot models pull demo`") as fault:
        models.model_path(place, "demo")
    assert fault.value.code == "models.missing"


def test_a_file_cut_short_names_file_size_and_remedy(given: Manifest, place: Path) -> None:
    given(PINNED)
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin").write_bytes(BIG[:-1])
    (place / "demo/config.json").write_bytes(SMALL)
    with pytest.raises(ModelError, match=r"model\.bin has 511999 bytes instead of 512000.*pull demo") as fault:
        models.model_path(place, "demo")
    assert fault.value.code == "models.broken"


def test_a_file_of_unknown_size_is_measured_by_its_receipt(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(UNPINNED)
    models.pull(place, ["demo"], hub=hub.access)
    (place / "demo/model.bin").write_bytes(BIG[:1000])
    with pytest.raises(ModelError, match=r"has 1000 bytes instead of 512000"):
        models.model_path(place, "demo")


def test_the_listing_shows_size_and_state(given: Manifest, hub: StandInHub, place: Path) -> None:
    other = model("other", [{"path": "x"}], hub={"repo": "org/other", "revision": "v1"})
    given(UNPINNED, other)
    models.pull(place, ["demo"], hub=hub.access)
    rows = models.listing(place)
    assert [(row.name, row.bytes, row.state) for row in rows] == [
        ("demo", len(BIG) + len(SMALL), State.IN_PLACE),
        ("other", None, State.MISSING),
    ]
    assert [str(row.state) for row in rows] == ["in place", "missing"]


# Verify


def test_verify_reads_every_byte_and_the_next_pull_repairs(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(UNPINNED)
    models.pull(place, ["demo"], hub=hub.access)
    assert models.verify(place) == [("demo", State.IN_PLACE, "")]
    path = place / "demo/model.bin"
    stat = path.stat()
    path.write_bytes(BIG[:-1] + b"?")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert models.model_path(place, "demo")  # same size: only verify can tell
    (verdict,) = models.verify(place, ["demo"])
    assert verdict.state is State.BROKEN
    assert "model.bin has other bytes" in verdict.note
    assert models.pull(place, ["demo"], hub=hub.access) == ["demo"]
    assert path.read_bytes() == BIG
    assert models.verify(place) == [("demo", State.IN_PLACE, "")]


def test_verify_says_what_it_cannot_check(given: Manifest, place: Path) -> None:
    given(hub_model(pinned("model.bin", BIG), {"path": "config.json"}))
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin").write_bytes(BIG)
    (place / "demo/config.json").write_bytes(SMALL)
    (verdict,) = models.verify(place)
    assert verdict.state is State.IN_PLACE
    assert "no checksum is known for config.json" in verdict.note


def test_verify_names_a_missing_model_only_when_asked(given: Manifest, place: Path) -> None:
    given(PINNED)
    assert models.verify(place) == []
    assert models.verify(place, ["demo"])[0].state is State.MISSING


# Pull, in general


def test_a_second_pull_asks_nobody_and_reads_nothing(
    given: Manifest, hub: StandInHub, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(PINNED)
    assert models.pull(place, ["demo"], hub=hub.access) == ["demo"]
    asked = len(hub.asked)
    monkeypatch.setattr("voicebot.models.pulling.right_files", lambda *_: pytest.fail("files were read again"))
    assert models.pull(place, ["demo"], hub=hub.access) == []
    assert len(hub.asked) == asked


def test_files_put_there_by_hand_are_checked_and_kept(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin").write_bytes(BIG)
    (place / "demo/config.json").write_bytes(b"something else")
    assert models.pull(place, ["demo"], hub=hub.access) == ["demo"]
    assert hub.asked == ["/org/demo/resolve/v1/config.json"]
    assert (place / "demo/config.json").read_bytes() == SMALL


def test_a_copied_folder_needs_no_network(given: Manifest, hub: StandInHub, place: Path, tmp_path: Path) -> None:
    given(UNPINNED)
    models.pull(place, ["demo"], hub=hub.access)
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copytree(place / "demo", copy / "demo", copy_function=shutil.copyfile)
    for path in (copy / "demo").iterdir():
        os.utime(path, (1e9, 1e9))
    asked = len(hub.asked)
    assert models.pull(copy, ["demo"], hub=hub.access) == []
    assert len(hub.asked) == asked


def test_a_new_revision_in_the_manifest_is_fetched(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(UNPINNED)
    models.pull(place, ["demo"], hub=hub.access)
    hub.files["model.bin"] = BIG[::-1]
    given({**UNPINNED, "hub": {"repo": "org/demo", "revision": "v2"}})
    assert models.pull(place, ["demo"], hub=hub.access) == ["demo"]
    assert (place / "demo/model.bin").read_bytes() == BIG[::-1]


def test_two_pulls_at_once_fetch_once(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    hub.faults = ["hang"]
    results: dict[str, list[str]] = {}
    waiting = threading.Event()

    def second(step: Step) -> None:
        if step.doing == "waiting for it":
            waiting.set()

    def run(name: str, progress: Callable[[Step], None]) -> None:
        results[name] = models.pull(place, ["demo"], progress, hub.access)

    first = threading.Thread(target=run, args=("first", lambda _: None))
    first.start()
    assert hub.waiting.wait(10)
    with pytest.raises(ModelError, match=r"Another pull .* is still under way"):
        models.pull(place, ["demo"], hub=hub.access, wait=0)
    other = threading.Thread(target=run, args=("second", second))
    other.start()
    assert waiting.wait(10)
    hub.release.set()
    first.join(20)
    other.join(20)
    assert results == {"first": ["demo"], "second": []}
    assert (place / "demo/model.bin").read_bytes() == BIG
    # The hang became an answer that ended early: taken up where it stopped, by the first pull only.
    paths = [line.split()[0] for line in hub.asked]
    assert paths == ["/org/demo/resolve/v1/model.bin"] * 2 + ["/org/demo/resolve/v1/config.json"]


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("os error 28: No space left on device")]
)
def test_a_full_disk_leaves_nothing_half_written(
    given: Manifest, hub: StandInHub, place: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    given(PINNED)
    write = Part.write

    def full(part: Part, block: bytes) -> None:
        if part.size:
            raise fault
        write(part, block)

    with monkeypatch.context() as patch:
        patch.setattr(Part, "write", full)
        with pytest.raises(ModelError, match=r"disk of .* is full: make room and run the command again") as said:
            models.pull(place, ["demo"], hub=hub.access)
    assert said.value.code == "models.disk_full"
    assert no_leftovers(place)
    assert not (place / "demo/model.bin").exists()
    assert models.pull(place, ["demo"], hub=hub.access) == ["demo"]


def test_too_little_room_is_said_before_fetching(
    given: Manifest, hub: StandInHub, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(PINNED)
    usage = shutil.disk_usage(place.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(ModelError, match=r"64 MB are needed in .*, 1 MB are free: make room"):
        models.pull(place, ["demo"], hub=hub.access)
    assert hub.asked == []


def test_a_folder_that_cannot_be_made_is_said(given: Manifest, place: Path) -> None:
    given(PINNED)
    place.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"cannot be written .*: check who owns") as fault:
        models.pull(place, ["demo"])
    assert fault.value.code == "models.unwritable"


def test_the_progress_bars_show_models_and_bytes(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    console = Console(record=True, width=120, force_terminal=True, file=open(os.devnull, "w"))  # noqa: SIM115
    with console.file, models.progress_bars(console) as bars:
        models.pull(place, ["demo"], bars, hub.access)
    shown = console.export_text()
    assert "demo: fetching" in shown
    assert "512.0/512.0 kB" in shown
