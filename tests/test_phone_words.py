"""The web phone in Debian's Chromium: its buttons, its words, and its looks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.phone_page import DESKTOP, MOBILE, Phone, Steps, call, until
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
from voicebot.line import CallInfo, Digit, HungUp
from voicebot.telephony.media_stream import MediaStream

pytest_plugins = ["tests.phone_page"]
pytestmark = pytest.mark.slow

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
