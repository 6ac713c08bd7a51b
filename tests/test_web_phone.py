"""The web phone's routes: its page and files, its facts, who may open its line, and its captions."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from voicebot.events import CallEnded, CallStarted, Event, Matched, Saying, Transcribed, Transferred
from voicebot.line import CallInfo, Digit, HungUp
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.web_phone import CAPTION_LIMIT, Captions, caption_message, phone_routes

PAGE = Path(__file__).parent.parent / "voicebot" / "telephony" / "phone"
FILES = sorted(path.name for path in PAGE.iterdir())

Script = Callable[[MediaStream, CallInfo, Callable[[Event], None]], Awaitable[None]]


class ScriptedBot:
    """A bot of one municipality that carries calls as the test's script says."""

    def __init__(self, script: Script) -> None:
        municipality = SimpleNamespace(id="roskilde", name="Roskilde Kommune", transfer_number="+4546313000")
        self.library: Any = SimpleNamespace(municipality=municipality)
        self.voice: Any = SimpleNamespace(title="Kokoro", try_out=True)
        self.answer_call = script


async def nobody(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
    """A bot that hangs up at once."""


def client(script: Script = nobody) -> TestClient:
    return TestClient(Starlette(routes=phone_routes(ScriptedBot(script))))


def start(call: str = "CA1") -> str:
    shape = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    body = {"accountSid": "AC0", "streamSid": "MZ1", "callSid": call, "tracks": ["inbound"], "mediaFormat": shape}
    message = {"event": "start", "sequenceNumber": "1", "start": body | {"customParameters": {}}, "streamSid": "MZ1"}
    return json.dumps(message)


def test_the_page_is_danish_and_names_only_files_of_its_own() -> None:
    answer = client().get("/phone")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="da">' in answer.text
    for address in re.findall(r'(?:src|href)="([^"#][^"]*)"', answer.text):
        assert address.removeprefix("/phone/static/") in FILES


def test_the_page_runs_nothing_inline_and_nothing_from_elsewhere() -> None:
    answer = client().get("/phone")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert all(value in ("'self'", "'none'") for value in policy.values())
    assert not re.search(r"<script(?![^>]*src=)|<style|\bstyle=|\bon\w+=", answer.text)
    for name in FILES:
        assert not re.search(r"https?://(?!www\.w3\.org)[a-z]", (PAGE / name).read_text("utf-8")), name


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_its_type_and_the_security_headers(name: str) -> None:
    answer = client().get(f"/phone/static/{name}")
    kind = {"js": "javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}[name.rpartition(".")[2]]
    assert kind in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_files_outside_the_page_are_not_served() -> None:
    assert client().get("/phone/static/..%2Fweb_phone.py").status_code == 404


def test_the_facts_name_the_municipality_and_the_voice() -> None:
    assert client().get("/phone/info").json() == {
        "municipality": "Roskilde Kommune",
        "number": "+4546313000",
        "voice": "Kokoro",
        "try_out": True,
    }


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://testserver.evil.example", "null", "http://testserver:81"]
)
def test_another_page_cannot_open_the_line(origin: str) -> None:
    line = client().websocket_connect("/phone/media", headers={"origin": origin})
    with pytest.raises(WebSocketDisconnect), line:
        pass


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"origin": "https://testserver"}])
def test_the_own_page_and_programs_open_the_line(headers: dict[str, str]) -> None:
    calls: list[CallInfo] = []

    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        calls.append(info)
        watch(CallEnded(info.call_id, 0.0, "goodbye"))

    with client(script).websocket_connect("/phone/media", headers=headers) as line:
        line.send_text(start("CA7"))
        assert line.receive_json()["type"] == "CallEnded"
    assert calls == [CallInfo("CA7", "web", "roskilde", "")]


def test_captions_hold_the_class_name_and_every_field() -> None:
    assert json.loads(caption_message(Matched("CA1", 1.5, (("pas-mistet", 0.9),)))) == {
        "event": "voicebot",
        "type": "Matched",
        "call": "CA1",
        "at": 1.5,
        "candidates": [["pas-mistet", 0.9]],
    }
    assert "æøå" in caption_message(Transcribed("CA1", 0.0, "æøå", 0.5, 1.0))


def test_a_call_is_captioned_beside_its_sound() -> None:
    heard: list[object] = []

    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        watch(CallStarted(info.call_id, 0.0, "web", info.municipality, "", ""))
        async for event in stream.events():
            heard.append(event)
            if isinstance(event, Digit):
                await stream.play(b"\xff" * 160)
                watch(Saying(info.call_id, 0.1, "Hej."))

    with client(script).websocket_connect("/phone/media") as line:
        line.send_text(start())
        assert line.receive_json()["type"] == "CallStarted"
        line.send_text('{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}')
        answers = [line.receive_json(), line.receive_json()]
        line.send_text('{"event":"stop","streamSid":"MZ1","stop":{}}')
    assert {answer["event"] for answer in answers} == {"media", "voicebot"}
    assert heard == [Digit("5"), HungUp("caller")]


@pytest.mark.parametrize("how", ["transfer", "hang_up"])
def test_the_last_captions_arrive_before_the_line_is_closed(how: str) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        watch(Transferred(info.call_id, 1.0, "+4546313000", "asked"))
        await (stream.transfer("+4546313000") if how == "transfer" else stream.hang_up())
        watch(CallEnded(info.call_id, 1.0, "transferred"))

    with client(script).websocket_connect("/phone/media") as line:
        line.send_text(start())
        assert line.receive_json()["number"] == "+4546313000"
        assert line.receive_json()["outcome"] == "transferred"
        with pytest.raises(WebSocketDisconnect):
            line.receive_json()


def test_a_call_that_fails_closes_its_line_without_a_word_of_the_fault(caplog: pytest.LogCaptureFixture) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        raise RuntimeError("the caller said their name")

    with client(script).websocket_connect("/phone/media") as line:
        line.send_text(start())
        with pytest.raises(WebSocketDisconnect):
            line.receive_text()
    assert "RuntimeError" in caplog.text
    assert "their name" not in caplog.text


async def test_a_browser_that_takes_no_captions_holds_no_call_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.telephony.web_phone.LAST_CAPTIONS", 0.01)
    stuck = asyncio.Event()

    async def send(text: str) -> None:
        await stuck.wait()

    captions = Captions(send)
    async with captions.under_way():
        for number in range(10 * CAPTION_LIMIT):
            captions.caption(Saying("CA1", float(number), "Hej."))
    assert captions._waiting.qsize() <= CAPTION_LIMIT


def colours(scheme: str) -> dict[str, str]:
    """The named colours of the page, in light or dark; the dark ones stand after the light ones."""
    light, dark = (PAGE / "phone.css").read_text("utf-8").split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


TEXT_ON = [
    *(("ink", ground) for ground in ("page", "handset", "card", "bot", "caller", "key", "key-press", "warn")),
    *(("soft", ground) for ground in ("handset", "card", "bot", "caller", "key")),
    *((ink, ground) for ink in ("screen-ink", "screen-soft") for ground in ("screen", "screen-low")),
]
SHAPE_ON = [
    *((shape, "handset") for shape in ("go", "stop", "focus")),
    *(("accent", ground) for ground in ("screen", "screen-low")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"), [(*pair, 4.5) for pair in TEXT_ON] + [(*pair, 3.0) for pair in SHAPE_ON]
)
def test_the_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    named = colours(scheme)
    bright, dim = sorted((luminance(named[front]), luminance(named[back])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= least
