"""Cases read from their files, every fault in them with file, line and remedy."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from voicebot.answers import Fault
from voicebot.audio import AudioChunk, read_wav
from voicebot.errors import AudioError, ReplayError
from voicebot.replay.cases import Case, CaseFile, Expect, Step
from voicebot.replay.lines import line_of, read_tree

LONGEST_UTTERANCE = 120.0
"""Seconds one recording may last; a call is played in real time."""
SHORTEST_UTTERANCE = 0.1
"""Seconds it must last: no syllable is shorter, and a line needs some samples to work on."""
_REMEDIES = {
    "missing": "is missing; add it",
    "string_type": "is not a text; put it in quotation marks",
    "string_too_short": "is empty; say something",
    "too_short": "is empty; give at least one",
    "string_pattern_mismatch": "is not one key; give 0 to 9, * or #",
    "tuple_type": "is not a list; begin each line with “- ”",
    "model_type": "is no group of `name: value` lines; write them as in the other cases",
    "path_type": "is no name of a file; put it in quotation marks",
    "greater_than": "is too little; give more than {gt:g}",
    "greater_than_equal": "is too little; give {ge} or more",
    "less_than_equal": "is too much; give {le:g} or less",
    **dict.fromkeys(("float_type", "float_parsing"), "is no number; give one such as 1.5"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "is no whole number; give one such as 1"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "is neither true nor false; write one of the two"),
}
"""What to do about pydantic's kinds of misfit, which its own messages do not say."""


def load_cases(paths: Sequence[Path]) -> tuple[Case, ...]:
    """The cases in `paths`, files or folders of `*.yaml`, in order.

    ReplayError holds every fault in them, one a line: "file:line: what is wrong; remedy".
    """
    cases, faults = read_cases(paths)
    if faults:
        raise ReplayError("replay.case", "\n".join(map(str, faults)))
    return cases


def read_cases(paths: Sequence[Path]) -> tuple[tuple[Case, ...], list[Fault]]:
    """Those cases in `paths` that can be played, and every fault that keeps the others from it.

    ReplayError: a path that is not there, or holds no case.
    """
    faults: list[Fault] = []
    cases = [_case(file, faults) for file in dict.fromkeys(file for path in paths for file in _files(path))]
    return tuple(case for case in cases if case), faults


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise ReplayError("replay.missing", f"{path}: no such file or folder; check the path.")
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise ReplayError("replay.empty", f"{path}: no case in it; a case is a file ending in .yaml.")
    return files


def _case(file: Path, faults: list[Fault]) -> Case | None:
    """The case in a file; None where it cannot be played, and then `faults` say why."""
    tree = read_tree(file)
    if isinstance(tree, Fault):
        faults.append(tree)
        return None
    try:
        script = CaseFile.model_validate(tree)
    except ValidationError as wrong:
        faults += [Fault(str(file), line_of(tree, error["loc"]), _said(error)) for error in _own(wrong.errors())]
        return None
    sounds: dict[int, AudioChunk] = {}
    silent = []
    for number, step in enumerate(script.turns):
        if step.say:
            try:
                sounds[number] = _sound(file.parent / step.say)
            except AudioError as wrong:
                silent.append(Fault(str(file), line_of(tree, ("turns", number, "say")), str(wrong)))
    faults += silent
    return None if silent else Case(f"{file.absolute().parent.name}/{file.stem}", file, script, sounds)


def _sound(file: Path) -> AudioChunk:
    """What is said in a recording; AudioError."""
    if not file.is_file():  # a pipe would be waited for
        raise AudioError("audio.missing", f"{file}: no such file; check the path.")
    sound = read_wav(file, LONGEST_UTTERANCE)
    if sound.seconds < SHORTEST_UTTERANCE:
        raise AudioError("audio.short", f"{file}: {sound.seconds:.3f} s; record {SHORTEST_UTTERANCE} s or more.")
    return sound


def _own(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without lists that are too short only because nothing in them fits."""
    places = [error["loc"] for error in errors]
    within = {place[:end] for place in places for end in range(len(place))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in within]


def _said(error: ErrorDetails) -> str:
    """What is wrong with a value of a case, and what to do about it."""
    names = [part for part in error["loc"] if isinstance(part, str)]
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        shape = Expect if "expect" in names[:-1] else Step if "turns" in names[:-1] else CaseFile
        message = f"is not known{_meant(names[-1], tuple(shape.model_fields))}"
    elif error["type"] == "literal_error":
        known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        unknown = f"“{error['input']}” is not known{_meant(str(error['input']), known)}"
        message = unknown if known else "can only be true; write true, or remove it"
    elif error["type"] != "missing" and error["input"] is None:
        message = "is empty; fill it in"
    elif remedy := _REMEDIES.get(error["type"]):
        message = remedy.format(**error.get("ctx", {}))
    return f"{names[-1] if names else 'the case'}: {message}"


def _meant(name: str, known: Sequence[str]) -> str:
    return nearest(name, known) or f"; known: {', '.join(known)}"


def nearest(name: str, known: Sequence[str]) -> str:
    """What may have been meant: the known names that are most like it; '' where none is."""
    near = get_close_matches(name, known, 3, 0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""
