"""How quickly, and how quietly, a change reaches the pages that are open: bars 10 to 13.

    python -m benchmarks.live [--database sqlite|postgresql|both] [--seconds S]

A writer of its own changes rows that stand on the queue, 1,000 a minute, each in a commit that the database keeps; the
clock runs from the end of the commit until the words stand on the page (after the next frame), or have come out of the
stream. Latency is that of every change, also of those that the next one overtook before they were drawn.
"""

import argparse
import asyncio
import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import aiohttp
from playwright.sync_api import BrowserContext, Page

from benchmarks.bars_browser import Chromium, launched
from benchmarks.bars_desk import Desk, open_desk
from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, end_cleanly_when_told
from benchmarks.ingest_figures import centile
from tests.browser.looking import Look, looking

PER_MINUTE = 1000
SECONDS = 60.0
STREAMS, TABS = 20, 12
TWO_STATES = ("editing", "awaiting_approval")
WORDS = {"editing": "قيد التعديل", "awaiting_approval": "مسودة تنتظر اعتمادك"}
SETTLES_S, OPENS_WITHIN_S = 3.0, 30.0
WATCH = """() => {
  window.seen = [];
  const note = (place) => requestAnimationFrame(() =>
    window.seen.push([place.dataset.live, place.textContent.trim(), performance.timeOrigin + performance.now()]));
  new MutationObserver((changes) => {
    for (const change of changes) {
      const place = change.target.closest?.('[data-live^="opportunity:"]');
      if (place) note(place);
    }
  }).observe(document.body, {childList: true, subtree: true});
}"""
QUIET = """() => ({
  focus: document.activeElement?.id, text: document.activeElement?.value, scroll: Math.round(scrollY),
  rows: [...document.querySelectorAll('.rows a')].map((row) => row.getAttribute('href')).join(' '),
})"""


@dataclass(frozen=True, slots=True)
class Written:
    """One change. at: when its commit returned, in seconds since 1970."""

    place: str
    words: str
    at: float


@dataclass
class Writer:
    """Changes these drafts in turn on a thread of its own: (draft, opportunity)."""

    desk: Desk
    drafts: Sequence[tuple[str, str]]
    written: list[Written] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Writer":
        self._thread = threading.Thread(target=self._write)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        due = time.monotonic()
        rounds = cycle((state, draft, deal) for state in TWO_STATES for draft, deal in self.drafts)
        with self.desk.deployment.connected() as connection:
            while not self._over.wait(max(0.0, due - time.monotonic())):
                state, draft, deal = next(rounds)
                self.written.append(change(connection, state, draft, deal))
                due += 60 / PER_MINUTE


def change(connection: Any, state: str, draft: str, deal: str) -> Written:
    connection.execute(f"UPDATE draft SET state = '{state}' WHERE id = '{draft}'")
    connection.commit()
    return Written(f"opportunity:{deal}", WORDS[state], time.time())


@dataclass(frozen=True, slots=True)
class Latency:
    """In ms, of every change; missing: how many never came."""

    p50: float
    p95: float
    p99: float
    count: int
    missing: int

    @classmethod
    def of(cls, written: Sequence[Written], seen: Sequence[tuple[str, str, float]]) -> "Latency":
        """seen: place, words, time in seconds; a later state of the same place tells of the earlier ones too."""
        took, missing = [], 0
        for one in written:
            # The clocks of browser and writer are one, but read to the millisecond.
            after = [(words, at) for place, words, at in seen if place == one.place and at >= one.at - 0.05]
            same = [at for words, at in after if words == one.words]
            if not after:
                missing += 1
            else:
                took.append(max(0.0, min(same or [at for _, at in after]) - one.at))
        p50, p95, p99 = (round(centile(sorted(took), share) * 1000, 1) for share in (0.5, 0.95, 0.99))
        return cls(p50, p95, p99, len(took), missing)


@dataclass(frozen=True, slots=True)
class OnScreen:
    """Bars 10 and 11. busy: share of the main thread of the queue's tab; stolen: what moved under somebody's hands."""

    latency: Latency
    busy: float
    stolen: list[str]


def people(desk: Desk, count: int) -> list[dict[str, str]]:
    """Cookies of so many operators, signed in."""
    return list(json.loads(desk.deployment.run("-m", "benchmarks.live_people", str(count)).splitlines()[-1]))


def on_screen(chromium: Chromium, cookies: dict[str, str], *, seconds: float = SECONDS) -> OnScreen:
    """A queue that is only watched, and an item on which somebody types, while the writer writes."""
    desk, look = chromium.desk, Look("ar", 1440)
    # Each in a window of its own: behind another tab, Chromium draws a page once a second.
    with (
        looking(chromium.browser, look, desk.base, cookies=cookies) as context,
        looking(chromium.browser, look, desk.base, cookies=cookies) as other,
    ):
        queue, typing = context.new_page(), other.new_page()
        queue.goto(f"{desk.base}/?tab=drafts")
        shown = _shown(queue, desk)
        typing.goto(f"{desk.base}/i/{shown[0][1]}/?edit=1")
        _begin_to_type(typing)
        before = typing.evaluate(QUIET)
        text = before["text"]
        queue.evaluate(WATCH)
        protocol = context.new_cdp_session(queue)
        # Its own time on the processor: by the wall it would be busy whenever the machine is.
        protocol.send("Performance.enable", {"timeDomain": "threadTicks"})
        began, busy = time.monotonic(), _task_s(protocol)
        stolen: list[str] = []
        with Writer(desk, shown) as writer:
            while time.monotonic() - began < seconds:
                # A letter, and back again: a text that grows moves the page by itself.
                is_longer = before["text"] == text
                typing.keyboard.type("س") if is_longer else typing.keyboard.press("Backspace")
                before = {**before, "text": f"{text}س" if is_longer else text}
                typing.wait_for_timeout(500)
                now = typing.evaluate(QUIET)
                stolen += [f"{name}: {before[name]!r} -> {now[name]!r}" for name in now if now[name] != before[name]]
        share = (_task_s(protocol) - busy) / (time.monotonic() - began)
        queue.wait_for_timeout(SETTLES_S * 1000)
        seen = [(place, words, at / 1000) for place, words, at in queue.evaluate("() => window.seen")]
    return OnScreen(Latency.of(writer.written, seen), share, stolen)


