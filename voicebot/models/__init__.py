"""Model files: which there are, where they lie, and `pull`, the only thing here that ever uses the network.

The manifest is `voicebot/models.toml`. Each model has a folder of its own name in the models folder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from voicebot.errors import ModelError
from voicebot.models.hub import HubAccess
from voicebot.models.manifest import Model, find, read_manifest, select
from voicebot.models.progress import Progress, Step, progress_bars
from voicebot.models.pulling import pull
from voicebot.models.shelf import State, forget, known_sha256, look, read_receipt, sha256_of

__all__ = [
    "HubAccess",
    "Progress",
    "Row",
    "State",
    "Step",
    "Verdict",
    "listing",
    "model_path",
    "progress_bars",
    "pull",
    "verify",
]


@dataclass(frozen=True)
class Row:
    """A model as a table shows it; `bytes` on the disk once it is in place, None while that is not known before."""

    name: str
    title: str
    use: str
    set: str
    licence: str
    bytes: int | None
    state: State


class Verdict(NamedTuple):
    """What reading every byte of a model showed; `note` says what is wrong or could not be checked."""

    name: str
    state: State
    note: str


def model_path(models_dir: Path, name: str) -> Path:
    """The folder of a model whose files are all there in full size; nothing is read or fetched.

    Raises ModelError, naming the command that helps, where a file is missing or cut short.
    """
    state, fault = look(models_dir / name, find(name))
    if state is State.IN_PLACE:
        return models_dir / name
    code = "models.missing" if state is State.MISSING else "models.broken"
    raise ModelError(code, f"The model {name} is {state.value} ({fault}): run `voicebot models pull {name}`.")


def listing(models_dir: Path) -> list[Row]:
    """All models of the manifest and how they stand, by names and sizes only."""
    return [
        Row(m.name, m.title, m.use, m.set, m.licence, _bytes(models_dir / m.name, m), look(models_dir / m.name, m)[0])
        for m in read_manifest()
    ]


def verify(models_dir: Path, names: Iterable[str] = ()) -> list[Verdict]:
    """Read every byte of the models (of all that have a folder, without `names`) and compare the sha256.

    Of a broken file the receipt is struck out, so that the next pull brings it anew.
    """
    models = select(names) or tuple(model for model in read_manifest() if (models_dir / model.name).is_dir())
    return [_verdict(models_dir / model.name, model) for model in models]


def _verdict(folder: Path, model: Model) -> Verdict:
    state, note = look(folder, model)
    if state is not State.IN_PLACE:
        return Verdict(model.name, state, note)
    receipt, unchecked = read_receipt(folder), []
    for file in model.files:
        wanted = known_sha256(file, model, receipt)
        if wanted is None:
            unchecked.append(file.path)
        elif sha256_of(folder / file.path) != wanted:
            forget(folder, file.path)
            return Verdict(model.name, State.BROKEN, f"{folder / file.path} has other bytes than it should")
    note = f"no checksum is known for {', '.join(unchecked)}: `voicebot models pull {model.name}` fetches them"
    return Verdict(model.name, State.IN_PLACE, note if unchecked else "")


def _bytes(folder: Path, model: Model) -> int | None:
    """Size of the files on the disk, else as the manifest knows it."""
    paths = [folder / file.path for file in model.files]
    if all(path.is_file() for path in paths):
        return sum(path.stat().st_size for path in paths)
    sizes = [file.bytes for file in model.files if file.bytes]
    return sum(sizes) if len(sizes) == len(model.files) else None
