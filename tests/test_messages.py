"""The carrier's messages: the documented shapes, what is let pass, and what ends a call."""

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.errors import TelephonyError
from voicebot.telephony.messages import (
    LONGEST_FRAME,
    Connected,
    Dtmf,
    Mark,
    Media,
    Reader,
    Start,
    Stop,
    clear_message,
    mark_message,
    media_message,
    parse,
)

SID = "MZ" + "0" * 32
START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC1",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "abc"},
    },
    "streamSid": SID,
}
MEDIA: dict[str, Any] = {
    "event": "media",
    "sequenceNumber": "3",
    "media": {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": base64.b64encode(b"\xff" * 160).decode()},
    "streamSid": SID,
}
DTMF: dict[str, Any] = {
    "event": "dtmf",
    "streamSid": SID,
    "sequenceNumber": "5",
    "dtmf": {"track": "inbound_track", "digit": "1"},
}
MARK: dict[str, Any] = {"event": "mark", "sequenceNumber": "4", "streamSid": SID, "mark": {"name": "m"}}
STOP: dict[str, Any] = {
    "event": "stop",
    "sequenceNumber": "5",
    "stop": {"accountSid": "AC1", "callSid": "CA1"},
    "streamSid": SID,
}
CONNECTED: dict[str, Any] = {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def changed(message: dict[str, Any], *path: str, to: Any) -> str:
    """The message as a frame, with the value at `path` put to `to` (None: taken out)."""
    message = json.loads(json.dumps(message))
    place = message
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    if to is None:
        del place[path[-1]]
    return json.dumps(message)


def code_of(frame: str | bytes) -> str:
    with pytest.raises(TelephonyError) as caught:
        parse(frame)
    return caught.value.code


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (CONNECTED, Connected()),
        (START, Start(SID, "CA1", "AC1", {"token": "abc"})),
        (MEDIA, Media(SID, b"\xff" * 160)),
        (DTMF, Dtmf(SID, "1")),
        (MARK, Mark(SID, "m")),
        (STOP, Stop(SID)),
    ],
)
def test_documented_messages_are_read(frame: dict[str, Any], message: object) -> None:
    assert parse(json.dumps(frame)) == message
    assert parse(json.dumps(frame | {"news": [1, {"a": None}]})) == message


def test_what_is_not_known_is_let_pass() -> None:
    assert parse('{"event": "transcription", "streamSid": 7}') is None
    assert parse(changed(DTMF, "dtmf", "digit", to="A")) is None
    assert parse(changed(START, "start", "customParameters", to=None)) == Start(SID, "CA1", "AC1", {})
    assert parse(changed(START, "start", "tracks", to=None)) == Start(SID, "CA1", "AC1", {"token": "abc"})


@pytest.mark.parametrize("length", [0, 1, 159, 160, 161, 8000, 40000])
def test_sound_of_any_length(length: int) -> None:
    payload = bytes(index % 256 for index in range(length))
    assert parse(changed(MEDIA, "media", "payload", to=base64.b64encode(payload).decode())) == Media(SID, payload)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b'{"event": "connected"}', "telephony.binary"),
        ("", "telephony.json"),
        ("{", "telephony.json"),
        ("[]", "telephony.json"),
        ('"connected"', "telephony.json"),
        ("[" * 60000, "telephony.json"),
        ('{"event": ' + "9" * 5000 + "}", "telephony.json"),
        ('{"event": "connected", "x": "' + "x" * LONGEST_FRAME + '"}', "telephony.size"),
        ("{}", "telephony.field"),
        ('{"event": null}', "telephony.field"),
        ('{"event": ["media"]}', "telephony.field"),
        (changed(MEDIA, "streamSid", to=None), "telephony.field"),
        (changed(MEDIA, "streamSid", to="MZ/../1"), "telephony.field"),
        (changed(MEDIA, "media", to=None), "telephony.field"),
        (changed(MEDIA, "media", to="x"), "telephony.field"),
        (changed(MEDIA, "media", "payload", to=None), "telephony.field"),
        (changed(MEDIA, "media", "payload", to=17), "telephony.field"),
        (changed(MEDIA, "media", "payload", to="abc"), "telephony.payload"),
        (changed(MEDIA, "media", "payload", to="ab*="), "telephony.payload"),
        (changed(MEDIA, "media", "payload", to="æøåæ"), "telephony.payload"),
        (changed(DTMF, "dtmf", "digit", to=1), "telephony.field"),
        (changed(DTMF, "dtmf", "digit", to="12"), "telephony.field"),
        (changed(DTMF, "dtmf", "digit", to=""), "telephony.field"),
        (changed(MARK, "mark", "name", to=None), "telephony.field"),
        (changed(STOP, "streamSid", to=None), "telephony.field"),
        (changed(START, "start", "callSid", to=None), "telephony.field"),
        (changed(START, "start", "callSid", to="CA1\nforged line"), "telephony.field"),
        (changed(START, "start", "accountSid", to=7), "telephony.field"),
        (changed(START, "start", "streamSid", to="MZother"), "telephony.field"),
        (changed(START, "start", "mediaFormat", to=None), "telephony.field"),
        (changed(START, "start", "mediaFormat", "encoding", to="audio/x-l16"), "telephony.format"),
        (changed(START, "start", "mediaFormat", "sampleRate", to=16000), "telephony.format"),
        (changed(START, "start", "mediaFormat", "sampleRate", to="8000"), "telephony.format"),
        (changed(START, "start", "mediaFormat", "channels", to=2), "telephony.format"),
        (changed(START, "start", "customParameters", to={"token": 1}), "telephony.field"),
        (changed(START, "start", "customParameters", to=["token"]), "telephony.field"),
    ],
)
def test_malformed_frames_are_named(frame: str | bytes, code: str) -> None:
    assert code_of(frame) == code


