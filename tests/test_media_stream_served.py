"""A media stream served: admitted, answered and closed, by itself and on a real server."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator
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

from tests.test_messages import CONNECTED, DTMF, MEDIA, START, STOP
from tests.wire import Hand, Wire, heard
from voicebot.errors import TelephonyError
from voicebot.line import CallInfo, Digit, HungUp, LineEvent, Sound
from voicebot.telephony import media_stream
from voicebot.telephony.media_stream import MediaStream, serve_stream
from voicebot.telephony.messages import Start

LOG = "voicebot.telephony.media_stream"


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
    assert record.getMessage().startswith("Call CA1 failed: KeyError at test_media_stream_served.py:")
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
