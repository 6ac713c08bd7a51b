"""Models from a hub: addresses, checksums, resuming, and a hub that misbehaves."""

import shutil
from pathlib import Path

import pytest

from tests.models_stand_in import BIG, PINNED, SMALL, UNPINNED, Manifest, StandInHub, hub_model, no_leftovers, pinned
from voicebot import models
from voicebot.errors import ModelError
from voicebot.models import Step

pytest_plugins = ["tests.models_fixtures"]


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


@pytest.mark.timeout(25)  # the stand-in would hang for 30 s
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
