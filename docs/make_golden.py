"""Take the golden pictures of the screens: `python -m docs.make_golden FOLDER`. Look at them before a release.

Eight pages on practice data, in Arabic on a desk and on a phone at night, and in English. `README` names the two that
are kept in `docs/pictures/`; they are written there too.
"""

import sys
from pathlib import Path

from benchmarks.bars_browser import chromium
from benchmarks.bars_desk import open_desk
from tests.browser.looking import Look, looking

PICTURES = Path(__file__).parent / "pictures"
LOOKS = {"ar": Look("ar", 1440), "ar-phone": Look("ar", 390, is_dark=True), "en": Look("en", 1440)}
KEPT = {("item", "ar"): "queue-desktop-ar.png", ("failures", "ar"): "failures-ar.png"}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with open_desk() as desk, chromium(desk) as browser:
        contact = next(path for name, path in desk.practice.places if name == "desk:contact")
        pages = {
            "queue": "/", "item": f"/i/{desk.practice.drafts[-1][1]}/", "outbox": "/outbox/", "failures": "/failures/",
            "contact": contact, "templates": "/templates/", "numbers": "/numbers/", "health": "/health/",
        }  # fmt: skip
        for name, look in LOOKS.items():
            with looking(browser.browser, look, desk.base, cookies=browser.cookies) as context:
                page = context.new_page()
                for called, path in pages.items():
                    page.goto(f"{desk.base}{path}")
                    picture = page.screenshot(path=folder / f"{called}-{name}.png")
                    if (called, name) in KEPT:
                        (PICTURES / KEPT[called, name]).write_bytes(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
