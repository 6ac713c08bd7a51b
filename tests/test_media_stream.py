"""One media stream: what it tells a call, what it sends, and how it ends."""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.test_messages import CONNECTED, DTMF, MEDIA, SID, START, STOP
from tests.wire import Hand, Wire, heard, started
from voicebot.errors import TelephonyError
from voicebot.line import Digit, HungUp, Played, Sound
from voicebot.telephony import media_stream
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.messages import Start


async def test_the_start_tells_who_calls() -> None:
    wire = Wire()
    stream = MediaStream(await wire.socket(), Hand())
    assert stream.call_id == ""
    wire.say(CONNECTED, {"event": "news"}, START)
    assert await stream.start() == Start(SID, "CA1", "AC1", {"token": "abc"})
    assert stream.call_id == "CA1"


async def test_a_start_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_stream, "START_LIMIT", 0.02)
    wire = Wire()
    wire.say(CONNECTED)
    with pytest.raises(TelephonyError, match="No start message"):
        await MediaStream(await wire.socket(), Hand()).start()


@pytest.mark.parametrize("frame", [MEDIA, b"\x00", "{"])
async def test_a_start_that_is_none(frame: dict[str, Any] | str | bytes) -> None:
    wire = Wire()
    wire.say(frame)
    with pytest.raises(TelephonyError):
        await MediaStream(await wire.socket(), Hand()).start()


async def test_a_line_closed_before_the_start() -> None:
    wire = Wire()
    wire.close()
    with pytest.raises(TelephonyError, match="closed before"):
        await MediaStream(await wire.socket(), Hand()).start()


async def test_events_come_in_order_and_end_with_one_hang_up() -> None:
    wire = Wire()
    stream = await started(wire)
    wire.say(MEDIA, DTMF, {"event": "news"}, CONNECTED, MEDIA, STOP, MEDIA)
    wire.close()
    events = await heard(stream)
    assert [type(event) for event in events] == [Sound, Digit, Sound, HungUp]
    assert isinstance(events[0], Sound)
    assert (len(events[0].chunk.samples), events[0].chunk.rate) == (160, 8000)
    assert events[1:] == [Digit("1"), events[2], HungUp("caller")]
    assert await heard(stream) == [HungUp("caller")]


@pytest.mark.parametrize(
    ("code", "reason"), [(1000, "caller"), (1001, "caller"), (1005, "caller"), (1012, "shutdown"), (1009, "fault")]
)
async def test_a_socket_closed_without_a_stop(code: int, reason: str) -> None:
    wire = Wire()
    stream = await started(wire)
    wire.say(MEDIA)
    wire.close(code)
    assert (await heard(stream))[1:] == [HungUp(reason)]


