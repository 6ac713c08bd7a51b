"""A small YAML file read into values that know on which line they stand."""

import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning

from voicebot.answers import Fault

LARGEST = 65_536
"""Bytes a file may have: a hundred times what a case needs."""
DEEPEST = 20
"""Levels of lists and groups in one another; a case has six."""
Place = Sequence[int | str]
"""Where a value stands in a file: keys and list positions from the top."""
_REFUSALS = (YAMLError, YAMLWarning, TypeError, RuntimeError)
"""What ruamel raises for what it cannot read; a RuntimeError for what it does not know to keep."""
_OWN = "tag:yaml.org,2002:"
"""What YAML's own tags begin with, written "!!"."""


class _Unwanted(Exception):
    """YAML that no case needs. line: from 1."""

    def __init__(self, line: int, what: str) -> None:
        self.line, self.what = line, what


class _Constructor(RoundTripConstructor):
    """A date is a text like any other, as in YAML's core schema."""


_Constructor.add_constructor(f"{_OWN}timestamp", _Constructor.construct_scalar)


def read_tree(file: Path) -> Any | Fault:  # noqa: ANN401 (whatever stands in the file)
    """The values in a file, or what is wrong with it."""
    text = _text(file)
    if isinstance(text, Fault):
        return text
    try:
        return _values(text)
    except _Unwanted as found:
        return Fault(str(file), found.line, found.what)
    except _REFUSALS as wrong:
        return Fault(str(file), _line_at(wrong, text), f"not YAML: {_what(wrong)}; correct the line")
    except ValueError:
        return Fault(str(file), 1, "a number in it cannot be read; write it shorter, or in quotation marks")


def _text(file: Path) -> str | Fault:
    """What stands in a file, or why that is no text of a case."""
    if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe would be waited for
        return Fault(str(file), 1, "is no file; remove it, or give the cases one by one")
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except OSError as wrong:
        return Fault(
            str(file), 1, f"cannot be read ({type(wrong).__name__}); check what lies there, and its permissions"
        )
    except UnicodeDecodeError as wrong:
        return Fault(str(file), data.count(b"\n", 0, wrong.start) + 1, "not UTF-8; save it as UTF-8")
    if len(data) > LARGEST:
        return Fault(str(file), 1, f"larger than {LARGEST // 1024} KB, and a case is a few lines; split it")
    return text


def line_of(tree: Any, place: Place) -> int:  # noqa: ANN401 (any part of a file)
    """The line, from 1, of what stands at `place`, as far as there is anything."""
    line = 1
    for key in place:
        try:
            line = (tree.lc.item(key) if isinstance(key, int) else tree.lc.key(key))[0] + 1
            tree = tree[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _values(text: str) -> Any:  # noqa: ANN401 (whatever stands in the file)
    _look_over(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error", YAMLWarning)
        yaml_ = YAML()
        yaml_.Constructor = _Constructor
        return yaml_.load(text)


def _look_over(text: str) -> None:
    """Refuse what unfolds to millions of values or keeps ruamel for minutes; other faults are for it to find."""
    depth = 0
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=yaml.CLoader):
            line = event.start_mark.line + 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if getattr(event, "anchor", None):
                raise _Unwanted(line, "a reference (&name, *name); write out what it stands for")
            if tag := getattr(event, "tag", None):
                raise _Unwanted(line, f"a tag ({tag.replace(_OWN, '!!')}), which no case needs; remove it")
            if depth > DEEPEST:
                raise _Unwanted(line, "lists within lists without end; write the step as in the other cases")


def _line_at(wrong: Exception, text: str) -> int:
    mark = wrong.problem_mark or wrong.context_mark if isinstance(wrong, MarkedYAMLError) else None
    return int(mark.line) + 1 if mark else text.count("\n", 0, getattr(wrong, "position", 0)) + 1


def _what(wrong: Exception) -> str:
    what = getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or type(wrong).__name__
    return " ".join(str(what).split())
