"""The page of a run in a browser: looked at, sought through, listened to."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.operators import SCREENS, barriers, complaints
from tests.reports import BOT_TONE, CALLER_TONE, RUN, results
from voicebot.replay.baseline import Baseline
from voicebot.replay.comparing import compare
from voicebot.replay.report import Report

pytestmark = pytest.mark.slow

TAP = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...others) {
  if (to instanceof AudioDestinationNode) {
    window.tap ??= new AnalyserNode(this.context, {fftSize: 8192, smoothingTimeConstant: 0});
    connect.call(this, window.tap, ...others);
  }
  return connect.call(this, to, ...others);
};
window.pitch = () => {
  const levels = new Float32Array(window.tap.frequencyBinCount);
  window.tap.getFloatFrequencyData(levels);
  const loudest = levels.indexOf(Math.max(...levels));
  return levels[loudest] > -60 ? loudest * window.tap.context.sampleRate / 8192 : 0;
};
"""
"""Listens beside the loudspeaker: Hz of the loudest tone, 0 for silence."""
INTERRUPTED = "samtale/afbryder"
"""The call of three turns."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as a file; since the baseline the lost passport turned right, the weather wrong."""
    now = results()
    before = (
        replace(now[0], misses=("the line broke",)),
        replace(now[3], steps=tuple(replace(step, misses=(), outcome=None) for step in now[3].steps)),
    )
    report = Report(now, RUN)
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(report.html(compare(Baseline("runs/last.json", RUN, before), report)), "utf-8")
    return Path(file).as_uri()


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    with launch() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page in a window; nothing may go wrong in it, and nothing be asked for."""
    with browser.new_context(viewport=SCREENS["desktop"]) as context:
        context.set_default_timeout(10_000)
        window = context.new_page()
        window.add_init_script(TAP)
        faults = complaints(window, address)
        window.goto(address)
        yield window
        assert faults == []


def call(page: Page, name: str) -> Locator:
    return page.locator(".case").filter(has=page.locator(".name code", has_text=name))


def shown(page: Page) -> list[str]:
    return page.locator(".case:visible .name code").all_inner_texts()


def at(audio: Locator) -> float:
    return float(audio.evaluate("audio => audio.currentTime"))


@pytest.mark.parametrize(("screen", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_everybody_can_use_it(browser: Browser, address: str, screen: str, scheme: str) -> None:
    with browser.new_context(viewport=SCREENS[screen], color_scheme=scheme) as context:
        page = context.new_page()
        faults = complaints(page, address)
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.title() == "4 of 6 right · voicebot replay"
        assert faults == []


def test_calls_are_sought_by_words_verdict_condition_and_tag(page: Page) -> None:
    assert len(shown(page)) == 6
    page.get_by_label("Text").fill("PAPPA")
    assert shown(page) == [INTERRUPTED]
    expect(page.locator("output")).to_have_text("1 of 6 calls")
    page.get_by_role("button", name="Show all").click()
    assert len(shown(page)) == 6
    page.get_by_label("Verdict").select_option("only missed or wrong")
    assert shown(page) == ["udenfor/vejret", "samtale/tavs"]
    page.get_by_role("combobox", name="Tag").select_option("vital")
    assert shown(page) == ["udenfor/vejret"]
    page.get_by_role("combobox", name="Condition").select_option("telefon,stoej-10db")
    assert shown(page) == []
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Verdict").select_option("only turned")
    assert shown(page) == ["udenfor/vejret", "pas/mistet"]


def test_a_link_opens_its_call_even_one_that_is_not_shown(page: Page) -> None:
    page.get_by_label("Text").fill("nothing like it")
    page.get_by_role("link", name="Mistet pas").click()
    opened = page.locator(".case[open]")
    expect(opened).to_have_count(1)
    expect(opened.locator(".name code")).to_have_text("pas/mistet")
    expect(opened.locator(".drawing")).to_be_in_viewport()


def test_a_turn_is_heard_from_where_it_begins_and_a_line_follows(page: Page) -> None:
    its = call(page, INTERRUPTED)
    its.locator("summary").click()
    audio, now = its.locator("audio"), its.locator(".now")
    expect(now).to_have_css("visibility", "hidden")
    its.get_by_role("button", name="Hear turn 2").click()
    expect(audio).to_have_js_property("paused", False)
    expect(now).to_have_css("visibility", "visible")
    assert at(audio) >= 9.0
    expect(now).not_to_have_attribute("x1", now.get_attribute("x1"))
    place = float(now.get_attribute("x1").rstrip("%"))
    assert 100 * 9 / 19 <= place <= 100 * at(audio) / 19


def test_a_click_on_the_picture_plays_from_there_and_stops_another_call(page: Page) -> None:
    one, other = call(page, INTERRUPTED), call(page, "udenfor/vejret")
    for its in (one, other):
        its.locator("summary").click()
        picture = its.locator(".drawing")
        size = picture.bounding_box()
        picture.click(position={"x": size["width"] / 2, "y": 60})
        expect(its.locator("audio")).to_have_js_property("paused", False)
        half = float(picture.get_attribute("data-seconds")) / 2
        assert half - 0.1 <= at(its.locator("audio")) < half + 2
    expect(one.locator("audio")).to_have_js_property("paused", True)


def test_each_voice_is_heard_alone(page: Page) -> None:
    its = call(page, INTERRUPTED)
    its.locator("summary").click()

    def heard(voice: str, tries: int) -> float:
        """Hz of what is loud while the caller speaks in their first turn, as soon as anything is."""
        its.get_by_role("radio", name=voice, exact=True).check()
        for _ in range(tries):
            its.get_by_role("button", name="Hear turn 1").click()
            page.wait_for_timeout(250)
            if found := float(page.evaluate("pitch()")):
                return found
        return 0.0

    assert heard("caller", 20) == pytest.approx(CALLER_TONE, abs=15)
    assert heard("bot", 3) == 0
    its.locator("audio").evaluate("audio => { audio.currentTime = 0.5; }")
    page.wait_for_timeout(400)
    assert page.evaluate("pitch()") == pytest.approx(BOT_TONE, abs=15)


def test_without_its_script_everything_is_there(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert len(shown(page)) == 6
        its = call(page, INTERRUPTED)
        its.locator("summary").click()
        expect(its.locator("audio")).to_be_visible()
        expect(its.locator(".drawing")).to_be_visible()
        expect(its.get_by_role("button", name="Hear turn 1")).to_be_hidden()
        expect(page.get_by_label("Verdict")).to_be_hidden()
