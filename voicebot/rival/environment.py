"""The virtual environment of the bot to compare with: packages that are never installed beside voicebot's own."""

import hashlib
import re
import subprocess
import sys
import venv
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from voicebot.errors import ComparisonError

HERE = Path(__file__).parent
LOCKS = (HERE / "requirements.lock", HERE / "requirements-torch.lock")
"""What is installed: the first with the hash of every file, then torch, whose files differ between machines."""

Progress = Callable[[int, int], None]
"""Told how many of how many packages have been fetched."""


def set_up(folder: Path, show: Progress, locks: Sequence[Path] = LOCKS) -> Path:
    """Make the environment in `folder` unless it is there already for these locks; its Python.

    One that was interrupted is begun anew. ComparisonError holds what pip said where it fails.
    """
    python, stamp = folder.absolute() / "bin" / "python", folder / ".ready"
    wanted = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return python
    try:
        venv.create(folder, clear=True, symlinks=True)
    except OSError as fault:
        raise ComparisonError(
            "comparison.folder", f"{folder}: cannot be made ({fault.strerror}); free 2 GB, or check its rights."
        ) from None
    total, done = sum(map(_packages, locks)), 0

    def fetched() -> None:
        nonlocal done
        done += 1
        show(min(done, total), total)

    for lock in locks:
        checked = ("--no-deps", "--require-hashes") if "--hash=" in lock.read_text("utf-8") else ()
        _install(python, (*checked, "-r", str(lock)), fetched)
    stamp.write_text(wanted, "utf-8")
    return python


def _packages(lock: Path) -> int:
    return len(re.findall(r"^[A-Za-z0-9][^\s=]*==", lock.read_text("utf-8"), re.MULTILINE))


def _install(python: Path, what: Sequence[str], fetched: Callable[[], None]) -> None:
    """Run pip of our own environment for `python`; a package is fetched one after the other."""
    said = deque[str](maxlen=3)
    pip = (sys.executable, "-m", "pip", "--python", str(python), "--no-input", "--disable-pip-version-check")
    command = (*pip, "install", "--progress-bar", "off", *what)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            if line.startswith(("Collecting ", "Processing ")):
                fetched()
            elif line.startswith("ERROR"):
                said.append(line.strip())
    if process.returncode:
        raise ComparisonError(
            "comparison.install",
            f"The bot to compare with could not be installed; it needs a Python package index once, and 2 GB. "
            f"pip says: {' '.join(said) or f'exit code {process.returncode}'}",
        )
