"""The web phone in Debian's Chromium: an opened page, and a scripted bot at the other end of its calls."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, expect
from starlette.applications import Starlette

from tests.test_web_phone import ScriptedBot
from voicebot.audio import AudioChunk, joined, silence, write_wav
from voicebot.events import CallEnded, Event, StateChanged
from voicebot.line import CallInfo, Digit, Sound
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.web_phone import phone_routes

MELODY = (600, 1000, 1600, 2400)
"""Hz of the notes that the fake microphone hears over and over, half a second each."""
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
MOBILE: ViewportSize = {"width": 390, "height": 844}
TAP = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    if (window.tap?.context !== target.context) window.tap = new AnalyserNode(target.context, { fftSize: 8192 });
    connect.call(this, window.tap);
  }
  return connect.call(this, target, ...rest);
};
window.loudspeaker = () => {
  const samples = new Float32Array(8192);
  window.tap.getFloatTimeDomainData(samples);
  const crossings = samples.filter((sample, index) => index && sample >= 0 && samples[index - 1] < 0).length;
  const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return { rms, hertz: crossings * window.tap.context.sampleRate / samples.length };
};
"""
"""Lets a test hear what the page plays."""


def tone(hertz: float, seconds: float, rate: int = 8000, level: float = 0.3) -> AudioChunk:
    time = np.arange(round(seconds * rate)) / rate
    return AudioChunk((level * np.sin(2 * np.pi * hertz * time)).astype(np.float32), rate)


def decibels(ratio: float) -> float:
    return float(20 * np.log10(ratio))


def melody() -> AudioChunk:
    """Each note in five short bursts, since the browser damps a steady tone as noise; then a second's pause."""
    bursts = [part for hertz in MELODY for _ in range(5) for part in (tone(hertz, 0.07), silence(0.03))]
    return joined([*bursts, silence(1.0)])


class Phone:
    """A bot for the page to call, on a real server; `script` is what it does in the next call."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.script: Callable[[MediaStream, CallInfo, Callable[[Event], None]], Any] = self.listen
        server = Starlette(routes=phone_routes(ScriptedBot(self.answer)))
        self.server = uvicorn.Server(uvicorn.Config(server, port=0, log_level="error"))
        self.thread = threading.Thread(target=self.server.run)

    async def answer(self, stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        await self.script(stream, info, watch)

    async def listen(self, stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        watch(StateChanged(info.call_id, 0.0, "listening"))
        async for event in stream.events():
            self.heard.append(event)

    @property
    def port(self) -> int:
        return int(self.server.servers[0].sockets[0].getsockname()[1])

    @property
    def sound(self) -> np.ndarray:
        chunks = [event.chunk.samples for event in self.heard if isinstance(event, Sound)]
        return np.concatenate([np.zeros(0, np.float32), *chunks])

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.heard if isinstance(event, kind)]


@pytest.fixture(scope="module")
def server() -> Iterator[Phone]:
    phone = Phone()
    phone.thread.start()
    while not phone.server.started:
        phone.thread.join(0.02)
    yield phone
    phone.server.should_exit = True
    phone.thread.join(10)


@pytest.fixture
def phone(server: Phone) -> Phone:
    server.heard, server.script = [], server.listen
    return server


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    recording: Path = tmp_path_factory.mktemp("microphone") / "melody.wav"
    write_wav(recording, melody())
    browser = launch(
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={recording}",
        "--host-resolver-rules=MAP kommune.test 127.0.0.1",
    )
    yield browser
    browser.close()


@contextmanager
def opened(browser: Browser, phone: Phone) -> Iterator[Page]:
    """The opened page; whatever it complains of, or asks of another host, fails the test."""
    page = browser.new_page(viewport=DESKTOP)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if f":{phone.port}/" in request.url else complaints.append(request.url))
    page.add_init_script(TAP)
    page.goto(f"http://127.0.0.1:{phone.port}/phone")
    yield page
    page.close()
    assert complaints == []


@pytest.fixture
def page(browser: Browser, phone: Phone) -> Iterator[Page]:
    """A page of the test's own."""
    with opened(browser, phone) as page:
        yield page


def until(page: Page, true: Callable[[], object], what: str) -> None:
    """Let the page run until something has come true, within 20 s."""
    for _ in range(400):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {what}")


def call(page: Page) -> None:
    page.get_by_test_id("call").click()
    expect(page.get_by_test_id("timer")).to_be_visible()


class Steps:
    """A scripted call in which each press of the key 1 lets the next step happen."""

    def __init__(self, *steps: list[Callable[[str], Event]]) -> None:
        self.steps = steps

    async def __call__(self, stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        steps = iter(self.steps)
        for make in next(steps):
            watch(make(info.call_id))
        async for event in stream.events():
            if isinstance(event, Digit):
                for make in next(steps):
                    watch(make(info.call_id))
                    if isinstance(make(info.call_id), CallEnded):
                        return