@pytest.mark.parametrize(
    "frame", [b"\x00\x01", "{hemmeligt", START, MEDIA | {"streamSid": "MZhemmeligt"}, "x" * 70000, {"event": 3}]
)
async def test_a_malformed_frame_ends_the_call_with_one_line(
    frame: dict[str, Any] | str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    wire = Wire()
    stream = await started(wire)
    wire.say(frame, MEDIA)
    assert await heard(stream) == [HungUp("fault")]
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("Call CA1 ended: ")
    assert "hemmeligt" not in record.getMessage()
    assert record.exc_info is None


async def test_a_line_gone_quiet(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(media_stream, "SILENCE_LIMIT", 0.02)
    wire = Wire()
    stream = await started(wire)
    assert await heard(stream) == [HungUp("fault")]
    assert "telephony.silent" in caplog.text


async def test_marks_are_told_once_they_come_back() -> None:
    wire = Wire()
    stream = await started(wire)
    for name in ("a", "b", "a"):
        await stream.mark(name)
    first, second, third = wire.sent
    wire.echo(first, first, third, second, second, {"mark": {"name": "never sent"}})
    wire.say(STOP)
    assert await heard(stream) == [Played("a"), Played("a"), Played("b"), HungUp("caller")]


async def test_marks_pending_at_a_clear_are_never_told() -> None:
    wire = Wire()
    stream = await started(wire)
    await stream.mark("a")
    await stream.mark("b")
    wire.echo(wire.sent[0])
    events = stream.events()
    assert await anext(events) == Played("a")
    await stream.clear()
    await stream.mark("b")
    cleared, _, again = wire.sent[1:]
    wire.echo(cleared, again, cleared)
    wire.say(STOP)
    assert [event async for event in events] == [Played("b"), HungUp("caller")]


async def test_a_mark_after_a_clear_is_told_where_cleared_marks_do_not_come_back() -> None:
    wire = Wire()
    stream = await started(wire)
    await stream.mark("a")
    await stream.clear()
    await stream.mark("a")
    wire.echo(wire.sent[-1])
    wire.say(STOP)
    assert await heard(stream) == [Played("a"), HungUp("caller")]


async def test_sound_goes_out_whole_and_in_pieces() -> None:
    wire = Wire()
    stream = await started(wire)
    mulaw = bytes(index % 251 for index in range(20001))
    await stream.play(mulaw)
    await stream.play(b"")
    assert {(frame["event"], frame["streamSid"]) for frame in wire.sent} == {("media", SID)}
    payloads = [base64.b64decode(frame["media"]["payload"]) for frame in wire.sent]
    assert b"".join(payloads) == mulaw
    assert max(map(len, payloads)) <= media_stream.PIECE


async def test_a_clear_overtakes_what_is_still_being_sent() -> None:
    wire = Wire()
    stream = await started(wire)
    wire.open.clear()
    playing = asyncio.create_task(stream.play(b"\xff" * 80000))
    await asyncio.sleep(0)
    clearing = asyncio.create_task(stream.clear())
    await asyncio.sleep(0)
    wire.open.set()
    await asyncio.gather(playing, clearing)
    assert [frame["event"] for frame in wire.sent] == ["media", "clear"]


async def test_a_reader_that_takes_nothing_ends_the_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(media_stream, "SEND_LIMIT", 0.02)
    wire = Wire()
    stream = await started(wire)
    wire.open.clear()
    await stream.play(b"\xff" * 80000)
    assert "telephony.slow" in caplog.text
    wire.open.set()
    for silent in (stream.play(b"\xff"), stream.mark("a"), stream.clear(), stream.send("x"), stream.transfer("+45")):
        await silent
    assert wire.sent == []
    wire.say(MEDIA)
    assert await heard(stream) == [HungUp("fault")]
    wire.open.clear()
    await stream.close()


async def test_sending_is_harmless_when_the_caller_has_gone() -> None:
    wire = Wire()
    stream = await started(wire)
    wire.gone = True
    wire.close()
    for _ in range(2):
        await stream.play(b"\xff" * 160)
        await stream.mark("a")
        await stream.clear()
    assert await heard(stream) == [HungUp("caller")]
    await stream.close()
    await stream.play(b"\xff" * 160)
    assert wire.sent == []


async def test_the_call_is_handed_over_and_the_socket_left_open() -> None:
    wire, hand = Wire(), Hand()
    stream = await started(wire, hand)
    await stream.transfer("+4546313000")
    await stream.hang_up()
    assert hand.asked == ["transfer CA1 +4546313000", "hang up CA1"]
    assert not wire.closed


@pytest.mark.parametrize("leave", [lambda s: s.transfer("+4546313000"), lambda s: s.hang_up()])
async def test_the_socket_is_closed_where_handing_over_fails(leave: Callable[[MediaStream], Awaitable[None]]) -> None:
    wire, hand = Wire(), Hand(succeeds=False)
    stream = await started(wire, hand)
    await leave(stream)
    assert wire.closed
    await leave(stream)
    assert len(hand.asked) == 1, "a line that is gone is not handed over"
    assert await heard(stream) == [HungUp("caller")]
