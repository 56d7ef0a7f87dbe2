"""The bars that count actions: keys pressed, clicks, taps, until the database says that it is done."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page

from benchmarks.bars_browser import Chromium
from tests.browser.looking import Look, looking

PHONE, DESKTOP = Look("ar", 390), Look("ar", 1440)
DONE_WITHIN_S = 5.0


@dataclass
class Hand:
    """One person at one page. count: what they did so far; typing is not counted."""

    page: Page
    count: int = 0

    def key(self, name: str) -> None:
        self.count += 1
        self.page.keyboard.press(name)

    def click(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).first.click()


@dataclass
class Actions:
    """Each way from what is seen to what is done; None if it was not done."""

    chromium: Chromium
    _drafts: Iterator[tuple[str, str]] = field(init=False)
    _opportunities: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        practice = self.chromium.desk.practice
        self._drafts = reversed(practice.drafts[:-5])
        self._opportunities = reversed(practice.opportunities)

    def approve_by_key(self) -> int | None:
        return self._decide_draft(DESKTOP, lambda hand, _: hand.key("a"), to="approved")

    def approve_by_mouse(self) -> int | None:
        return self._decide_draft(DESKTOP, lambda hand, _: hand.click('[data-key="A"]'), to="approved")

    def approve_on_a_phone(self) -> int | None:
        """From the list of drafts."""

        def tap(hand: Hand, opportunity: str) -> None:
            hand.page.goto(f"{self.chromium.desk.base}/?tab=drafts")
            hand.page.locator(f'.rows a[href*="/i/{opportunity}/"]').wait_for()
            hand.click(f'.rows a[href*="/i/{opportunity}/"]')
            hand.click('[data-key="A"]')

        return self._decide_draft(PHONE, tap, to="approved", listed=True)

    def approve_after_edit(self) -> int | None:
        """Beside typing."""

        def edit(hand: Hand, _: str) -> None:
            hand.key("e")
            box = hand.page.locator("textarea[name=text]").first
            box.wait_for()
            box.fill(f"{box.input_value()} شكرًا")
            hand.key("Control+Enter")

        return self._decide_draft(DESKTOP, edit, to="approved")

    def skip_with_reason(self) -> int | None:
        opportunity = next(self._opportunities)

        def skip(hand: Hand) -> None:
            hand.key("x")
            hand.key("1")

        sql = f"SELECT 1 FROM opportunity WHERE id = '{opportunity}' AND state = 'skipped' AND skip_reason = '1'"
        return self._count(DESKTOP, f"/i/{opportunity}/", skip, done=sql)

    def schedule(self) -> int | None:
        """To the first suggested time."""

        def later(hand: Hand, _: str) -> None:
            hand.key("s")
            hand.key("1")

        return self._decide_draft(DESKTOP, later, to="approved")

    def fix_closed_window(self) -> int | None:
        """From the failures page by a template; what failed there is not offered again."""
        [path] = [path for name, path in self.chromium.desk.practice.places if name == "desk:reengage"]
        opportunity = path.split("/")[2]

        def fix(hand: Hand) -> None:
            row = hand.page.locator("li").filter(has=hand.page.locator(f"a[href^='{path}']")).last
            row.wait_for()
            again = row.locator("[name=verb]:is([value=retry], [value=send_again])")
            assert again.count() == 0, "the failing action is offered again"
            hand.click(f"a[href^='{path}']")
            hand.click("main form .primary")
            hand.click('[data-key="A"]')

        sent = f"(SELECT id FROM draft WHERE opportunity_id = '{opportunity}')"
        sql = f"SELECT 1 FROM outbox WHERE draft_id IN {sent} AND state IN ('pending', 'held') AND draft_version > 1"
        return self._count(PHONE, "/failures/", fix, done=sql)

    def stop_everything(self) -> tuple[int | None, float]:
        """From a page far from the switch: actions, and seconds from the last of them until sending is stopped."""
        acted = [0.0]

        def stop(hand: Hand) -> None:
            hand.click("header .stop-ask summary")
            acted[0] = time.monotonic()
            hand.click("header .stop-ask button.danger")

        count = self._count(DESKTOP, "/templates/", stop, done="SELECT 1 FROM stop_switch")
        return count, time.monotonic() - acted[0]

    def _decide_draft(
        self, look: Look, act: Callable[[Hand, str], None], *, to: str, listed: bool = False
    ) -> int | None:
        draft, opportunity = self._newest() if listed else next(self._drafts)
        done = f"SELECT 1 FROM draft WHERE id = '{draft}' AND state = '{to}'"
        return self._count(look, f"/i/{opportunity}/", lambda hand: act(hand, opportunity), done=done)

    def _newest(self) -> tuple[str, str]:
        """A draft on the first page of the list: what is listed is the most urgent."""
        with self._hand(PHONE, "/?tab=drafts") as hand:
            hrefs = hand.page.locator(".rows a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
        of = {opportunity: draft for draft, opportunity in self.chromium.desk.practice.drafts}
        listed = [opportunity for href in hrefs for opportunity in of if f"/{opportunity}/" in href]
        return of[listed[-1]], listed[-1]

    def _count(self, look: Look, path: str, act: Callable[[Hand], None], *, done: str) -> int | None:
        with self._hand(look, path) as hand:
            act(hand)
            ends = time.monotonic() + DONE_WITHIN_S
            while time.monotonic() < ends:
                if self.chromium.desk.deployment.query(done):
                    return hand.count
                hand.page.wait_for_timeout(20)
        return None

    @contextmanager
    def _hand(self, look: Look, path: str) -> Iterator[Hand]:
        base = self.chromium.desk.base
        with looking(self.chromium.browser, look, base, cookies=self.chromium.cookies) as context:
            page = context.new_page()
            page.goto(f"{base}{path}")
            yield Hand(page)
            # Chromium may never close a page that is on its way to another, as after a decision.
            page.goto("about:blank")
