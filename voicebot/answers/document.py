"""One YAML file of `answers/`: read, filled with facts, and held against a shape, with a line for every fault."""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.events import AliasEvent

from voicebot.answers.files import Files
from voicebot.answers.library import Fault
from voicebot.answers.plain import plain

Shape = TypeVar("Shape")
Place = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

_FACT = re.compile(r"\{\{\s*([^\W\d]\w*(?:\.\w+)*)\s*\}\}")
_REMEDIES = {
    "missing": "feltet mangler; tilføj det",
    "unexpected_keyword_argument": "ukendt felt; ret navnet, eller fjern det",
    "string_type": "ikke en tekst; sæt anførselstegn om",
    "string_too_short": "tomt; skriv teksten",
    "string_too_long": "for langt; højst 64 tegn",
    "tuple_type": "ikke en liste; begynd hver linje med “- ”",
    "too_short": "tomt; skriv mindst én",
    "too_long": "for mange til at huske; fjern en",
    "dataclass_type": "ikke en gruppe af felter; skriv dem som i de andre filer",
}
"""What to do about pydantic's kinds of misfit, which its own messages do not say."""


@dataclass(frozen=True)
class Document:
    """A file that could be read: its text and its values."""

    file: str
    text: str
    values: dict[str, Any]

    @cached_property
    def tree(self) -> CommentedMap:
        """The values with their lines, which only a fault asks for: reading them takes ten times as long."""
        tree: CommentedMap = _yaml().load(self.text)
        return tree

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

    def filled(self, facts: Mapping[str, Any] | None, faults: list[Fault]) -> dict[str, Any]:
        """All values as plain Python ones, each `{{ fact }}` replaced and white space made single.

        facts: by name; None where they are not known, and then their names stay. A fact that is not there, and
        whatever else stands between double braces, is added to `faults`.
        """

        def fill(node: object, place: Place) -> object:
            if isinstance(node, dict):
                return {key: fill(value, (*place, key)) for key, value in node.items()}
            if isinstance(node, list):
                return [fill(value, (*place, at)) for at, value in enumerate(node)]
            return " ".join(self._fill(node, place, facts, faults).split()) if isinstance(node, str) else node

        return {key: fill(value, (key,)) for key, value in self.values.items()}

    def _fill(self, text: str, place: Place, facts: Mapping[str, Any] | None, faults: list[Fault]) -> str:
        for odd in re.findall(r"\{\{|\}\}|\{%|\{#", _FACT.sub("", text))[:1]:
            faults.append(
                self.fault(place, f"“{odd}” uden navnet på en oplysning; skriv som {{{{ borgerservice.phone }}}}")
            )

        def value(match: re.Match[str]) -> str:
            found = match[0] if facts is None else _fact(match[1], facts)
            if found is not None:
                return found
            whose = facts["municipality"]["id"] if facts else ""
            message = f"oplysningen “{match[1]}” findes ikke for {whose}; ret navnet, eller tilføj den i"
            faults.append(Fault(self.file, self._line_with(match[0], place), f"{message} municipality.yaml"))
            return match[0]

        return _FACT.sub(value, text)

    def _line_with(self, piece: str, place: Place) -> int:
        start = self.line(place)
        lines = self.text.splitlines()
        return next((at for at, line in enumerate(lines[start - 1 :], start) if piece in line), start)

    def shaped(
        self, shape: TypeAdapter[Shape], values: Mapping[str, Any], faults: list[Fault], stand_in: Mapping[str, Any]
    ) -> Shape | None:
        """`values` as a `shape`; every misfit is added to `faults`.

        A field that does not fit is taken from `stand_in`, so that the others can still be checked; None where it is
        not there either.
        """
        try:
            return shape.validate_python(values)
        except ValidationError as wrong:
            errors = wrong.errors()
        for error in errors:
            name = ".".join(map(str, error["loc"])) or "filen"
            remedy = _REMEDIES.get(error["type"], f"forkert; {error['msg'].removeprefix('Value error, ')}")
            faults.append(self.fault(error["loc"], f"{name}: {remedy}"))
        misfits = {str(error["loc"][0]) for error in errors if error["loc"]}
        kept = {name: value for name, value in values.items() if name not in misfits}
        try:
            return shape.validate_python({name: stand_in[name] for name in misfits & stand_in.keys()} | kept)
        except ValidationError:
            return None


def _fact(name: str, facts: Mapping[str, Any]) -> str | None:
    found: Any = facts
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None


def parts(text: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """A text as it is said, piece by piece, and for each piece that is a fact the fact's name.

    A fact that is not there stays as it is written.
    """
    at = 0
    for match in _FACT.finditer(text):
        yield text[at : match.start()], None
        yield _fact(match[1], facts) or match[0], match[1]
        at = match.end()
    yield text[at:], None


def read(files: Files, path: Path, faults: list[Fault]) -> Document | None:
    """Read a YAML file; None where that fails, and then the fault is added."""
    file = str(path)
    text = files.text(path, faults)
    if text is None:
        return None
    values = plain(text)
    if values is None:
        values = _judged(text, file, faults)
    return None if values is None else Document(file, text, values)


def _judged(text: str, file: str, faults: list[Fault]) -> CommentedMap | None:
    """The values of any YAML; None where it is none, or not ours, and then the fault is added."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", YAMLWarning)
            tree = _yaml().load(text)
    except _REFUSALS as wrong:
        faults.append(Fault(file, _line_of(wrong, text), f"ikke YAML: {_what(wrong)}; ret linjen"))
        return None
    if not isinstance(tree, CommentedMap):
        faults.append(Fault(file, 1, "ingen felter; skriv linjer med `navn: værdi` som i de andre filer"))
        return None
    aliases = [event for event in _yaml().parse(text) if isinstance(event, AliasEvent)] if "*" in text else []
    if aliases:  # a few of them can unfold to millions of values
        faults.append(Fault(file, aliases[0].start_mark.line + 1, "en henvisning (*navn); skriv teksten ud"))
        return None
    return tree


_REFUSALS = (YAMLError, YAMLWarning, ValueError, TypeError, RuntimeError)
"""What ruamel raises for what it cannot read; a RuntimeError for what is too deep, or what it does not know to keep."""


class _Constructor(RoundTripConstructor):
    """Keeps dates as text, because a date that is none has no line in ruamel's error."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    return yaml


def _line_of(wrong: Exception, text: str) -> int:
    if isinstance(wrong, MarkedYAMLError) and wrong.problem_mark:
        return int(wrong.problem_mark.line) + 1
    return text.count("\n", 0, getattr(wrong, "position", 0)) + 1


def _what(wrong: Exception) -> str:
    what = getattr(wrong, "problem", None) or str(wrong) or "kan ikke læses"
    return " ".join(what.split())
