"""An earlier run, read from the file that `voicebot replay --json` wrote."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from voicebot.errors import ReplayError
from voicebot.replay.judging import CaseResult
from voicebot.replay.runs import FORMAT, KeptRun, Run

LARGEST = 200_000_000
"""Bytes a run may have: a thousand calls take about 3 MB."""
REMEDY = "give a file that voicebot replay … --json > FILE has written"


@dataclass(frozen=True)
class Baseline:
    """An earlier run. file: as it was named; results: without their recordings."""

    file: str
    run: Run
    results: tuple[CaseResult, ...]


def read_baseline(path: Path) -> Baseline:
    """Read an earlier run; ReplayError names the file, the place in it, what is wrong there, and the remedy."""
    try:
        kept = _read(_bytes(path))
    except OSError as fault:
        raise _refused(path, f"cannot be read ({fault.strerror})") from None
    except ValidationError as faults:
        first = faults.errors()[0]
        raise _refused(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as fault:
        raise _refused(path, str(fault)) from None
    return Baseline(str(path), kept.run, tuple(case.result() for case in kept.cases))


def _bytes(path: Path) -> bytes:
    """ValueError: no file of that name can be, it is none, or too large; OSError."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise ValueError("no file")  # a pipe would be waited for
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST // 1_000_000} MB")
    return data


def _read(text: bytes) -> KeptRun:
    """ValueError says what is wrong with the whole, a ValidationError with a part."""
    try:
        data = from_json(text)
    except ValueError as fault:
        raise ValueError(f"not JSON ({fault})") from None
    if not isinstance(data, dict) or "cases" not in data:
        raise ValueError("not a replay run")
    if data.get("format") != FORMAT:
        raise ValueError(f"of another version of voicebot, whose format {FORMAT} it has not")
    if not data["cases"]:
        raise ValueError("no case in it")
    kept = KeptRun.model_validate_json(text)
    seen: set[tuple[str, str, int]] = set()
    for place, case in enumerate(kept.cases):
        if (key := (case.case, case.condition, case.repetition)) in seen:
            raise ValueError(f"cases.{place}: stands there twice")
        seen.add(key)
    return kept


def _refused(path: Path, what: str) -> ReplayError:
    return ReplayError("replay.baseline", f"{path}: {what}; {REMEDY}.")
