"""Take the README's picture of the phones from a running demo: `python docs/make_pictures.py PHONES_URL`.

Walks one opportunity on the phones page first, so that it shows something; look at it before committing. The pictures
of the screens are `make_golden`'s.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"


def main(phones: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        context = browser.new_context(locale="ar", timezone_id="Asia/Riyadh", viewport={"width": 1280, "height": 860})
        page = context.new_page()
        operator = _draft(page, phones)
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


if __name__ == "__main__":
    main(sys.argv[1])
