"""Fixtures of the models' tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models_stand_in import Manifest, StandInHub, as_toml, stand_in_hub
from voicebot.models.manifest import read_manifest


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
