"""The web phone in Debian's Chromium: its arithmetic, its sound both ways, its buttons and its words."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, expect
from starlette.applications import Starlette

from tests.test_web_phone import ScriptedBot
from voicebot.audio import _DECODE, _ENCODE, AudioChunk, joined, silence, to_mulaw, write_wav
from voicebot.events import (
    CallEnded,
    CallStarted,
    DigitPressed,
    Event,
    Interrupted,
    Said,
    Saying,
    SpeechStarted,
    StateChanged,
    Transcribed,
    Transferred,
)
from voicebot.line import CallInfo, Digit, HungUp, Played, Sound
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.web_phone import phone_routes

pytestmark = pytest.mark.slow

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


@pytest.fixture
def page(browser: Browser, phone: Phone) -> Iterator[Page]:
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


# Arithmetic


def test_mulaw_agrees_with_the_servers_for_every_code_and_every_sample(page: Page) -> None:
    decoded, encoded = page.evaluate("""async () => {
        const { fromMulaw, toMulaw } = await import("/phone/static/sound.js");
        const samples = Float32Array.from({ length: 65536 }, (_, index) => (index - 32768) / 32768);
        return [[...fromMulaw(Uint8Array.from({ length: 256 }, (_, code) => code))], [...toMulaw(samples)]];
    }""")
    np.testing.assert_array_equal(np.array(decoded, np.float32), _DECODE)
    np.testing.assert_array_equal(np.array(encoded, np.uint8), _ENCODE)


def test_sound_louder_than_the_line_is_clipped(page: Page) -> None:
    loud, fullest = page.evaluate("""async () => {
        const { toMulaw } = await import("/phone/static/sound.js");
        return [[...toMulaw(Float32Array.of(3, -3))], [...toMulaw(Float32Array.of(1, -1))]];
    }""")
    assert loud == fullest


def resampled(page: Page, chunk: AudioChunk, to: int, block: int) -> np.ndarray:
    """What the page's resampler makes of a sound given to it in blocks."""
    samples = page.evaluate(
        """async ([samples, from, to, block]) => {
            const { Resampler } = await import("/phone/static/sound.js");
            const resampler = new Resampler(from, to);
            const out = [];
            for (let begin = 0; begin < samples.length; begin += block)
                out.push(...resampler.process(Float32Array.from(samples.slice(begin, begin + block))));
            return out;
        }""",
        [chunk.samples.tolist(), chunk.rate, to, block],
    )
    return np.array(samples)


