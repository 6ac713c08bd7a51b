"""A recorded caller: what they say, press and leave unsaid, and what is right to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from voicebot.audio import AudioChunk, read_wav
from voicebot.errors import AudioError, ReplayError

LONGEST_UTTERANCE = 120.0
"""Seconds one recording may last; a call is played in real time."""


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


_SomeOf = BeforeValidator(_as_tuple)
Kinds = Annotated[
    tuple[Literal["answer", "clarify", "transfer", "reject", "smalltalk", "emergency"], ...],
    _SomeOf,
    Field(min_length=1),
]
Ids = Annotated[tuple[str, ...], _SomeOf, Field(min_length=1)]
Outcome = Literal["caller_hung_up", "goodbye", "transferred", "silence", "fault", "shutdown"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Expect(_Strict):
    """What is right; every field given must hold."""

    decision: Kinds | None = None
    """One of these kinds of decision."""
    answer: Annotated[tuple[str | None, ...], _SomeOf] = ()
    """One of these answers; null: none at all."""
    offers: Ids | None = None
    """One of these answered or offered, and no other answered."""
    options_include: Ids | None = None
    """All of these offered."""
    option: Annotated[int | None, Field(ge=1, le=3)] = None
    """The answer at this place of what was offered before."""
    not_answer: bool = False
    """Nothing may be answered."""
    ends: Outcome | None = None
    """The call ends, and so."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is expected; give a decision, an answer, offers, not_answer or ends")
        return self


class Step(_Strict):
    """One thing the caller does; a caller who speaks, presses or is silent waits for the bot to finish first."""

    say: Path | None = None
    """A WAV file, beside the case or with a path from there."""
    press: Annotated[str | None, Field(pattern=r"^[0-9*#]$")] = None
    silence: Literal[True] | None = None
    """Say nothing until the bot does something about it."""
    wait: Annotated[float | None, Field(gt=0, le=60)] = None
    """Seconds to let pass, whatever the bot does."""
    hang_up: Literal[True] | None = None
    barge_in: bool = False
    """Do not wait for the bot to finish."""
    text: str = ""
    """What is said."""
    expect: Expect | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if len(self.model_fields_set & {"say", "press", "silence", "wait", "hang_up"}) != 1:
            raise ValueError("a step is one of say, press, silence, wait and hang_up")
        if self.expect and (self.wait or self.hang_up):
            raise ValueError("only say, press and silence expect something")
        return self

    @property
    def cause(self) -> str | None:
        """The event that the bot's decision on this step follows; None where it decides of itself."""
        return "Transcribed" if self.say else "DigitPressed" if self.press else None

    @property
    def title(self) -> str:
        """How a report names the step."""
        if self.say:
            return self.text or self.say.stem
        return f"presses {self.press}" if self.press else "is silent"


class CaseFile(_Strict):
    """A case as it stands in its file."""

    title: str
    municipality: str = ""
    """The municipality whose bot this is for; empty: any."""
    tags: tuple[str, ...] = ()
    provenance: str
    licence: str
    turns: Annotated[tuple[Step, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Case:
    """A case ready to play. name: area/case; sounds: the recording of every step that says something, by its place."""

    name: str
    file: Path
    script: CaseFile
    sounds: dict[int, AudioChunk]


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
