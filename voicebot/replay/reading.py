"""Cases read from their files, every fault in them with file, line and remedy."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from voicebot.audio import read_wav
from voicebot.errors import AudioError, ReplayError
from voicebot.replay.cases import Case, CaseFile

LONGEST_UTTERANCE = 120.0
"""Seconds one recording may last; a call is played in real time."""


def load_cases(paths: Sequence[Path]) -> tuple[Case, ...]:
    """The cases in `paths`, files or folders of `*.yaml`, in order.

    ReplayError holds every fault in them, one a line: "file:line: what is wrong".
    """
    cases, faults = [], []
    for file in _files(paths):
        try:
            cases.append(_load(file))
        except ReplayError as fault:
            faults.append(fault.message)
    if faults:
        raise ReplayError("replay.case", "\n".join(faults))
    return tuple(cases)


def _files(paths: Sequence[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.exists():
            raise ReplayError("replay.missing", f"{path}: no such file or folder; check the path.")
        files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not files:
            raise ReplayError("replay.empty", f"{path}: no case in it; a case is a file ending in .yaml.")
        yield from files


def _load(file: Path) -> Case:
    tree = _read(file)
    try:
        script = CaseFile.model_validate(tree)
    except ValidationError as fault:
        lines = [f"{file}:{_line(tree, e['loc'])}: {_where(e['loc'])}{e['msg']}" for e in fault.errors()]
        raise ReplayError("replay.case", "\n".join(lines)) from None
    sounds = {}
    for place, step in enumerate(script.turns):
        if step.say:
            try:
                sounds[place] = read_wav(file.parent / step.say, LONGEST_UTTERANCE)
            except AudioError as fault:
                line = _line(tree, ("turns", place, "say"))
                raise ReplayError("replay.case", f"{file}:{line}: {fault.message}") from None
    return Case(f"{file.parent.name}/{file.stem}", file, script, sounds)


def _read(file: Path) -> Any:  # noqa: ANN401 (whatever stands in the file)
    try:
        return YAML().load(file.read_text("utf-8"))
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        raise ReplayError("replay.case", f"{file}:{line}: not YAML: {fault.problem or fault.context}.") from None
    except (OSError, UnicodeDecodeError, YAMLError) as fault:
        raise ReplayError("replay.case", f"{file}:1: cannot be read ({type(fault).__name__}).") from None


def _line(tree: Any, path: Sequence[int | str]) -> int:  # noqa: ANN401 (any part of the file)
    """The line, from 1, of the part of the file that `path` leads to, as far as it leads."""
    line = 1
    for key in path:
        try:
            line = (tree.lc.item(key) if isinstance(key, int) else tree.lc.key(key))[0] + 1
            tree = tree[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _where(path: Sequence[int | str]) -> str:
    names = [str(part) for part in path if isinstance(part, str) and part.isidentifier()]
    return f"{names[-1]}: " if names else ""
