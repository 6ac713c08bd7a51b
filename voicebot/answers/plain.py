"""Plain YAML read by libyaml, ten times as quickly as by ruamel, which knows the lines and judges all the rest."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

_DEEPEST = 20
"""Levels of lists and groups in one another; ours have four."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NO_TEXT = re.compile(r"[-+]?\.?[\d_][\w.:+-]*|[-+]?\.\w+|true|false|null|~|=|<<|", re.IGNORECASE)
"""Unquoted words that YAML may take for something else than a text: more than it does."""


class _OddError(Exception):
    """Something that ruamel has to judge."""


_DISPUTED = re.compile(r"[\t\x85\u2028\u2029]|^ +$|^(?:---|\.\.\.)", re.MULTILINE)
"""What libyaml reads and ruamel refuses, or takes for something else: tabs, old line ends, lines of white space,
and the marks at which documents begin and end."""


def plain(text: str) -> dict[str, Any] | None:
    """The values of a document of nothing but named texts, lists of them and groups of them; None for any other.

    None, too, for what is no YAML, and for anchors, tags, directives, numbers, and names that come twice. A date is the
    text it is.
    """
    if _DISPUTED.search(text):
        return None
    try:
        events = yaml.parse(text, Loader=yaml.CLoader)
        _, document = next(events), next(events)
        if not isinstance(document, yaml.DocumentStartEvent) or document.version or document.tags:
            return None
        tree = _value(next(events), events, 0)
        ends = [type(event) for event in events]
    except (yaml.YAMLError, _OddError, ValueError):
        return None
    return tree if isinstance(tree, dict) and ends == [yaml.DocumentEndEvent, yaml.StreamEndEvent] else None


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> object:
    if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag or depth > _DEEPEST:
        raise _OddError
    if isinstance(event, yaml.ScalarEvent):
        return _text(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return list(_parts(events, depth))
    return _group(list(_parts(events, depth)))


def _parts(events: Iterator[yaml.Event], depth: int) -> Iterator[object]:
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield _value(event, events, depth + 1)


def _group(parts: list[Any]) -> dict[str, object]:
    names, values = parts[::2], parts[1::2]
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise _OddError
    return dict(zip(names, values, strict=True))


def _text(scalar: yaml.ScalarEvent) -> str:
    text: str = scalar.value
    if scalar.implicit[0] and _NO_TEXT.fullmatch(text) and not _DATE.fullmatch(text):
        raise _OddError
    return text
