"""What a bot tells of a call is taken in as a verdict and a report can use it, or not at all."""

import json
from typing import Any

import pytest

from tests.told_calls import decision
from voicebot.replay.captions import caption


def told(kind: str, **fields: Any) -> dict[str, Any]:
    message = json.dumps({"event": "voicebot", "type": kind, "call": "CA1", "at": 1.5, **fields})
    return caption(3.0, json.loads(message)).data


def test_what_is_told_is_kept() -> None:
    assert told("Decided", **decision("clarify", None, "a", "b")) == {"at": 1.5, **decision("clarify", None, "a", "b")}
    assert told("Matched", candidates=[["a", 0.5], ["b", 0]]) == {"at": 1.5, "candidates": [("a", 0.5), ("b", 0.0)]}
    assert told("Unheard", of={"a": [1]}) == {"at": 1.5, "of": {"a": [1]}}, "an event that no verdict needs"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        pytest.param("Matched", {"candidates": [[1, 2, 3]]}, id="three"),
        pytest.param("Matched", {"candidates": ["a"]}, id="no-confidence"),
        pytest.param("Matched", {"candidates": [["a", float("nan")]]}, id="candidate-nan"),
        pytest.param("Decided", decision("answer", "a") | {"options": [{}]}, id="options"),
        pytest.param("Decided", decision("answer", "a") | {"confidence": "high"}, id="words"),
        pytest.param("Decided", decision("answer", "a") | {"confidence": float("nan")}, id="nan"),
        pytest.param("Decided", decision("answer", "a") | {"confidence": 10**400}, id="huge"),
        pytest.param("Decided", {"decision": "reject"}, id="cut-short"),
        pytest.param([], {}, id="no-type"),
    ],
)
def test_what_cannot_be_used_is_refused(kind: str, fields: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        told(kind, **fields)


def test_half_a_sign_can_be_written_to_a_file() -> None:
    data = told("Transcribed", text="\ud800pas 😀 æ", more=[{"\udfff": "\ud800"}])
    assert data == {"at": 1.5, "text": "?pas 😀 æ", "more": [{"?": "?"}]}