def test_a_fault_never_tells_what_came() -> None:
    for frame in (changed(MEDIA, "media", "payload", to="hemmeligt!"), '"hemmeligt', '{"event": 1, "hemmeligt": 2}'):
        with pytest.raises(TelephonyError) as caught:
            parse(frame)
        assert "hemmeligt" not in str(caught.value)
        assert "Twilio Media Streams" in caught.value.message


def test_messages_keep_to_their_order() -> None:
    reader = Reader()
    assert reader.stream == ""
    with pytest.raises(TelephonyError, match="before the start"):
        reader.read(json.dumps(MEDIA))
    assert isinstance(reader.read(json.dumps(CONNECTED)), Connected)
    assert isinstance(reader.read(json.dumps(START)), Start)
    assert reader.stream == SID
    assert isinstance(reader.read(json.dumps(MEDIA)), Media)
    assert reader.read('{"event": "news"}') is None
    with pytest.raises(TelephonyError, match="another stream"):
        reader.read(json.dumps(MEDIA | {"streamSid": "MZ2"}))
    with pytest.raises(TelephonyError, match="second start"):
        reader.read(json.dumps(START))


def test_outgoing_messages_hold_the_documented_fields_and_no_other() -> None:
    assert json.loads(media_message(SID, b"\x00\xff")) == {
        "event": "media",
        "streamSid": SID,
        "media": {"payload": "AP8="},
    }
    assert json.loads(mark_message(SID, "æ")) == {"event": "mark", "streamSid": SID, "mark": {"name": "æ"}}
    assert json.loads(clear_message(SID)) == {"event": "clear", "streamSid": SID}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def fields(message: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The path of every field, the nested ones too."""
    for name, value in message.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *path) for path in fields(value))


EVERY_FIELD = [(message, path) for message in (CONNECTED, START, MEDIA, DTMF, MARK, STOP) for path in fields(message)]


def parse_or_refuse(frame: str | bytes) -> None:
    with suppress(TelephonyError):
        message = parse(frame)
        assert message is None or isinstance(message, Connected | Start | Media | Dtmf | Mark | Stop)


@given(st.text() | st.binary())
def test_parse_bears_any_frame(frame: str | bytes) -> None:
    parse_or_refuse(frame)


@given(st.sampled_from(EVERY_FIELD), JSON)
def test_parse_bears_any_value_in_any_field(place: tuple[dict[str, Any], tuple[str, ...]], value: Any) -> None:
    parse_or_refuse(changed(place[0], *place[1], to=value))


@given(st.sampled_from([json.dumps(m) for m in (START, MEDIA, DTMF, MARK, STOP)]), st.data())
def test_parse_bears_frames_cut_and_joined(frame: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(frame)))
    parse_or_refuse(frame[:cut] + data.draw(st.text(max_size=5)) + frame[data.draw(st.integers(cut, len(frame))) :])
