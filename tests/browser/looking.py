"""What a page in Chromium has wrong: axe, sideways scroll, small targets, bare outside text, refused by the policy."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

# Refusals are heard before the page's own scripts run. The driver's own scripts are outside the policy.
LISTEN = """
window.refused = [];
document.addEventListener('securitypolicyviolation',
  (said) => window.refused.push(`${said.violatedDirective} ${said.blockedURI}`));
"""
# WCAG 2.5.8: a link in a sentence is as large as its words.
TARGETS = """() => {
  const small = [];
  for (const one of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const inSentence = one.tagName === 'A' && style.display === 'inline';
    if (!box.width || !box.height || style.visibility === 'hidden' || box.bottom < 0 || inSentence) continue;
    const label = one.closest('label')?.getBoundingClientRect() ?? box;
    const least = one.matches('.primary, .nav a') ? 44 : 24;
    const height = Math.max(box.height, label.height), width = Math.max(box.width, label.width);
    if (Math.min(height, width) < least - 0.5) small.push(`${one.outerHTML.slice(0, 90)} ${width}x${height}`);
  }
  return small;
}"""
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
AXE_RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  (one) => `${one.id} (${one.impact}): ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`)"""


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks at the pages. width: in CSS pixels."""

    language: str = "ar"
    width: int = 1440
    is_dark: bool = False

    def __str__(self) -> str:
        return f"{self.language} {self.width} {'dark' if self.is_dark else 'light'}"


ALL_LOOKS = tuple(Look(*values) for values in product(("ar", "en"), (320, 1440), (False, True)))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. kind: axe, policy, host, scroll, target, error."""

    kind: str
    look: Look
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.path} ({self.look}): {self.what}"


@contextmanager
def looking(
    browser: Browser, look: Look, base: str, *, cookies: dict[str, str], **more: Any
) -> Iterator[BrowserContext]:
    """A browser of somebody who looks so. cookies: of their session."""
    context = browser.new_context(
        locale=look.language, timezone_id="Asia/Riyadh", viewport={"width": look.width, "height": 860},
        color_scheme="dark" if look.is_dark else "light", reduced_motion="reduce", **more,
    )  # fmt: skip
    given = {**cookies, "wakeel-language": look.language}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in given.items()])
    context.add_init_script(LISTEN)
    try:
        yield context
    finally:
        context.close()


def faults(page: Page, base: str, paths: Iterable[str], *, look: Look, with_axe: bool = True) -> list[Fault]:
    """Everything wrong with these pages, looked at one after the other."""
    found: list[Fault] = []
    here, where = urlsplit(base).netloc, [""]
    page.on(
        "request",
        lambda asked: (
            None if urlsplit(asked.url).netloc in {here, ""} else found.append(Fault("host", look, where[0], asked.url))
        ),
    )
    page.on("pageerror", lambda error: found.append(Fault("error", look, where[0], str(error))))
    if with_axe:
        page.add_init_script(path=AXE)
    for path in paths:
        where[0] = path
        page.goto(f"{base}{path}")
        found += [Fault(kind, look, path, what) for kind, what in _wrong(page, with_axe=with_axe)]
    return found


def _wrong(page: Page, *, with_axe: bool) -> Iterator[tuple[str, str]]:
    yield from (("policy", what) for what in page.evaluate("window.refused"))
    if not page.evaluate(FITS):
        yield "scroll", f"{page.evaluate('document.documentElement.scrollWidth')} px wide"
    yield from (("target", what) for what in page.evaluate(TARGETS))
    if with_axe:
        yield from (("axe", what) for what in page.evaluate(AXE_RUN))