def _shown(queue: Page, desk: Desk) -> list[tuple[str, str]]:
    """The drafts of the practice data that stand on this page."""
    places = queue.eval_on_selector_all("[data-live^='opportunity:']", "all => all.map((one) => one.dataset.live)")
    return [(draft, deal) for draft, deal in desk.practice.drafts if f"opportunity:{deal}" in set(places)]


def _begin_to_type(page: Page) -> None:
    page.locator("textarea").first.focus()
    page.keyboard.press("Control+End")
    page.evaluate("scrollTo(0, 120)")


def _task_s(protocol: Any) -> float:
    metrics = {one["name"]: one["value"] for one in protocol.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


@dataclass(frozen=True, slots=True)
class Tabs:
    """Bar 12, in seconds: until all of them show one change, and until the others do after the leader was closed."""

    count: int
    together_s: float
    after_leader_s: float


def tabs(chromium: Chromium, cookies: dict[str, str]) -> Tabs:
    desk = chromium.desk
    with looking(chromium.browser, Look("ar", 1440), desk.base, cookies=cookies) as context:
        pages = [_opened(context, f"{desk.base}/?tab=drafts") for _ in range(TABS)]
        draft, deal = _shown(pages[0], desk)[0]
        with desk.deployment.connected() as connection:
            first = change(connection, "editing", draft, deal)
            together = _until_all_show(pages, first)
            # The first one that asked has the lock, and so the stream.
            pages.pop(0).close()
            closed = time.time()
            _until_all_show(pages, change(connection, "awaiting_approval", draft, deal))
            return Tabs(TABS, together, time.time() - closed)


def _opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.locator("[data-live-sign]").wait_for()
    return page


def _until_all_show(pages: Sequence[Page], written: Written) -> float:
    """Seconds since the commit."""
    for page in pages:
        page.wait_for_function(
            "([place, words]) => document.querySelector(`[data-live='${place}']`).textContent.includes(words)",
            arg=[written.place, written.words],
        )
    return time.time() - written.at


@dataclass(frozen=True, slots=True)
class Streams:
    """Bar 13. core: share of one core that the web process takes, all it does included."""

    count: int
    latency: Latency
    core: float


def streams(desk: Desk, cookies: Sequence[dict[str, str]], *, seconds: float = SECONDS) -> Streams:
    """cookies: of each of STREAMS operators."""
    drafts = desk.practice.drafts[:25]
    seen: list[list[tuple[str, str, float]]] = [[] for _ in range(STREAMS)]
    ready, over = threading.Semaphore(0), threading.Event()
    hearing = threading.Thread(target=lambda: asyncio.run(_hear(desk, cookies, seen, ready, over)))
    hearing.start()
    for _ in range(STREAMS):
        if not ready.acquire(timeout=OPENS_WITHIN_S):
            raise SystemExit("not every stream was opened")
    began, cpu = time.monotonic(), desk.deployment.cpu_s("web")
    with Writer(desk, drafts) as writer:
        time.sleep(seconds)
    core = (desk.deployment.cpu_s("web") - cpu) / (time.monotonic() - began)
    time.sleep(SETTLES_S)
    over.set()
    hearing.join()
    worst = max((Latency.of(writer.written, one) for one in seen), key=lambda one: (one.missing, one.p95))
    return Streams(STREAMS, worst, core)


async def _hear(
    desk: Desk, cookies: Sequence[dict[str, str]], seen: Sequence[list[tuple[str, str, float]]],
    ready: threading.Semaphore, over: threading.Event,
) -> None:  # fmt: skip
    """ready: released once for each stream that is open."""

    async def one(number: int) -> None:
        async with aiohttp.ClientSession() as session:
            accepted = {"Accept": "text/event-stream", "Cookie": _cookie(cookies[number])}
            async with session.get(f"{desk.base}/events/", headers=accepted, timeout=None) as answer:
                answer.raise_for_status()
                async for line in answer.content:
                    if line.startswith(b"retry: "):
                        ready.release()
                    elif line.startswith(b"data: "):
                        told = json.loads(line[6:]).get("put", {})
                        seen[number].extend((place, _words(html), time.time()) for place, html in told.items())

    hearing = [asyncio.create_task(one(number)) for number in range(STREAMS)]
    while not over.is_set():
        await asyncio.sleep(0.2)
        for task in hearing:
            if task.done():
                task.result()
    for task in hearing:
        task.cancel()


def _cookie(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _words(html: str) -> str:
    return next((words for words in WORDS.values() if words in html), "")


def main() -> int:
    parser = argparse.ArgumentParser(description="Bars 10 to 13.")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    end_cleanly_when_told()
    for database in [SQLITE, POSTGRESQL] if given.database == "both" else [given.database]:
        with open_desk(database) as desk:
            who = people(desk, STREAMS)
            print(f"{database}: 13: {streams(desk, who, seconds=given.seconds)}", flush=True)
            with launched() as browser:
                chromium = Chromium(browser, desk)
                print(f"{database}: 10, 11: {on_screen(chromium, who[0], seconds=given.seconds)}", flush=True)
                print(f"{database}: 12: {tabs(chromium, who[1])}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
