"""What lies in a model's folder: complete, missing or cut short, and what of it was checked.

The receipt (`receipt.json`, written last) holds for each file its size, its sha256 and when it was written. As long as
size and time agree with it, a file counts as checked and is not read again.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import BaseModel, ValidationError

from voicebot.errors import ModelError
from voicebot.models.manifest import Model, ModelFile

RECEIPT = "receipt.json"
BLOCK = 1 << 20
SPARE = 64 << 20  # bytes to leave free on the disk
Tick = Callable[[int], None]  # told how many bytes more are done


class State(StrEnum):
    """How a model stands on this machine."""

    IN_PLACE = "in place"
    MISSING = "missing"
    BROKEN = "broken"


class Checked(BaseModel):
    """A file as it was when it was checked; `written` in whole seconds, which every copy and archive keeps."""

    bytes: int
    sha256: str
    written: int


class Receipt(BaseModel):
    """The checked files of a model and the source they came from."""

    source: str = ""
    files: dict[str, Checked] = {}


def read_receipt(folder: Path) -> Receipt:
    """The folder's receipt; an empty one where there is none or it cannot be read."""
    try:
        return Receipt.model_validate_json((folder / RECEIPT).read_bytes())
    except (OSError, ValidationError):
        return Receipt()


def write_receipt(folder: Path, model: Model, hashes: Mapping[str, str]) -> None:
    """Write down that the model's files, as they lie in `folder`, have these sha256."""
    files = {}
    for path, sha256 in hashes.items():
        stat = (folder / path).stat()
        files[path] = Checked(bytes=stat.st_size, sha256=sha256, written=int(stat.st_mtime))
    _keep(folder, Receipt(source=model.source, files=files))


def forget(folder: Path, path: str) -> None:
    """Strike a file out of the receipt."""
    receipt = read_receipt(folder)
    _keep(folder, Receipt(source=receipt.source, files={p: c for p, c in receipt.files.items() if p != path}))


def _keep(folder: Path, receipt: Receipt) -> None:
    with Part(folder / RECEIPT) as part:
        part.write(receipt.model_dump_json(indent=2).encode())
        part.finish()


def look(folder: Path, model: Model) -> tuple[State, str]:
    """State by names and sizes only, and what is wrong; a file of unknown size only has to hold something."""
    if not folder.is_dir():
        return State.MISSING, "it was never pulled"
    receipt = read_receipt(folder)
    for file in model.files:
        path, checked = folder / file.path, receipt.files.get(file.path)
        expected = file.bytes or (checked.bytes if checked else None)
        if not path.is_file():
            return State.MISSING, f"{path} is missing"
        size = path.stat().st_size
        if size != expected if expected else size == 0:
            return State.BROKEN, f"{path} has {size} bytes instead of {expected or 'some'}"
    return State.IN_PLACE, ""


def checked_before(folder: Path, model: Model) -> bool:
    """Whether the receipt vouches for every file as it lies there now."""
    receipt = read_receipt(folder)
    if receipt.source != model.source:
        return False
    for file in model.files:
        checked = receipt.files.get(file.path)
        if checked is None or (file.sha256 and checked.sha256 != file.sha256):
            return False
        try:
            stat = (folder / file.path).stat()
        except OSError:
            return False
        if (stat.st_size, int(stat.st_mtime)) != (checked.bytes, checked.written):
            return False
    return True


def right_files(folder: Path, model: Model, tick: Tick = lambda _: None) -> dict[str, str]:
    """The files whose bytes are right, read in full: path → sha256.

    Right is what the manifest says, else the receipt of the same source; a file of which neither speaks is left out.
    """
    receipt = read_receipt(folder)
    right = {}
    for file in model.files:
        wanted, path = known_sha256(file, model, receipt), folder / file.path
        if wanted and path.is_file() and sha256_of(path, tick) == wanted:
            right[file.path] = wanted
    return right


def known_sha256(file: ModelFile, model: Model, receipt: Receipt) -> str | None:
    """What the file's sha256 must be, as far as this machine knows."""
    checked = receipt.files.get(file.path) if receipt.source == model.source else None
    return file.sha256 or (checked.sha256 if checked else None)


def sha256_of(path: Path, tick: Tick = lambda _: None) -> str:
    """The sha256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            tick(len(block))
    return digest.hexdigest()


def ensure_room(folder: Path, needed: int) -> None:
    """Raise ModelError where the disk of `folder` has no room for `needed` bytes and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        text = f"{(needed + SPARE) >> 20} MB are needed in {folder}, {free >> 20} MB are free: make room first."
        raise ModelError("models.disk_full", text)


class Part:
    """A file in the making: it grows as `<name>.part` and takes its name only when it is whole.

    With `resume`, bytes from an interrupted earlier run are kept and hashed first. Left without `finish`, the part file
    stays for a later resume.
    """

    def __init__(self, target: Path, *, resume: bool = False) -> None:
        self.target = target
        self.path = target.with_name(target.name + ".part")
        target.parent.mkdir(parents=True, exist_ok=True)
        self._digest = hashlib.sha256()
        self.size = 0
        self._file = self.path.open("a+b" if resume else "wb")
        if resume:
            self._file.seek(0)
            while block := self._file.read(BLOCK):
                self._digest.update(block)
                self.size += len(block)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, block: bytes) -> None:
        """Append bytes."""
        self._file.write(block)
        self._digest.update(block)
        self.size += len(block)

    def restart(self) -> None:
        """Throw away what is there."""
        self._file.truncate(0)
        self._digest = hashlib.sha256()
        self.size = 0

    def content(self) -> bytes:
        """All bytes so far, read back."""
        self._file.flush()
        return self.path.read_bytes()

    @property
    def sha256(self) -> str:
        """The sha256 of all bytes so far, in hexadecimal."""
        return self._digest.hexdigest()

    def finish(self) -> None:
        """Put the file under its name, on the disk for good."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.path.replace(self.target)
