"""Pictures of every page, on a desktop and a phone, light and dark: `python -m tests.screenshots FOLDER [PAGE…]`."""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.operators import SCHEMES, SCREENS, Desk, desk, paths, ring, seated
from voicebot.storage.people import Role

FRESH = {"tom-overblik": "/", "tom-opkald": "/opkald", "tom-ubesvarede": "/ubesvarede", "tom-revision": "/revision"}
"""Pages of a bot that nobody has called yet."""


def shoot(browser: Browser, its: Desk, role: Role | None, pages: Mapping[str, str], folder: Path) -> None:
    for screen in SCREENS:
        for scheme in SCHEMES:
            page = seated(browser, its, role, screen, scheme).new_page()
            for name, path in pages.items():
                answer = page.goto(its.url + path)
                page.wait_for_timeout(300)  # what the page asks for by itself
                page.screenshot(path=folder / f"{name}-{screen}-{scheme}.png", full_page=True)
                print(name, screen, scheme, answer.status if answer else "")


def take(folder: Path, wanted: list[str]) -> None:
    def chosen(pages: Mapping[str, str]) -> dict[str, str]:
        return {name: path for name, path in pages.items() if name in wanted or not wanted}

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        (full := Path(home) / "full").mkdir()
        (fresh := Path(home) / "fresh").mkdir()
        with desk(full) as its:
            ring(its)
            all_pages = paths(its)
            as_seen = {f"se-{name}": all_pages[name] for name in ("overblik", "opkald", "et-opkald", "svar")}
            shoot(browser, its, Role.ADMINISTER, chosen(all_pages), folder)
            shoot(browser, its, Role.SEE, chosen(as_seen), folder)
            shoot(browser, its, None, chosen({"log-ind": "/log-ind"}), folder)
        with desk(fresh, calls=0) as its:
            shoot(browser, its, Role.ADMINISTER, chosen(FRESH), folder)
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
