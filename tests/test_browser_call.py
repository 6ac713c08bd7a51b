"""A citizen calls the whole bot from the browser: real page, real microphone path, real models."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import ROOT, RunningBot
from voicebot.audio import joined, read_wav, silence, write_wav

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

QUESTION = ROOT / "audio_fixtures" / "callers" / "adressebeskyttelse-alfa-01.wav"
BEFORE = 13.0
"""Seconds of silence at the microphone: the greeting takes nine of them, and seven later the bot asks who is there."""


def test_a_call_from_the_page(running_bot: RunningBot, launch: Callable[..., Browser], tmp_path: Path) -> None:
    recording = tmp_path / "microphone.wav"
    write_wav(recording, joined([silence(BEFORE), read_wav(QUESTION), silence(60.0)]))
    browser = launch("--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={recording}%noloop")
    page = browser.new_page(permissions=["microphone"])
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"{running_bot.http}/phone")
    expect(page.get_by_test_id("municipality")).to_have_text("Roskilde Kommune")
    page.get_by_test_id("call").click()
    bot = page.locator('#captions li[data-who="bot"]')
    caller = page.locator('#captions li[data-who="caller"]')
    expect(bot.first).to_contain_text("digital assistent", timeout=20_000)
    expect(caller.first).to_contain_text("adresse", ignore_case=True, timeout=40_000)
    expect(bot.last).to_contain_text("adressebeskyttelse", ignore_case=True, timeout=20_000)
    expect(page.get_by_test_id("state")).to_have_attribute("data-state", "speaking")
    page.get_by_test_id("key-0").click()
    expect(bot.last).to_contain_text("medarbejder", timeout=20_000)
    expect(page.get_by_test_id("state")).to_have_attribute("data-state", "ended", timeout=30_000)
    browser.close()
    assert faults == []
