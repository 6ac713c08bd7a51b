"""Arrays kept in a file between runs: one that is damaged or cannot be written costs only time."""

import contextlib
import logging
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)


def read(file: Path | None) -> dict[str, NDArray[Any]]:
    """All arrays of a file, by name; none where there is no file, or one that is damaged."""
    if file is None:
        return {}
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def write(file: Path | None, **arrays: NDArray[Any]) -> None:
    """Write beside the place and move there, so that nobody ever reads half a file; a refusal is logged."""
    if file is None:
        return
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as opened:
            np.savez(opened, **arrays)  # type: ignore[arg-type]
        part.replace(file)
    except OSError as fault:
        log.warning("What was read of the answers cannot be kept in %s (%s); free space there.", file, fault.strerror)
        with contextlib.suppress(OSError):
            part.unlink()


def keep_newest(used: Path, alike: Path | None, most: int) -> None:
    """Note that a file is in use, and remove the oldest of those whose names are `alike` (a pattern) beyond `most`."""
    with contextlib.suppress(OSError):
        used.touch()
        there = sorted(used.parent.glob(alike.name) if alike else [], key=lambda file: -file.stat().st_mtime_ns)
        for file in there[most:]:
            file.unlink()
