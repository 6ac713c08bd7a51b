"""One YAML file of `answers/`: read, filled with facts, and held against a shape, with a line for every fault."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.events import AliasEvent

from voicebot.answers.library import Fault

LARGEST = 64 * 1024
"""Bytes a file may have: a hundred times a long answer."""

Shape = TypeVar("Shape")
Place = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

_FACT = re.compile(r"\{\{\s*([^\W\d]\w*(?:\.\w+)*)\s*\}\}")
_REMEDIES = {
    "missing": "this field is missing; add it",
    "extra_forbidden": "unknown field; correct its name or remove it",
    "unexpected_keyword_argument": "unknown field; correct its name or remove it",
}


@dataclass(frozen=True)
class Document:
    """A file that could be read: its source lines and its values."""

    file: str
    lines: list[str]
    tree: CommentedMap

    def line(self, place: Place) -> int:
        """The line on which the value at `place` (or the last part of it there is) begins, from 1."""
        node: Any = self.tree
        line: int = node.lc.line
        for part in place:
            try:
                line, node = node.lc.data[part][0], node[part]
            except (AttributeError, KeyError, TypeError, IndexError):
                break
        return line + 1

    def fault(self, place: Place, message: str) -> Fault:
        """A fault in the value at `place`."""
        return Fault(self.file, self.line(place), message)

    def filled(self, facts: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
        """All values as plain Python ones, each `{{ fact }}` replaced and white space made single.

        A fact that is not there, and whatever else stands between double braces, is added to `faults`.
        """

        def fill(node: object, place: Place) -> object:
            if isinstance(node, dict):
                return {key: fill(value, (*place, key)) for key, value in node.items()}
            if isinstance(node, list):
                return [fill(value, (*place, at)) for at, value in enumerate(node)]
            return " ".join(self._fill(node, place, facts, faults).split()) if isinstance(node, str) else node

        return {key: fill(value, (key,)) for key, value in self.tree.items()}

    def _fill(self, text: str, place: Place, facts: Mapping[str, Any], faults: list[Fault]) -> str:
        for odd in re.findall(r"\{\{|\}\}|\{%|\{#", _FACT.sub("", text))[:1]:
            faults.append(self.fault(place, f"“{odd}” around no name of a fact; write {{{{ borgerservice.phone }}}}"))

        def value(match: re.Match[str]) -> str:
            found: Any = facts
            for name in match[1].split("."):
                found = found.get(name) if isinstance(found, Mapping) else None
            if isinstance(found, str | int):
                return str(found)
            remedy = (
                f"no text “{match[1]}” in the municipality's facts; add it to municipality.yaml or correct the name"
            )
            faults.append(Fault(self.file, self._line_with(match[0], place), remedy))
            return match[0]

        return _FACT.sub(value, text)

    def _line_with(self, piece: str, place: Place) -> int:
        start = self.line(place)
        return next((at for at, line in enumerate(self.lines[start - 1 :], start) if piece in line), start)

    def shaped(self, shape: type[Shape], values: Mapping[str, Any], faults: list[Fault]) -> Shape | None:
        """`values` as a `shape`; None where they do not fit, and then every misfit is added to `faults`."""
        try:
            return TypeAdapter(shape).validate_python(values)
        except ValidationError as wrong:
            for error in wrong.errors():
                place = error["loc"]
                name = ".".join(map(str, place)) or "file"
                remedy = _REMEDIES.get(error["type"], f"wrong value; {error['msg']}")
                faults.append(self.fault(place, f"{name}: {remedy}"))
            return None


def read(path: Path, file: str, faults: list[Fault]) -> Document | None:
    """Read a YAML file of at most `LARGEST` bytes; None where that fails, and then the fault is added.

    file: the name faults are shown with.
    """
    text = read_text(path, file, faults)
    if text is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", YAMLWarning)
            tree = YAML(typ="rt").load(text)
    except (YAMLError, YAMLWarning, ValueError, RecursionError) as wrong:
        faults.append(Fault(file, _line_of(wrong, text), f"not YAML: {_what(wrong)}; correct the syntax of this line"))
        return None
    if not isinstance(tree, CommentedMap):
        faults.append(Fault(file, 1, "no fields in it; write `name: value` lines as in the other files"))
        return None
    aliases = [event for event in YAML().parse(text) if isinstance(event, AliasEvent)] if "*" in text else []
    if aliases:  # a few of them can unfold to millions of values
        faults.append(Fault(file, aliases[0].start_mark.line + 1, "an alias (*name); write the text out"))
        return None
    return Document(file, text.splitlines(), tree)


def read_text(path: Path, file: str, faults: list[Fault]) -> str | None:
    """The text of a small UTF-8 file; None where it cannot be had, and then the fault is added."""
    try:
        if not path.is_file():
            faults.append(Fault(file, 1, "no such file; write it, or put it back"))
            return None
        if path.stat().st_size > LARGEST:
            faults.append(Fault(file, 1, f"more than {LARGEST // 1024} KB; an answer is a few lines, so split it"))
            return None
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        faults.append(Fault(file, line, "not UTF-8; save the file as UTF-8"))
    except OSError as wrong:
        faults.append(Fault(file, 1, f"cannot be read ({wrong.strerror}); correct its permissions"))
    return None


def _line_of(wrong: Exception, text: str) -> int:
    if isinstance(wrong, MarkedYAMLError) and wrong.problem_mark:
        return int(wrong.problem_mark.line) + 1
    return text.count("\n", 0, getattr(wrong, "position", 0)) + 1


def _what(wrong: Exception) -> str:
    what = getattr(wrong, "problem", None) or str(wrong)
    return " ".join(what.split())