def level(samples: np.ndarray, rate: int, hertz: float) -> float:
    """The amplitude of one frequency in the middle of a sound (a single-bin Fourier sum, Hann window)."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    window = np.hanning(len(middle))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(middle)) / rate)
    return float(2 * abs((middle * window * turn).sum()) / window.sum())


def decibels(ratio: float) -> float:
    return float(20 * np.log10(ratio))


@pytest.mark.parametrize("rate", [16000, 44100, 48000, 96000])
@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_speech_comes_through_the_resampler_unharmed(page: Page, rate: int, hertz: int) -> None:
    out = resampled(page, tone(hertz, 0.25, rate, 0.5), 8000, 128)
    assert abs(decibels(level(out, 8000, hertz) / 0.5)) < 0.5
    back = resampled(page, tone(hertz, 0.25, 8000, 0.5), rate, 160)
    assert abs(decibels(level(back, rate, hertz) / 0.5)) < 0.5


@pytest.mark.parametrize(
    ("rate", "hertz"), [(16000, 6000), (44100, 6000), (48000, 5000), (48000, 6000), (48000, 15000)]
)
def test_what_the_line_cannot_carry_does_not_fold_back_into_speech(page: Page, rate: int, hertz: int) -> None:
    out = resampled(page, tone(hertz, 0.25, rate, 0.5), 8000, 128)[100:-100]
    assert decibels(np.abs(out).max() / 0.5) < -40


def test_playing_adds_no_mirror_image(page: Page) -> None:
    out = resampled(page, tone(1000, 0.25, 8000, 0.5), 48000, 160)
    assert decibels(level(out, 48000, 7000) / 0.5) < -50


@pytest.mark.parametrize(("rate", "to"), [(44100, 8000), (48000, 8000), (8000, 44100)])
def test_blocks_leave_no_seam_and_time_stays_true(page: Page, rate: int, to: int) -> None:
    sound = tone(1000, 0.4, rate)
    whole = resampled(page, sound, to, len(sound.samples))
    np.testing.assert_array_equal(resampled(page, sound, to, 128), whole)
    assert to * 0.397 < len(whole) <= to * 0.4
    np.testing.assert_allclose(whole[100:-100], tone(1000, 0.4, to).samples[: len(whole)][100:-100], atol=0.002)


# Sound


def test_the_callers_sound_arrives_as_it_was_spoken(page: Page, phone: Phone) -> None:
    call(page)
    until(page, lambda: len(phone.sound) > 8000 * 7, "two rounds of the melody")
    page.get_by_test_id("hang-up").click()
    sound = phone.sound
    peaks = np.abs(sound[: len(sound) // 80 * 80]).reshape(-1, 80).max(axis=1)
    loud = "".join("x" if peak > 0.02 else "." for peak in peaks)
    begin = 80 * loud.index("x", loud.index("." * 80))
    for place, hertz in enumerate(MELODY):
        note = sound[begin + place * 4000 + 400 : begin + place * 4000 + 3600]
        spectrum = np.abs(np.fft.rfft(note * np.hanning(len(note)), 8000))
        assert abs(int(spectrum.argmax()) - hertz) <= 12
        assert 0.03 < np.sqrt((note**2).mean()) < 0.7


def test_the_line_carries_frames_of_20_ms_in_the_carriers_words(page: Page, phone: Phone) -> None:
    sent: list[dict[str, Any]] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(json.loads(frame))))
    call(page)
    until(page, lambda: len(sent) > 60, "60 frames")
    page.get_by_test_id("hang-up").click()
    until(page, lambda: phone.told(HungUp), "the call's end")
    assert sent[0] == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    begin, stop, media = sent[1], sent[-1], [message for message in sent if message["event"] == "media"]
    assert (begin["event"], begin["sequenceNumber"], stop["event"]) == ("start", "1", "stop")
    assert begin["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    assert begin["start"]["callSid"].startswith("CA")
    assert begin["start"]["streamSid"] == begin["streamSid"] == stop["streamSid"]
    assert [message["sequenceNumber"] for message in sent[1:]] == [str(n) for n in range(1, len(sent))]
    assert [message["media"]["chunk"] for message in media] == [str(n) for n in range(1, len(media) + 1)]
    assert [message["media"]["timestamp"] for message in media] == [str(20 * n) for n in range(len(media))]
    assert {len(message["media"]["payload"]) for message in media} == {216}
    assert phone.told(HungUp) == [HungUp("caller")]


def test_the_bots_sound_is_played_and_its_mark_comes_back_when_it_has_been_heard(page: Page, phone: Phone) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        watch(StateChanged(info.call_id, 0.0, "listening"))
        await stream.play(to_mulaw(tone(1000, 2.0)))
        await stream.mark("spoken")
        async for event in stream.events():
            phone.heard.append(event)

    phone.script = script
    call(page)
    until(page, lambda: page.evaluate("loudspeaker().rms") > 0.1, "sound from the loudspeaker")
    page.wait_for_timeout(300)
    playing = page.evaluate("loudspeaker()")
    assert abs(decibels(playing["rms"] * np.sqrt(2) / 0.3)) < 0.5
    assert abs(playing["hertz"] - 1000) < 12
    until(page, lambda: phone.told(Played), "the mark")
    before = phone.heard[: phone.heard.index(Played("spoken"))]
    seconds = sum(event.chunk.seconds for event in before if isinstance(event, Sound))
    assert 1.8 < seconds < 3.5


def test_clear_stops_the_sound_and_echoes_the_marks_behind_it(page: Page, phone: Phone) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        watch(StateChanged(info.call_id, 0.0, "listening"))
        await stream.play(to_mulaw(tone(1000, 60.0)))
        await stream.mark("lost")
        async for event in stream.events():
            phone.heard.append(event)
            if event == Digit("1"):
                await stream.clear()
            if event == Digit("2"):
                await stream.play(to_mulaw(tone(500, 0.1)))
                await stream.mark("after")

    phone.script = script
    echoed: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: echoed.append(frame) if '"mark"' in frame else None),
    )
    call(page)
    until(page, lambda: page.evaluate("loudspeaker().rms") > 0.1, "sound from the loudspeaker")
    assert echoed == []
    page.keyboard.press("1")
    until(page, lambda: page.evaluate("loudspeaker().rms") == 0, "silence")
    assert len(echoed) == 1
    page.keyboard.press("2")
    until(page, lambda: phone.told(Played), "the mark after the clear")
    assert phone.told(Played) == [Played("after")]


# Buttons and words


def test_keys_are_sent_from_keypad_and_keyboard(page: Page, phone: Phone) -> None:
    expect(page.get_by_test_id("key-1")).to_be_disabled()
    page.keyboard.press("1")
    call(page)
    for name in [*"123456789", "star", "0", "hash"]:
        page.get_by_test_id(f"key-{name}").click()
    for key in "0#*":
        page.keyboard.press(key)
    page.keyboard.press("a")
    page.keyboard.press("Control+1")
    until(page, lambda: len(phone.told(Digit)) == 15, "15 digits")
    page.wait_for_timeout(100)
    assert "".join(event.digit for event in phone.told(Digit)) == "123456789*0#0#*"


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


GREETING = ("Hej, du taler med Roskilde Kommunes digitale assistent.", "Hvad kan jeg hjælpe med?")


def conversation() -> Steps:
    return Steps(
        [
            lambda c: CallStarted(c, 0, "web", "roskilde", "", ""),
            lambda c: StateChanged(c, 0, "speaking"),
            lambda c: Saying(c, 0, GREETING[0]),
            lambda c: Saying(c, 0, GREETING[1]),
        ],
        [lambda c: Said(c, 4, GREETING[0])],
        [
            lambda c: Interrupted(c, 5, GREETING[1], 0.4),
            lambda c: SpeechStarted(c, 5),
            lambda c: StateChanged(c, 5, "listening"),
        ],
        [lambda c: StateChanged(c, 8, "thinking"), lambda c: Saying(c, 9, "Et øjeblik.")],
        [
            lambda c: Transcribed(c, 10, "jeg har mistet mit <b>pas</b>", 0.8, 2),
            lambda c: StateChanged(c, 10, "speaking"),
            lambda c: Saying(c, 10, "Meld det til politiet."),
        ],
        [lambda c: DigitPressed(c, 11, "0")],
        [lambda c: Transferred(c, 12, "+4546313000", "asked"), lambda c: CallEnded(c, 12, "transferred")],
    )


def test_the_conversation_can_be_read_and_its_state_is_announced(page: Page, phone: Phone) -> None:
    phone.script = conversation()
    state, captions = page.get_by_test_id("state"), page.get_by_test_id("captions")
    turns = captions.locator("li")
    expect(state).to_have_text("Klar til at ringe op")
    expect(state).to_have_attribute("aria-live", "polite")
    call(page)
    expect(state).to_have_text("Taler")
    expect(turns.locator(".unheard")).to_have_count(2)
    page.keyboard.press("1")
    expect(turns.locator(".heard")).to_have_text(GREETING[0])
    page.keyboard.press("1")
    expect(state).to_have_text("Lytter")
    expect(turns.locator(".cut")).to_have_text(GREETING[1])
    expect(turns.last).to_contain_text("…")
    page.keyboard.press("1")
    expect(state).to_have_text("Tænker")
    expect(turns.last).to_contain_text("Et øjeblik.")
    page.keyboard.press("1")
    expect(turns).to_have_count(3)
    expect(turns.nth(1)).to_have_attribute("data-who", "caller")
    expect(turns.nth(1)).to_contain_text("jeg har mistet mit <b>pas</b>")
    expect(turns.nth(2)).to_contain_text("Et øjeblik. Meld det til politiet.")
    page.keyboard.press("1")
    expect(turns.last).to_have_text("Du trykkede 0.")
    page.keyboard.press("1")
    expect(state).to_have_text("Samtalen er slut")
    expect(turns.last).to_contain_text("ring selv på 46 31 30 00")
    expect(captions.get_by_role("link")).to_have_attribute("href", "tel:+4546313000")
    expect(page.get_by_test_id("notice-text")).to_be_empty()
    expect(page.get_by_test_id("call")).to_be_visible()
    expect(page.get_by_test_id("hang-up")).to_be_hidden()


def test_a_noise_leaves_no_caption(page: Page, phone: Phone) -> None:
    phone.script = Steps(
        [lambda c: SpeechStarted(c, 1), lambda c: StateChanged(c, 1, "listening")],
        [lambda c: StateChanged(c, 2, "thinking"), lambda c: StateChanged(c, 3, "listening")],
    )
    call(page)
    expect(page.get_by_test_id("captions").locator("li")).to_have_count(1)
    page.keyboard.press("1")
    expect(page.get_by_test_id("captions").locator("li")).to_have_count(0)


def test_a_reply_goes_on_in_its_turn_after_a_noise(page: Page, phone: Phone) -> None:
    phone.script = Steps(
        [lambda c: StateChanged(c, 0, "speaking"), *(lambda c, text=text: Saying(c, 0, text) for text in GREETING)],
        [
            lambda c: Said(c, 4, GREETING[0]),
            lambda c: Interrupted(c, 5, GREETING[1], 0.4),
            lambda c: SpeechStarted(c, 5),
            lambda c: StateChanged(c, 5, "listening"),
            lambda c: StateChanged(c, 6, "thinking"),
            lambda c: StateChanged(c, 6, "speaking"),
            lambda c: Saying(c, 6, GREETING[1]),
        ],
        [lambda c: Said(c, 8, GREETING[1])],
    )
    turns = page.get_by_test_id("captions").locator("li")
    call(page)
    page.keyboard.press("1")
    expect(turns).to_have_count(1)
    expect(turns.locator(".cut")).to_have_text(GREETING[1])
    page.keyboard.press("1")
    expect(turns.locator(".heard")).to_have_text(list(GREETING))


def test_it_rings_until_it_is_answered_and_the_caller_can_give_up(page: Page, phone: Phone) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        async for event in stream.events():
            phone.heard.append(event)

    phone.script = script
    page.get_by_test_id("call").click()
    expect(page.get_by_test_id("state")).to_have_text("Ringer op")
    until(page, lambda: len(phone.heard) > 3, "sound")
    page.get_by_test_id("hang-up").click()
    expect(page.get_by_test_id("state")).to_have_text("Samtalen er slut")
    expect(page.get_by_test_id("captions")).to_contain_text("Du lagde på.")
    until(page, lambda: phone.told(HungUp), "the call's end")


def test_the_page_says_whose_it_is_and_that_the_voice_is_for_trying_out(page: Page) -> None:
    expect(page).to_have_title("Ring til Roskilde Kommune")
    expect(page.get_by_test_id("municipality")).to_have_text("Roskilde Kommune")
    expect(page.get_by_test_id("number")).to_have_text("46 31 30 00")
    expect(page.get_by_test_id("voice-note")).to_contain_text("Prøvestemme")
    expect(page.get_by_test_id("voice-note")).to_contain_text("Kokoro")


def test_the_telephone_is_worked_by_keyboard_alone(page: Page, phone: Phone) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("call")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("timer")).to_be_visible()
    expect(page.get_by_test_id("hang-up")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement.firstElementChild).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("state")).to_have_text("Samtalen er slut")
    expect(page.get_by_test_id("call")).to_be_focused()


# What may go wrong


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("NotAllowedError", "giv lov til mikrofonen"),
        ("NotFoundError", "Sæt en mikrofon eller et headset til"),
        ("NotReadableError", "Luk det program, der bruger den"),
        ("AbortError", "Prøv at genindlæse siden"),
    ],
)
def test_without_a_microphone_the_page_says_what_to_do(page: Page, error: str, remedy: str) -> None:
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); } }", error
    )
    page.get_by_test_id("call").click()
    expect(page.get_by_role("alert")).to_contain_text(remedy)
    expect(page.get_by_test_id("state")).to_have_text("Klar til at ringe op")


def test_a_caller_who_denies_the_microphone_can_call_by_keypad(launch: Callable[..., Browser], phone: Phone) -> None:
    browser = launch("--deny-permission-prompts")
    try:
        page = browser.new_page(viewport=MOBILE)
        page.goto(f"http://127.0.0.1:{phone.port}/phone")
        page.get_by_test_id("call").click()
        expect(page.get_by_role("alert")).to_contain_text("Siden har ikke lov til at bruge mikrofonen")
        page.get_by_test_id("call-silent").click()
        expect(page.get_by_test_id("timer")).to_be_visible()
        expect(page.get_by_test_id("notice-text")).to_be_empty()
        page.keyboard.press("5")
        until(page, lambda: phone.told(Digit) and len(phone.sound) > 4000, "a digit and silence")
        assert np.abs(phone.sound).max() == 0
    finally:
        browser.close()


def test_a_microphone_that_is_pulled_out_is_told(page: Page, phone: Phone) -> None:
    page.evaluate("""() => {
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => window.microphone = await open(wish);
    }""")
    call(page)
    page.evaluate("microphone.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.get_by_role("alert")).to_contain_text("Mikrofonen blev koblet fra")
    expect(page.get_by_test_id("hang-up")).to_be_visible()


def test_an_old_browser_is_told_so(page: Page) -> None:
    page.evaluate("delete window.AudioWorkletNode")
    page.get_by_test_id("call").click()
    expect(page.get_by_role("alert")).to_contain_text("Browseren er for gammel")
    expect(page.get_by_role("alert")).to_contain_text("46 31 30 00")


def test_sound_that_cannot_be_started_is_told_and_the_microphone_let_go(page: Page, phone: Phone) -> None:
    page.evaluate("""() => {
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => window.microphone = await open(wish);
        AudioWorklet.prototype.addModule = async () => { throw new DOMException("", "AbortError"); };
    }""")
    page.get_by_test_id("call").click()
    expect(page.get_by_role("alert")).to_contain_text("Lyden kunne ikke startes")
    assert page.evaluate("microphone.getTracks()[0].readyState") == "ended"


def test_an_address_without_https_is_told_so(page: Page, phone: Phone) -> None:
    page.goto(f"http://kommune.test:{phone.port}/phone")
    page.get_by_test_id("call").click()
    expect(page.get_by_role("alert")).to_contain_text("https://")


def test_a_line_that_is_not_answered_is_told(page: Page, phone: Phone) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        """Closes the line without a word."""

    phone.script = script
    page.get_by_test_id("call").click()
    expect(page.get_by_role("alert")).to_contain_text("Der er ikke forbindelse")
    expect(page.get_by_role("alert")).to_contain_text("46 31 30 00")
    expect(page.get_by_test_id("state")).to_have_text("Klar til at ringe op")


def test_a_line_that_breaks_is_told(page: Page, phone: Phone) -> None:
    async def script(stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        watch(StateChanged(info.call_id, 0.0, "listening"))
        await asyncio.sleep(0.3)

    phone.script = script
    call(page)
    expect(page.get_by_role("alert")).to_contain_text("Forbindelsen blev afbrudt")
    expect(page.get_by_test_id("state")).to_have_text("Samtalen er slut")
    call(page)
    expect(page.get_by_test_id("notice-text")).to_be_empty()


# Looks


@pytest.mark.parametrize("size", [MOBILE, {"width": 320, "height": 568}, DESKTOP, {"width": 900, "height": 600}])
def test_the_latest_words_and_the_buttons_are_in_sight_on_every_screen(
    page: Page, phone: Phone, size: ViewportSize
) -> None:
    phone.script = Steps(
        [lambda c: StateChanged(c, 0, "listening")]
        + [lambda c, n=n: Transcribed(c, n, f"Spørgsmål nummer {n} med nogle ord i.", 1, 1) for n in range(30)],
        [lambda c: Saying(c, 31, "Svaret.")],
    )
    page.set_viewport_size(size)
    expect(page.get_by_test_id("call")).to_be_in_viewport(ratio=1)
    call(page)
    last = page.get_by_test_id("captions").locator("li").last
    expect(last).to_contain_text("nummer 29")
    expect(last).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("hang-up")).to_be_in_viewport(ratio=1)
    if page.get_by_test_id("keypad-toggle").is_visible():
        expect(page.get_by_test_id("keypad")).to_be_hidden()
        page.get_by_test_id("keypad-toggle").click()
    expect(page.get_by_test_id("key-0")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("key-1").click()
    expect(last).to_contain_text("Svaret.")
    expect(last).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_moves_for_those_who_asked_for_stillness(page: Page) -> None:
    call(page)
    moving = "document.getAnimations().filter((animation) => animation.playState === 'running').length"
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0
