"""Pictures of every page, on a desktop and a phone, light and dark: `python -m tests.screenshots FOLDER [PAGE…]`."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.operators import SCHEMES, SCREENS, desk, paths, ring, seated
from voicebot.storage.people import Role


def take(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, desk(Path(home)) as its, sync_playwright() as playwright:
        ring(its)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        chosen = {name: path for name, path in paths(its).items() if name in wanted or not wanted}
        for screen in SCREENS:
            for scheme in SCHEMES:
                insider = seated(browser, its, Role.ADMINISTER, screen, scheme).new_page()
                outsider = seated(browser, its, None, screen, scheme).new_page()
                shots = [(insider, name, path) for name, path in chosen.items()]
                if not wanted or "log-ind" in wanted:
                    shots.append((outsider, "log-ind", "/log-ind"))
                for page, name, path in shots:
                    answer = page.goto(its.url + path)
                    page.wait_for_timeout(300)
                    page.screenshot(path=folder / f"{name}-{screen}-{scheme}.png", full_page=True)
                    print(name, screen, scheme, answer.status if answer else "")
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
