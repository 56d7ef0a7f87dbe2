"""A page taken apart: each piece of text with what stands around it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
ISOLATING = frozenset({"bdi", "textarea", "title", "option", "script"})


@dataclass(frozen=True)
class Piece:
    """One piece of text. within: the elements around it, the innermost last, each with its attributes."""

    text: str
    within: tuple[tuple[str, dict[str, str]], ...]

    @property
    def is_isolated(self) -> bool:
        """Its direction is its own: it cannot turn the sentence around it, nor be turned by it."""
        return any(tag in ISOLATING or "dir" in given for tag, given in self.within if tag != "html")

    @property
    def is_code(self) -> bool:
        return any(tag in {"code", "kbd", "pre", "script"} for tag, _ in self.within)

    @property
    def has_own_language(self) -> bool:
        return any("lang" in given for tag, given in self.within if tag != "html")


@dataclass
class Reading(HTMLParser):
    """pieces: of the text; tags: every start tag with its attributes, in order."""

    pieces: list[Piece] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.pieces.append(Piece(" ".join(data.split()), tuple(self._open)))


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    return reading


def texts(html: str) -> Iterator[Piece]:
    yield from read(html).pieces
