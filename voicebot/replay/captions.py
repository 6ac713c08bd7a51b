"""What the bot tells of a call besides what it says, as far as a verdict needs it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

_ENVELOPE = {"event", "type", "call"}
"""What a caption says of itself and of the call, not of what happened."""


class _Told(BaseModel):
    """An event: what is used of it is there and of its type; the rest is kept as it came."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


def _shape(name: str, fields: Mapping[str, type | UnionType]) -> type[_Told]:
    shaped: dict[str, Any] = {field: (kind, ...) for field, kind in fields.items()}
    return create_model(name, __base__=_Told, **shaped)


_DECIDED = {"decision": str, "answer": str | None, "confidence": float, "options": list[str], "reply": str}
_SHAPES = {
    "CallStarted": _shape("CallStarted", {"municipality": str}),
    "Transcribed": _shape("Transcribed", {"text": str}),
    "Matched": _shape("Matched", {"candidates": list[tuple[str, float]]}),
    "Decided": _shape("Decided", _DECIDED),
    "Saying": _shape("Saying", {"text": str}),
    "Transferred": _shape("Transferred", {"number": str, "reason": str}),
    "Failed": _shape("Failed", {"code": str}),
    "CallEnded": _shape("CallEnded", {"outcome": str}),
}
"""Fields of `events` that a verdict needs."""


@dataclass(frozen=True)
class Caption:
    """An event of the call as the bot told it. at: seconds on this side's clock; data: the event's fields."""

    at: float
    type: str
    data: dict[str, Any]


def caption(now: float, message: dict[str, Any]) -> Caption:
    """What a message tells, with a “?” for half a sign (a lone surrogate), which no file can hold.

    KeyError, TypeError, ValueError (pydantic's ValidationError is one) where it does not tell what it should.
    """
    fields = {name: value for name, value in message.items() if name not in _ENVELOPE}
    text = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    shape = _SHAPES.get(message["type"], _Told)
    return Caption(now, message["type"], shape.model_validate_json(text).model_dump())
