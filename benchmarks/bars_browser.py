"""The bars that Chromium measures: axe, scroll, targets, hosts, policy, bytes, paint, and use on a slow machine."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.bars_desk import Desk
from tests.browser.looking import ALL_LOOKS, Fault, Look, faults, looking

SLOW_CPU = 4
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 96_000}
"""1.6 Mbit/s down and 150 ms, in bytes a second."""
PAINT = """() => new Promise((done) => {
  const seen = {lcp: 0, cls: 0, tbt: 0};
  const watch = (type, add) => new PerformanceObserver((list) => list.getEntries().forEach(add)).observe(
    {type, buffered: true});
  watch('largest-contentful-paint', (one) => { seen.lcp = Math.max(seen.lcp, one.startTime); });
  watch('layout-shift', (one) => { if (!one.hadRecentInput) seen.cls += one.value; });
  watch('longtask', (one) => { seen.tbt += Math.max(0, one.duration - 50); });
  setTimeout(() => done(seen), 800);
})"""
RUNS = 3


@dataclass(frozen=True, slots=True)
class FirstLoad:
    """Over the wire, cold: bytes as they travelled. all: with the heads of the answers; js, css: without."""

    requests: int
    all: int
    js: int
    css: int


@dataclass
class Chromium:
    """One browser before one desk; every page is looked at once in every look, whatever asks."""

    browser: Browser
    desk: Desk
    _cookies: dict[str, str] = field(default_factory=dict)

    @property
    def cookies(self) -> dict[str, str]:
        if not self._cookies:
            self._cookies = self.desk.somebody().cookies
        return self._cookies

    @cached_property
    def pages(self) -> list[str]:
        return self.desk.pages()

    @cached_property
    def faults(self) -> list[Fault]:
        """Of every page in every look."""
        found: list[Fault] = []
        for look in ALL_LOOKS:
            with looking(self.browser, look, self.desk.base, cookies=self.cookies) as context:
                found += faults(context.new_page(), self.desk.base, self.pages, look=look)
        return found

    def of(self, kind: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.kind == kind]

    def first_load(self) -> FirstLoad:
        """The queue as somebody gets it who has never been here."""
        with self._cold(Look("ar", 1440)) as (page, protocol):
            bodies: Counter[str] = Counter()
            types: dict[str, str] = {}
            sizes: dict[str, float] = {}
            protocol.on("Network.responseReceived", lambda said: types.update({said["requestId"]: said["type"]}))
            protocol.on(
                "Network.dataReceived",
                lambda said: bodies.update({types[said["requestId"]]: said["encodedDataLength"]}),
            )
            protocol.on(
                "Network.loadingFinished", lambda said: sizes.update({said["requestId"]: said["encodedDataLength"]})
            )
            page.goto(f"{self.desk.base}/")
            page.wait_for_timeout(500)
        return FirstLoad(len(types), int(sum(sizes.values())), bodies["Script"], bodies["Stylesheet"])

    def paint(self) -> dict[str, float]:
        """LCP and blocking time in ms, layout shift; of a phone on a slow machine and network, median of RUNS."""
        runs = []
        for _ in range(RUNS):
            with self._cold(Look("ar", 390), is_slow=True) as (page, _protocol):
                page.goto(f"{self.desk.base}/")
                runs.append(page.evaluate(PAINT))
        return {name: median(run[name] for run in runs) for name in ("lcp", "tbt", "cls")}

    def usable_s(self) -> float:
        """From asking for an open draft until one key approved it, before one's eyes; slow, cold; median of RUNS."""
        found = []
        for draft, opportunity in self.desk.practice.drafts[-RUNS:]:
            with self._cold(Look("ar", 1440), is_slow=True) as (page, _protocol):
                started = time.monotonic()
                page.goto(f"{self.desk.base}/i/{opportunity}/", wait_until="domcontentloaded")
                page.locator('[data-key="A"]').first.wait_for()
                page.wait_for_load_state("load")
                page.keyboard.press("a")
                page.locator(".messages li.success, [data-result]").first.wait_for(timeout=10_000)
                found.append(time.monotonic() - started)
                state = self.desk.deployment.query(f"SELECT state FROM draft WHERE id = '{draft}'")
                assert state == [("approved",)], state
        return median(found)

    @contextmanager
    def _cold(self, look: Look, *, is_slow: bool = False) -> Iterator[tuple[Page, CDPSession]]:
        """A browser that has seen nothing yet."""
        with looking(self.browser, look, self.desk.base, cookies=self.cookies) as context:
            page = context.new_page()
            protocol = context.new_cdp_session(page)
            protocol.send("Network.enable")
            if is_slow:
                protocol.send("Network.emulateNetworkConditions", SLOW_NETWORK)
                protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
            yield page, protocol


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's, headless; one serves every desk, because Playwright drives one at a time."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("no chromium: apt-get install chromium fonts-noto-core")
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()
