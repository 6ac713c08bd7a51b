"""The operators' pages in a real browser, over invented calls: every page, by mouse and by keyboard alone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.operators import PASSWORD, SCREENS, Desk, barriers, complaints, desk, name_of, paths, ring, seated
from voicebot.storage.people import Role

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SIMILAR = {"overblik-aar", "opkald-soegt"}
"""Pages of which another is made of the same pieces."""
FIRST_SCREEN = 100_000
"""Bytes that the first page may send in all."""


@pytest.fixture(scope="module")
def its(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk"), calls=600) as served:
        yield served


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def sit(browser: Browser, its: Desk) -> Iterator[Callable[..., Page]]:
    """A page of somebody with a role; nothing may go wrong on it."""
    heard: list[list[str]] = []
    contexts = []

    def open_page(role: Role | None, screen: str = "desktop", ignored: tuple[str, ...] = ()) -> Page:
        context = seated(browser, its, role, screen)
        contexts.append(context)
        page = context.new_page()
        heard.append(complaints(page, its.url, ignored))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert heard == [[] for _ in heard]


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what matches `wanted` has the focus, as somebody without a mouse would."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_log_in_and_out(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(None, ignored=("Failed to load resource",))
    page.goto(f"{its.url}/opkald")
    page.get_by_label("Navn").fill(name_of(Role.EDIT))
    page.get_by_label("Adgangskode").fill("noget helt andet")
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("status").filter(has_text=re.compile("navn|adgangskode", re.I))).to_be_visible()
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    expect(page).to_have_url(f"{its.url}/opkald")
    page.get_by_text(name_of(Role.EDIT)).click()
    page.get_by_role("button", name="Log ud").click()
    expect(page.get_by_text("Du er logget ud")).to_be_visible()
    page.goto(f"{its.url}/opkald")
    expect(page).to_have_url(re.compile("/log-ind"))


def test_keyboard_alone_is_enough_to_log_in_open_a_call_and_mark_it(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(None)
    page.goto(f"{its.url}/")
    page.keyboard.type(name_of(Role.EDIT))  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{its.url}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til indholdet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#indhold")).to_be_focused()
    page.goto(f"{its.url}/opkald")
    tab_to(page, ".list .cover")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/opkald/.+"))
    tab_to(page, "#maerke-right")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Rigtigt")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("button", name="Rigtigt")).to_have_attribute("aria-pressed", "true")


def test_a_definition_is_told_on_hover_and_on_focus(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(Role.SEE)
    page.goto(f"{its.url}/")
    buttons = page.locator(".card .what")
    told = page.locator("[popover]:popover-open")
    expect(told).to_have_count(0)
    buttons.nth(0).hover()
    expect(told).to_have_count(1)
    expect(told).to_be_in_viewport(ratio=1)
    page.mouse.move(0, 0)
    expect(told).to_have_count(0)
    buttons.nth(1).focus()
    expect(told).to_have_count(1)
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    buttons.nth(2).click()
    expect(told).to_be_in_viewport(ratio=1)


def test_what_is_known_of_a_call_stands_in_even_lines(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(Role.SEE)
    page.goto(its.url + paths(its)["et-opkald"])
    terms = page.locator(".facts dt")
    expect(terms.filter(has_text="Laveste sikkerhed").locator(".what")).to_be_visible()
    assert len({round(term["height"]) for each in terms.all() if (term := each.bounding_box())}) == 1


def test_a_figure_leads_to_the_calls_behind_it(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(Role.SEE)
    page.goto(f"{its.url}/?dage=365")
    card = page.locator(".card.figure").filter(has=page.get_by_role("link", name="Stillet om"))
    card.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/opkald\?.*resultat=transferred"))
    shown = page.locator(".list .outcome .badge")
    assert set(shown.all_inner_texts()) == {"Stillet om"}


def test_a_call_that_goes_on_appears_by_itself_and_its_words_only_to_those_who_may(
    its: Desk, sit: Callable[..., Page]
) -> None:
    pages = {role: sit(role) for role in (Role.SEE, Role.EDIT)}
    for page in pages.values():
        page.goto(f"{its.url}/")
        expect(page.get_by_text("Ingen taler med botten lige nu")).to_be_visible()
    ring(its, "CA-watched")
    for page in pages.values():
        expect(page.locator(".now .card")).to_contain_text("Mistet eller stjålet pas")
    expect(pages[Role.EDIT].locator(".now")).to_contain_text("jeg har mistet mit pas")
    assert "mistet mit pas" not in pages[Role.SEE].content()
    pages[Role.EDIT].locator(".now .cover").click()
    expect(pages[Role.EDIT].locator(".conversation")).to_contain_text("jeg har mistet mit pas")


def test_what_a_role_may_not_do_is_neither_offered_nor_given(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(Role.SEE, ignored=("Failed to load resource",))
    page.goto(f"{its.url}/")
    menu = page.get_by_role("navigation", name="Sider")
    assert [link.strip() for link in menu.get_by_role("link").all_inner_texts()] == [
        "Overblik",
        "Opkald",
        "Svar",
        "Drift",
    ]
    for path in ("/ubesvarede", "/brugere", "/revision"):
        answer = page.goto(its.url + path)
        assert answer
        assert answer.status == 403
        expect(page.locator("main")).to_contain_text("adgang")
    page.goto(its.url + paths(its)["et-opkald"])
    expect(page.locator("main")).to_contain_text("Skjult for din rolle")
    expect(page.get_by_role("button", name="Rigtigt")).to_have_count(0)


def test_what_fails_in_the_background_is_told(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(Role.EDIT, ignored=("Failed to load resource", "Response Status Error", "htmx:"))
    page.goto(its.url + paths(its)["et-opkald"])
    page.route("**/maerke*", lambda route: route.fulfill(status=503, body="nede"))
    page.get_by_role("button", name="Rigtigt").click()
    expect(page.locator("#besked")).to_contain_text("Det lykkedes ikke")


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_keeps_anybody_out_or_breaks_its_policy(its: Desk, sit: Callable[..., Page], screen: str) -> None:
    ring(its)
    page = sit(Role.ADMINISTER, screen, ignored=("status of 404",))
    pages = {name: path for name, path in paths(its).items() if name not in SIMILAR}
    found: dict[str, list[str]] = {}
    for name, path in pages.items():
        page.emulate_media(color_scheme="light" if screen == "desktop" else "dark")
        answer = page.goto(its.url + path)
        assert answer
        found[name] = [] if answer.status == (404 if name == "findes-ikke" else 200) else [f"status {answer.status}"]
        found[name] += barriers(page)
        if screen == "desktop":  # the colours are the same on both
            page.emulate_media(color_scheme="dark")
            found[name] += barriers(page, "color-contrast")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("the page is wider than the screen")
    outside = sit(None, screen)
    outside.goto(f"{its.url}/log-ind")
    found["log-ind"] = barriers(outside)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_first_screen_is_small(its: Desk, sit: Callable[..., Page]) -> None:
    page = sit(Role.ADMINISTER)
    sent: list[float] = []
    watch: CDPSession = page.context.new_cdp_session(page)
    watch.send("Network.enable")
    watch.on("Network.loadingFinished", lambda done: sent.append(done["encodedDataLength"]))
    page.goto(f"{its.url}/", wait_until="load")
    page.wait_for_timeout(300)
    assert len(sent) > 4
    assert sum(sent) < FIRST_SCREEN
