"""One media stream: what it tells a call, what it sends, and how it ends."""

import asyncio
import base64
import contextlib
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from streamdouble.protocol import StreamIdentity
from streamdouble.scenario import Dtmf, Expect, Hangup, Say, Scenario, Step, Wait, WaitFor
from streamdouble.session import Session, SessionConfig, SessionResult
from websockets.asyncio.client import ClientConnection, connect

from tests.test_messages import CONNECTED, DTMF, MARK, MEDIA, SID, START, STOP
from voicebot.errors import TelephonyError
from voicebot.line import CallInfo, Digit, HungUp, LineEvent, Played, Sound
from voicebot.telephony import media_stream
from voicebot.telephony.media_stream import MediaStream, serve_stream
from voicebot.telephony.messages import Start

LOG = "voicebot.telephony.media_stream"


class Wire:
    """The other end of a WebSocket, played by the test."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outgoing: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.gone = False
        self.incoming.put_nowait({"type": "websocket.connect"})

    async def socket(self) -> WebSocket:
        websocket = WebSocket({"type": "websocket", "headers": []}, self.incoming.get, self._take)
        await websocket.accept()
        return websocket

    async def _take(self, message: Any) -> None:
        await self.open.wait()
        if self.gone:
            raise OSError
        self.outgoing.append(message)

    def say(self, *frames: dict[str, Any] | str | bytes) -> None:
        for frame in frames:
            if isinstance(frame, bytes):
                self.incoming.put_nowait({"type": "websocket.receive", "bytes": frame})
            else:
                text = frame if isinstance(frame, str) else json.dumps(frame)
                self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    def close(self, code: int = 1000) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": code})

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(m["text"]) for m in self.outgoing if m["type"] == "websocket.send"]

    @property
    def closed(self) -> bool:
        return any(m["type"] == "websocket.close" for m in self.outgoing)

    def echo(self, *marks: dict[str, Any]) -> None:
        self.say(*(MARK | {"mark": mark["mark"]} for mark in marks))


class Hand:
    """A handover that notes what it is asked."""

    def __init__(self, succeeds: bool = True) -> None:
        self.succeeds = succeeds
        self.asked: list[str] = []

    async def transfer(self, start: Start, number: str) -> bool:
        self.asked.append(f"transfer {start.call} {number}")
        return self.succeeds

    async def hang_up(self, start: Start) -> bool:
        self.asked.append(f"hang up {start.call}")
        return self.succeeds


async def started(wire: Wire, hand: Hand | None = None) -> MediaStream:
    stream = MediaStream(await wire.socket(), hand or Hand())
    wire.say(CONNECTED, START)
    await stream.start()
    return stream


async def heard(stream: MediaStream) -> list[LineEvent]:
    return [event async for event in stream.events()]


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


def admit(start: Start) -> CallInfo:
    return CallInfo(start.call, "twilio", "roskilde", "")


async def test_a_call_is_served_from_start_to_closed_socket() -> None:
    wire = Wire()
    wire.say(CONNECTED, START, DTMF, STOP)
    seen: list[Any] = []

    async def answer_call(stream: MediaStream, call: CallInfo) -> None:
        seen.extend([call, *await heard(stream)])

    await serve_stream(MediaStream(await wire.socket(), Hand()), admit, answer_call)
    assert seen == [CallInfo("CA1", "twilio", "roskilde", ""), Digit("1"), HungUp("caller")]
    assert wire.closed


async def test_a_call_that_is_not_admitted_is_not_answered(caplog: pytest.LogCaptureFixture) -> None:
    wire = Wire()
    wire.say(CONNECTED, START)

    def refuse(_: Start) -> CallInfo:
        raise TelephonyError("telephony.token", "No.")

    async def answer_call(_: MediaStream, __: CallInfo) -> None:
        raise AssertionError("answered")

    await serve_stream(MediaStream(await wire.socket(), Hand()), refuse, answer_call)
    assert caplog.messages == ["Call CA1 ended: No. (telephony.token)"]
    assert wire.closed


async def test_a_crash_is_one_line_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    wire = Wire()
    wire.say(CONNECTED, START)

    async def answer_call(_: MediaStream, __: CallInfo) -> None:
        raise KeyError("hemmeligt")

    await serve_stream(MediaStream(await wire.socket(), Hand()), admit, answer_call)
    (record,) = caplog.records
    assert record.getMessage().startswith("Call CA1 failed: KeyError at test_media_stream.py:")
    assert record.exc_info is None
    assert wire.closed


# A real server


@contextlib.asynccontextmanager
async def server(answer_call: media_stream.AnswerCall) -> AsyncIterator[str]:
    """The address of a uvicorn server whose /media serves calls; over when all its calls are."""

    async def media(websocket: WebSocket) -> None:
        await websocket.accept()
        await serve_stream(MediaStream(websocket, Hand(succeeds=False)), admit, answer_call)

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Starlette(routes=[WebSocketRoute("/media", media)]), log_config=None, ws_max_size=1 << 16, lifespan="off"
    )
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/media"
    finally:
        running.should_exit = True
        await task
        listener.close()


async def answer(stream: MediaStream, _: CallInfo) -> None:
    """Greet; fall silent when a voice is heard; hang up on 9."""
    await stream.play(b"\x80" * 16000)
    await stream.mark("greeting")
    async for event in stream.events():
        if isinstance(event, Sound) and abs(event.chunk.samples).max() > 0.1:
            await stream.clear()
            await stream.play(b"\x81" * 1600)
            await stream.mark("answer")
        elif event == Digit("9"):
            await stream.hang_up()


async def place(url: str, *steps: Step) -> SessionResult:
    config = SessionConfig(quiet_period_s=0.5, max_drain_s=5)
    return await Session(url, scenario=Scenario("test", list(steps)), config=config, identity=StreamIdentity()).run()


VOICE = Say(path=__file__, frames=[b"\x00" * 160])  # type: ignore[arg-type]


@pytest.mark.slow
async def test_a_carrier_finds_no_fault_with_us() -> None:
    async with server(answer) as url:
        result = await place(url, WaitFor("audio"), VOICE, WaitFor("clear"), Wait(0.5), Expect("no_violations"))
    assert result.violations == []
    assert result.unknown_events == []
    assert result.failed_expectations == []
    assert result.clears_received == 1
    assert len(result.audio_received) == 17600
    assert result.marks_echoed == result.marks_received[1:], "the greeting was cleared, the answer heard"


@pytest.mark.slow
async def test_either_side_hangs_up() -> None:
    ends: list[LineEvent] = []

    async def noting(stream: MediaStream, call: CallInfo) -> None:
        await answer(stream, call)
        ends.extend(await heard(stream))

    async with server(noting) as url:
        ours = await place(url, WaitFor("audio"), Dtmf("9"), Wait(5.0))
        await place(url, WaitFor("audio"), Hangup())
    assert ours.closed_by == "agent"
    assert ends == [HungUp("caller")] * 2


async def opened(url: str) -> ClientConnection:
    connection = await connect(url)
    await connection.send(json.dumps(CONNECTED))
    await connection.send(json.dumps(START))
    return connection


@pytest.mark.slow
@pytest.mark.parametrize("garbage", [b"\x00" * 160, "{", "x" * 70000, json.dumps({"event": "media"})])
async def test_garbage_ends_its_own_call_only(garbage: str | bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with server(answer) as url:
        bad, good = await opened(url), await opened(url)
        await bad.send(garbage)
        async with asyncio.timeout(10):
            await bad.wait_closed()
        await good.send(json.dumps(MEDIA | {"media": {"payload": "AAAA"}}))
        while json.loads(await asyncio.wait_for(good.recv(), 10))["event"] != "clear":
            pass
        await good.send(json.dumps(STOP))
        await good.close()
    (line,) = [record for record in caplog.records if record.name == LOG]
    assert line.getMessage().startswith("Call CA1 ended: ")
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.slow
async def test_a_dead_reader_is_given_up(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(media_stream, "SEND_LIMIT", 0.3)
    ends: list[LineEvent] = []
    done = asyncio.Event()

    async def flood(stream: MediaStream, _: CallInfo) -> None:
        for _ in range(400):
            await stream.play(os.urandom(80000))
        ends.extend(await heard(stream))
        done.set()

    async with server(flood) as url:
        connection = await opened(url)
        connection.transport.pause_reading()
        await connection.send(json.dumps(MEDIA))
        await asyncio.wait_for(done.wait(), 30)
        connection.transport.abort()
    assert ends[-1] == HungUp("fault")
    assert "telephony.slow" in caplog.text
