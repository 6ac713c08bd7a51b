"""The JSON messages of a bidirectional media stream: read, checked and built; no socket, no clock.

Source of every shape: https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voicebot.errors import TelephonyError

LONGEST_FRAME = 65536
"""Characters in one incoming frame; the carrier's 20 ms of sound take about 400."""

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEYS = frozenset("0123456789*#")
_REMEDY = "the other end must speak Twilio Media Streams"


@dataclass(frozen=True)
class Connected:
    """The socket is open; the start follows."""


@dataclass(frozen=True)
class Start:
    """A stream begins. parameters: the TwiML's `<Parameter>` names and values."""

    stream: str
    call: str
    account: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Media:
    """The caller's sound: G.711 mu-law at 8 kHz, one byte per sample, of any length."""

    stream: str
    payload: bytes


@dataclass(frozen=True)
class Dtmf:
    """A key pressed: one of 0-9, * and #."""

    stream: str
    digit: str


@dataclass(frozen=True)
class Mark:
    """A mark of ours comes back: what was sent before it has been played, or was cleared."""

    stream: str
    name: str


@dataclass(frozen=True)
class Stop:
    """The stream is over."""

    stream: str


Message = Connected | Start | Media | Dtmf | Mark | Stop


def parse(frame: str | bytes) -> Message | None:
    """One incoming frame as a message; None for an event or a key that is not known.

    Unknown fields are let pass. TelephonyError: a binary frame, one over `LONGEST_FRAME`, no JSON object,
    a field missing or of the wrong type, sound that is not mu-law at 8 kHz, bad base64.
    """
    data = _json_object(frame)
    read = _EVENTS.get(_text(data, "event"))
    return read(data) if read else None


class Reader:
    """Reads the frames of one stream and holds them to their order.

    stream: the stream's id, '' before its start.
    """

    def __init__(self) -> None:
        self.stream = ""

    def read(self, frame: str | bytes) -> Message | None:
        """As `parse`; TelephonyError also for a second start, anything before the start, another stream's id."""
        message = parse(frame)
        if message is None or isinstance(message, Connected):
            return message
        if isinstance(message, Start):
            if self.stream:
                raise TelephonyError("telephony.order", f"A second start came on one stream; {_REMEDY}.")
            self.stream = message.stream
        elif not self.stream:
            raise TelephonyError("telephony.order", f"A message came before the start; {_REMEDY}.")
        elif message.stream != self.stream:
            raise TelephonyError("telephony.order", f"A message of another stream came; {_REMEDY}.")
        return message


def media_message(stream: str, payload: bytes) -> str:
    """Sound for the caller, as a frame: G.711 mu-law at 8 kHz, one byte per sample."""
    encoded = base64.b64encode(payload).decode("ascii")
    return json.dumps({"event": "media", "streamSid": stream, "media": {"payload": encoded}})


def mark_message(stream: str, name: str) -> str:
    """A mark behind the sound sent so far, as a frame."""
    return json.dumps({"event": "mark", "streamSid": stream, "mark": {"name": name}})


def clear_message(stream: str) -> str:
    """The order to drop all sound not yet played, as a frame."""
    return json.dumps({"event": "clear", "streamSid": stream})


def _json_object(frame: str | bytes) -> dict[str, Any]:
    if isinstance(frame, bytes):
        raise TelephonyError("telephony.binary", f"A binary frame came over the line; {_REMEDY}, which is text.")
    if len(frame) > LONGEST_FRAME:
        raise TelephonyError("telephony.size", f"A frame of more than {LONGEST_FRAME} characters came; {_REMEDY}.")
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError):
        raise TelephonyError("telephony.json", f"A frame that is not JSON came over the line; {_REMEDY}.") from None
    if not isinstance(data, dict):
        raise TelephonyError("telephony.json", f"A frame that is not a JSON object came over the line; {_REMEDY}.")
    return data


def _start(data: dict[str, Any]) -> Start:
    start = _part(data, "start")
    shape = _part(start, "mediaFormat")
    if (shape.get("encoding"), shape.get("sampleRate"), shape.get("channels", 1)) != ("audio/x-mulaw", 8000, 1):
        raise TelephonyError(
            "telephony.format", "The stream's sound is not mono mu-law at 8000 Hz; nothing else works."
        )
    stream = _sid(data, "streamSid")
    if start.get("streamSid", stream) != stream:
        raise _wrong_field("streamSid")
    parameters = start.get("customParameters", {})
    if not isinstance(parameters, dict) or not all(isinstance(value, str) for value in parameters.values()):
        raise _wrong_field("customParameters")
    return Start(stream, _sid(start, "callSid"), _sid(start, "accountSid"), parameters)


def _media(data: dict[str, Any]) -> Media:
    stream, payload = _sid(data, "streamSid"), _text(_part(data, "media"), "payload")
    try:
        return Media(stream, base64.b64decode(payload, validate=True))
    except (binascii.Error, ValueError):
        raise TelephonyError("telephony.payload", f"Sound that is not base64 came over the line; {_REMEDY}.") from None


def _dtmf(data: dict[str, Any]) -> Dtmf | None:
    """None for the tones A to D, which no telephone has a key for."""
    stream, digit = _sid(data, "streamSid"), _text(_part(data, "dtmf"), "digit")
    if digit in _KEYS:
        return Dtmf(stream, digit)
    if digit in {"A", "B", "C", "D"}:
        return None
    raise _wrong_field("digit")


def _mark(data: dict[str, Any]) -> Mark:
    return Mark(_sid(data, "streamSid"), _text(_part(data, "mark"), "name"))


def _part(data: dict[str, Any], name: str) -> dict[str, Any]:
    part = data.get(name)
    if not isinstance(part, dict):
        raise _wrong_field(name)
    return part


def _text(data: dict[str, Any], name: str) -> str:
    text = data.get(name)
    if not isinstance(text, str):
        raise _wrong_field(name)
    return text


def _sid(data: dict[str, Any], name: str) -> str:
    """An id: letters, digits, - and _, since it goes into log lines and web addresses."""
    sid = _text(data, name)
    if not _SID.fullmatch(sid):
        raise _wrong_field(name)
    return sid


def _wrong_field(name: str) -> TelephonyError:
    return TelephonyError("telephony.field", f"A message without a proper '{name}' came over the line; {_REMEDY}.")


_EVENTS: dict[str, Callable[[dict[str, Any]], Message | None]] = {
    "connected": lambda _: Connected(),
    "start": _start,
    "media": _media,
    "dtmf": _dtmf,
    "mark": _mark,
    "stop": lambda data: Stop(_sid(data, "streamSid")),
}
