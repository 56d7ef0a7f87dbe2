"""The piece of a page that is about somebody: the smallest element in which all of this stands together."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

from wakeel.rehearsal.phrases import seen
from wakeel.rehearsal.screens import Page, forms_in

_TAG = re.compile(r"<[^>]*>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def reading(page: Page) -> str:
    """What a person reads on a page or a piece of it."""
    return seen(html.unescape(_TAG.sub(" ", page.raw)))


def piece(page: Page, *words: str) -> Page | None:
    """The smallest element with all these words, as a page of its own; None if they never stand together."""
    wanted = [seen(word) for word in words]
    for start, end in _elements(page.raw):
        part = page.raw[start:end]
        small = replace(page, raw=part, text=html.unescape(part), forms=())
        if all(word in reading(small) for word in wanted):
            return replace(small, forms=forms_in(part, url=page.url))
    return None


def _elements(raw: str) -> list[tuple[int, int]]:
    """Where each element with an end begins and ends, small ones first."""
    found = _Elements(raw)
    found.feed(raw)
    return sorted(found.spans, key=lambda span: span[1] - span[0])


class _Elements(HTMLParser):
    def __init__(self, raw: str) -> None:
        super().__init__()
        self.spans: list[tuple[int, int]] = []
        self._open: list[tuple[str, int]] = []
        self._lines = [0]
        for line in raw.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append((tag, self._at()))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self._open):
            name, start = self._open.pop()
            if name == tag:
                self.spans.append((start, self._at() + len(f"</{tag}>")))
                return

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
