"""The web phone in Debian's Chromium: its sound both ways, in real time."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.phone_page import MELODY, Phone, call, decibels, tone, until
from voicebot.audio import to_mulaw
from voicebot.events import (
    Event,
    StateChanged,
)
from voicebot.line import CallInfo, Digit, HungUp, Played, Sound
from voicebot.telephony.media_stream import MediaStream

pytest_plugins = ["tests.phone_page"]
pytestmark = [pytest.mark.slow, pytest.mark.alone]


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
