"""An answer's file as fields that people fill in, and fields as a file: what was not changed stays as it was written.

Comments, quotes and the order of the fields survive; texts are kept as written, with `{{ … }}` around facts.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import FoldedScalarString, ScalarString, SingleQuotedScalarString

from voicebot.speech_text import sentences

_ORDER = ("id", "title", "offer", "examples", "answer", "follow_up", "sms", "source", "reviewed")
"""How the fields of a new file stand."""
_FOLDED_FROM = 80
"""Characters from which a text stands on lines of its own, a sentence on each."""


@dataclass(frozen=True)
class ChoiceDraft:
    """A way to go on, as it is written."""

    offer: str
    examples: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class FollowUpDraft:
    """A question after an answer, as it is written."""

    ask: str
    choices: tuple[ChoiceDraft, ...]


@dataclass(frozen=True)
class Draft:
    """The fields of an answer's file, as they are written; reviewed: like 2026-11-20."""

    id: str
    title: str = ""
    offer: str = ""
    examples: tuple[str, ...] = ()
    answer: str = ""
    follow_up: FollowUpDraft | None = None
    sms: str = ""
    source: str = ""
    reviewed: str = ""


def read_draft(text: str) -> Draft | None:
    """The fields of a file; None where it is no answer's file."""
    try:
        tree = _yaml().load(text)
        values = {name: tree[name] for name in _ORDER if name in tree}
        follow_up = values.pop("follow_up", None)
        texts = {name: _one_line(value) for name, value in values.items() if name != "examples"}
        return Draft(
            **texts,
            examples=tuple(map(_one_line, values.get("examples", ()))),
            follow_up=_follow_up(follow_up) if follow_up else None,
        )
    except (YAMLError, TypeError, KeyError, AttributeError, ValueError):
        return None


def _follow_up(tree: Mapping[str, Any]) -> FollowUpDraft:
    choices = (
        ChoiceDraft(_one_line(choice["offer"]), tuple(map(_one_line, choice["examples"])), _one_line(choice["to"]))
        for choice in tree["choices"]
    )
    return FollowUpDraft(_one_line(tree["ask"]), tuple(choices))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def write_draft(draft: Draft, before: str | None = None) -> str:
    """The text of a file with these fields; before: the file's text until now, of which the rest is kept."""
    old = read_draft(before) if before else None
    tree = _yaml().load(before) if before and old else CommentedMap()
    for field in fields(Draft):
        new = getattr(draft, field.name)
        if old and getattr(old, field.name) == new and (field.name in tree) == bool(new):
            continue
        if new:
            _put(tree, field.name, _node(field.name, new, tree.get(field.name)))
        else:
            tree.pop(field.name, None)
    whole = io.StringIO()
    _yaml().dump(tree, whole)
    return whole.getvalue()


def _put(tree: CommentedMap, name: str, node: object) -> None:
    """In its place among the fields that are there."""
    if name in tree:
        tree[name] = node
        return
    behind = [_ORDER.index(each) for each in tree if each in _ORDER and _ORDER.index(each) < _ORDER.index(name)]
    place = list(tree).index(_ORDER[max(behind)]) + 1 if behind else 0
    tree.insert(place, name, node)


def _node(name: str, value: Any, old: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if name == "examples":
        return _list(value, old)
    if isinstance(value, FollowUpDraft):
        ways = [{**asdict(way), "examples": _flow(way.examples)} for way in value.choices]
        return CommentedMap({"ask": _text(value.ask), "choices": CommentedSeq(map(CommentedMap, ways))})
    if name == "reviewed":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return str(value)
    return _text(value)


def _list(values: Sequence[str], old: Any) -> CommentedSeq:  # noqa: ANN401 - whatever stood there
    """A list in which what stood there before stands as it was written, comments beside it included."""
    if not isinstance(old, CommentedSeq) or _one_line_all(old) != list(values)[: len(old)]:
        kept = {_one_line(each): each for each in old} if isinstance(old, CommentedSeq) else {}
        return CommentedSeq(kept.get(value, value) for value in values)
    old.extend(values[len(old) :])
    return old


def _one_line_all(values: CommentedSeq) -> list[str]:
    return [_one_line(value) for value in values]


def _flow(values: Sequence[str]) -> CommentedSeq:
    """A list on one line, where signs mean more than elsewhere: only plain words stand without quotes."""
    plain = re.compile(r"[^\W\d][\w ]*")
    written = CommentedSeq(value if plain.fullmatch(value) else SingleQuotedScalarString(value) for value in values)
    written.fa.set_flow_style()
    return written


def _text(text: str) -> str | ScalarString:
    """A short text as it is; a long one on lines of its own, a sentence on each."""
    if len(text) < _FOLDED_FROM:
        return text
    folded: Any = FoldedScalarString(text)
    ends = re.sub(r"\s+", " ", text)
    at, places = 0, []
    for sentence in sentences(ends)[:-1]:
        at = ends.index(sentence, at) + len(sentence)
        places.append(at)
    folded.fold_pos = places
    return folded  # type: ignore[no-any-return]


def _yaml() -> YAML:
    """A reader and writer that leaves as they are the files that are shipped."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
