"""Take the README's pictures from a running demo: `python docs/make_pictures.py PHONES_URL SCREENS_URL PASSWORD`.

Walks one opportunity on the phones page first, so that the pictures show something; look at them before committing.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"


def main(phones: str, screens: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        context = browser.new_context(locale="ar", timezone_id="Asia/Riyadh", viewport={"width": 1280, "height": 860})
        page = context.new_page()
        operator = _draft(page, phones)
        _queue(context.new_page(), screens, password)
        operator.get_by_role("button", name="اعتماد").last.click()
        page.locator('[data-role="contact"]').get_by_text("قُرئت").wait_for(timeout=60_000)
        page.screenshot(path=PICTURES / "phones.png")
        browser.close()


def _draft(page: Page, url: str) -> Locator:
    page.goto(url)
    operator = page.locator('[data-role="operator"]')
    operator.get_by_role("button", name="رسالة").first.click()
    operator.get_by_role("button", name="اعتماد").last.wait_for()
    return operator


def _queue(page: Page, url: str, password: str) -> None:
    page.goto(f"{url.rstrip('/')}/login/")
    page.locator("input[name=username]").fill("operator")
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.locator("nav").first.wait_for()
    page.screenshot(path=PICTURES / "queue.png")


if __name__ == "__main__":
    main(*sys.argv[1:4])
