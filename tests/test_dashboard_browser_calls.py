"""Operators at work while citizens call the whole bot: real pages in a real browser, real models, recorded callers."""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect
from streamdouble.scenario import Hangup, Step, Wait

from tests.calling import ADDRESS, ANSWERED, GREETED, Ended, call, of, say
from tests.conftest import RunningBot
from tests.operators import SCREENS, complaints

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

CALL = 30_000
"""Milliseconds that a call may take to come to a certain point."""
WORK = 60_000
"""Milliseconds that answers changed may take to be tried or taken into use, on a busy machine."""
IN_VAIN = (Wait(1.5), say("hjaelpemidler-siwi-01.wav"), Wait(4.0), Hangup())
Ring = Callable[..., "Future[Ended]"]


@pytest.fixture(scope="module")
def ring(running_bot: RunningBot) -> Iterator[Ring]:
    """Have a recorded caller call, beside what the browser does."""
    with ThreadPoolExecutor(4) as callers:

        def ring(*steps: Step) -> "Future[Ended]":
            return callers.submit(lambda: asyncio.run(call(running_bot, *steps)))

        yield ring


@pytest.fixture(scope="module")
def page(running_bot: RunningBot, launch: Callable[..., Browser]) -> Iterator[Page]:
    """The first administrator, logged in with the password that the start told; nothing may go wrong on their pages."""
    told = re.search(r"Log in as admin with (\S+)", running_bot.log.read_text())
    assert told, "the start tells the first administrator's password"
    browser = launch("--autoplay-policy=no-user-gesture-required")
    page = browser.new_page(viewport=SCREENS["desktop"], locale="da-DK", base_url=running_bot.http)
    page.set_default_timeout(20_000)
    heard = complaints(page, running_bot.http, ignored=("htmx:",))  # what is asked anew, it says, was broken off
    page.goto("/")
    page.get_by_label("Navn").fill("admin")
    page.get_by_label("Adgangskode").fill(told[1])
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("God"))
    yield page
    browser.close()
    assert heard == []


@pytest.fixture(scope="module")
def in_vain(page: Page, ring: Ring) -> "Future[Ended]":
    """A call, begun beside the first test's, whose question is not answered."""
    return ring(*IN_VAIN)


def test_a_call_is_followed_while_it_goes_on_then_opened_and_marked(
    page: Page, ring: Ring, in_vain: "Future[Ended]"
) -> None:
    going_on = ring(GREETED, say(ADDRESS), *ANSWERED, Hangup())
    expect(page.locator(".now .card")).to_have_count(2)
    expect(page.locator(".now .card")).to_have_count(1, timeout=CALL)
    page.locator(".now .cover").click()
    lines = page.locator("#linjer")
    expect(lines).to_contain_text("digital assistent", timeout=CALL)
    expect(lines.locator(".caller")).to_contain_text("adresse", ignore_case=True, timeout=CALL)
    page.get_by_role("link", name="Se hele opkaldet").click(timeout=CALL)
    _, rows = going_on.result()
    expect(page.locator(".conversation .caller .said").first).to_have_text(of(rows, "Transcribed")[0]["text"])
    expect(page.get_by_role("link", name="Hemmelig adresse").first).to_be_visible()
    page.get_by_role("button", name="Rigtigt").click()
    expect(page.get_by_role("button", name="Rigtigt")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Alle opkald").click()
    expect(page.locator(".list tr").filter(has_text="Hemmelig adresse").first).to_contain_text("Rigtigt")


def test_an_answer_is_edited_listened_to_published_and_rolled_back(page: Page) -> None:
    page.goto("/svar/pas-mistet")
    before = page.locator("#forhaandsvisning .heard").inner_text()
    page.locator("[name=answer]").fill("Ring til os på {{ borgerservice.phone }}, så spærrer vi passet.")
    heard = page.locator("#forhaandsvisning .heard")
    expect(heard).to_have_text("Ring til os på 46 31 30 00, så spærrer vi passet.")
    page.get_by_role("button", name="Hør svaret").click()
    expect(page.locator("#lyd")).to_be_visible(timeout=WORK)
    page.wait_for_function("document.getElementById('lyd').duration > 1")
    page.get_by_label("Som en borger ville sige det").fill("Jeg har mistet mit pas")
    page.get_by_role("button", name="Spørg", exact=True).click()
    expect(page.locator("#spurgt")).to_contain_text("så spærrer vi passet", timeout=WORK)
    page.get_by_label("Hvad har du ændret").fill("Kortere")
    page.get_by_role("button", name="Udgiv").click()
    expect(page.get_by_text("Udgivet. Næste opkald")).to_be_visible(timeout=WORK)
    page.get_by_role("link", name="Historik").click()
    expect(page.locator(".versions .panel").first).to_contain_text("Kortere")
    page.get_by_role("button", name="Rul tilbage hertil").last.click()
    expect(page.get_by_text("Rullet tilbage. Det gælder")).to_be_visible(timeout=WORK)
    page.locator(".back a").click()
    expect(page.locator("#forhaandsvisning .heard")).to_have_text(before)


def test_an_unanswered_question_is_given_to_an_answer_that_the_next_caller_gets(
    page: Page, ring: Ring, in_vain: "Future[Ended]"
) -> None:
    _, rows = in_vain.result()
    assert of(rows, "Decided")[-1]["decision"] in ("clarify", "reject")
    heard = of(rows, "Transcribed")[0]["text"]
    group = page.get_by_role("link", name=heard)
    for _ in range(30):
        page.goto("/ubesvarede")
        if group.count():
            break
        page.wait_for_timeout(1000)
    group.click()
    page.wait_for_url("**/ubesvarede/*")  # and until its scripts listen to what is typed
    page.get_by_role("searchbox", name="Find svar").fill("borgerservice")
    page.get_by_role("link", name="Borgerservice, åbningstid").click()
    page.get_by_label("Linje 1", exact=True).fill("Jeg har brug for en rollator")
    page.get_by_role("button", name="Se, hvad det ændrer").click()
    expect(page.locator("#proevet-svar")).to_contain_text("testspørgsmål", timeout=WORK)
    expect(page.locator("#proevet-svar progress")).to_have_count(0, timeout=WORK)
    expect(page.locator("#proevet-svar")).to_contain_text("Ingen af de 2 optagede opkald får et andet udfald")
    page.get_by_role("button", name="Udgiv, og knyt gruppen til svaret").click(timeout=WORK)
    expect(page.get_by_role("status").filter(has_text="givet til")).to_be_visible(timeout=WORK)
    _, rows = ring(*IN_VAIN).result()
    assert of(rows, "Decided")[-1]["answer"] == "borgerservice-aabningstider"
