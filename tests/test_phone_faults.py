"""The web phone in Debian's Chromium: what may go wrong is told with a remedy."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.phone_page import MOBILE, Phone, call, until
from voicebot.events import Event, StateChanged
from voicebot.line import CallInfo, Digit
from voicebot.telephony.media_stream import MediaStream

pytest_plugins = ["tests.phone_page"]
pytestmark = pytest.mark.slow


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
