"""From events to what the record keeps of them: masked, without what it has no use for. No database here."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from voicebot.events import CallEnded, CallStarted, Decided, DigitPressed, Event, Interrupted, Said, Saying
from voicebot.masking import mask_cpr
from voicebot.storage.caller_key import CallerKey
from voicebot.storage.story import Story, Summary

DIGITS_KEPT = 4
"""Keys kept per call: more than one call's questions ask for, and too few to make up a CPR number."""
CALLS_KEPT = 1000
"""Calls followed at once, far more than a machine can hold; what a call came to that is not, is worked out later."""
_IN_COLUMNS = ("call", "at", "caller", "started", "reply")
"""Fields of events that stand elsewhere, or nowhere."""

OpenAt = Callable[[str, datetime], bool | None]
"""Whether a municipality, by its id, is open at a moment; None where that is not known."""


@dataclass(frozen=True)
class Entry:
    """What one event adds to the record: its own row, a new call's row, or what a call came to."""

    event: dict[str, Any]
    call: dict[str, Any] | None = None
    end: Summary | None = None

    @property
    def bounds(self) -> bool:
        """Whether a call begins or ends with it."""
        return self.event["type"] in ("CallStarted", "CallEnded")


@dataclass
class _UnderWay:
    """A call under way. reply: what the bot last decided to say."""

    started: datetime
    municipality: str
    outside_hours: bool | None
    story: Story = field(default_factory=Story)
    reply: str = ""
    digits: int = 0


class Entries:
    """Makes entries, and follows each call until its end. whole_numbers: whether callers' numbers are kept."""

    def __init__(self, key: CallerKey, open_at: OpenAt, *, whole_numbers: bool) -> None:
        self._key, self._open_at, self._whole_numbers = key, open_at, whole_numbers
        self._seq = 0
        self._calls: dict[str, _UnderWay] = {}

    def of(self, event: Event) -> Entry | None:
        """What `event` adds, None where it adds nothing; ValueError for one that makes no sense."""
        if isinstance(event, Saying):
            return None
        call = self._begin(event) if isinstance(event, CallStarted) else None
        under_way = self._calls.get(event.call)
        data = self._data(event, under_way)
        name = type(event).__name__
        row = {"call_id": event.call, "seq": self._seq, "at": event.at, "type": name, "data": data}
        self._seq += 1
        end = None
        if under_way:
            under_way.story.hear(name, event.at, data)
            if isinstance(event, CallEnded):
                del self._calls[event.call]
                end = under_way.story.summary(under_way.started, under_way.municipality, under_way.outside_hours)
        return Entry(row, call, end)

    def _begin(self, event: CallStarted) -> dict[str, Any]:
        started = datetime.fromisoformat(event.started)
        is_open = self._open_at(event.municipality, started)
        if len(self._calls) == CALLS_KEPT:
            del self._calls[next(iter(self._calls))]
        self._calls[event.call] = _UnderWay(started, event.municipality, None if is_open is None else not is_open)
        digits = "".join(filter(str.isdigit, event.caller))
        whole = ("+" if event.caller.startswith("+") else "") + digits
        return {
            "id": event.call,
            "channel": event.channel,
            "municipality": event.municipality,
            "caller_hash": self._key.hash(digits) if digits else None,
            "caller_last_two": digits[-2:] or None,
            "caller_number": whole[:20] if digits and self._whole_numbers else None,
            "started": started,
        }

    def _data(self, event: Event, under_way: _UnderWay | None) -> dict[str, Any]:
        """The event's own fields, as they are stored; 'filler' marks what the bot said only while the caller waited."""
        data: dict[str, Any] = _masked({k: v for k, v in asdict(event).items() if k not in _IN_COLUMNS})
        if under_way:
            match event:
                case Decided(reply=reply):
                    under_way.reply = reply
                case Said(text=text) | Interrupted(text=text) if text not in under_way.reply:
                    data["filler"] = True
                case DigitPressed():
                    under_way.digits += 1
                    if under_way.digits > DIGITS_KEPT:
                        data["digit"] = "•"
        return data


def _masked(value: Any) -> Any:  # noqa: ANN401 - whatever an event holds
    """`value` with CPR numbers masked in every text it holds, and no NUL, which PostgreSQL takes in no text."""
    if isinstance(value, str):
        return mask_cpr(value).replace("\0", "")
    if isinstance(value, dict):
        return {key: _masked(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(part) for part in value]
    return value
