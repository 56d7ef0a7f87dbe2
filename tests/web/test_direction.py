"""Outside text in a template stands in an element with a direction of its own: in an Arabic page an English name, in an
English page an Arabic one, would otherwise pull the words around it to the wrong side.

A value is outside text by its name: what people, WhatsApp or a file wrote is called so in every room. A new name for
such a thing belongs into OUTSIDE.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

import wakeel.web

TEMPLATES = Path(wakeel.web.__file__).parent / "templates"
OUTSIDE = re.compile(
    r"(?:^|[._])(?:name|names|organisation|company|title|summary|phone|display_phone|our_phone|address|addresses|who|by"
    r"|note|author|actor|organiser|place|last_message|username|file_name|cell|evidence|held_because|extension_reason"
    r"|identity_checked|owner|email|to|typed|said|pressed_by|approved_by|opened_by|closed_by)$"
)
OURS = re.compile(
    r"\|(?:say|state|noun|purpose|scope|standing|category|kind|entry|source|initial|tint|shown|came_by_word)\b"
)
OUR_WORDS = frozenset({"act.title", "table.title", "form.name", "preview.addresses"})
"""Called as outside text is, but from the catalogue, a number or an identifier."""
ISOLATING = frozenset({"bdi", "textarea", "title", "option", "code"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
DIRECTION = re.compile(r"\bdir=")
Open = list[tuple[str, bool]]


class Reader:
    """Walks a template as it stands, with what is open at each place. Both sides of an `if` begin with the same."""

    def __init__(self) -> None:
        self.open: Open = []
        self.before: list[Open] = []
        self.tag = ""

    def text(self, text: str) -> None:
        for piece in re.split(r"(?=<)|(?<=>)", text):
            if self.tag or TAG.match(piece):
                self.tag += piece
                if self.tag.endswith(">"):
                    self._close_tag()

    def _close_tag(self) -> None:
        found = TAG.match(self.tag)
        if found and found[1]:
            names = [name for name, _ in self.open]
            if found[2] in names:
                del self.open[len(names) - 1 - names[::-1].index(found[2]) :]
        elif found and found[2] not in VOID:
            self.open.append((found[2], bool(DIRECTION.search(self.tag)) and found[2] != "html"))
        self.tag = ""

    def block(self, words: str) -> None:
        match words.split(maxsplit=1)[0]:
            case "block":
                self.open.append((words, words == "block title"))
            case "endblock":
                del self.open[max(place for place, (name, _) in enumerate(self.open) if name.startswith("block ")) :]
            case "if" | "for" | "with" | "ifchanged":
                self.before.append(list(self.open))
            case "elif" | "else" | "empty" if self.before:
                self.open = list(self.before[-1])
            case "endif" | "endfor" | "endwith" | "endifchanged":
                self.before.pop()

    @property
    def is_isolated(self) -> bool:
        return bool(self.tag) or any(name in ISOLATING or has for name, has in self.open)


def bare(source: str) -> Iterator[str]:
    """Outside text without a direction of its own, in a template."""
    reader = Reader()
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT:
            reader.text(token.contents)
        elif token.token_type == TokenType.BLOCK:
            reader.block(token.contents)
        elif token.token_type == TokenType.VAR and not reader.is_isolated:
            path = token.contents.split("|")[0].strip()
            if OUTSIDE.search(path) and path not in OUR_WORDS and not OURS.search(token.contents):
                yield token.contents


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{{ row.name }}</p>", ["row.name"]),
        ("<p><bdi>{{ row.name }}</bdi> {{ row.title }}</p>", ["row.title"]),
        ('<p dir="auto">{% if a %}{{ row.name }}{% else %}{{ who }}{% endif %}</p>', []),
        ('<a href="/x/{{ row.name }}/" title="{{ row.name }}">{{ row.chip }}</a>', []),
        ("{% if a %}<bdi>{% else %}<p>{% endif %}{{ by }}", ["by"]),
    ],
)
def test_the_check_sees_what_it_should(source: str, found: list[str]):
    assert list(bare(source)) == found


def test_outside_text_has_a_direction_of_its_own_in_every_template():
    wrong = {
        str(path.relative_to(TEMPLATES)): found
        for path in sorted(TEMPLATES.rglob("*.html"))
        if (found := list(bare(path.read_text(encoding="utf-8"))))
    }
    assert not wrong, "\n".join(f"{path}: {found}" for path, found in wrong.items())


def test_what_is_typed_may_be_of_either_direction():
    """`dir="auto"` on every box of words of our own; Django's come with it by their widgets."""
    boxes = re.compile(r"<(?:textarea|input)\b[^>]*>", re.DOTALL)
    typed = re.compile(r"<textarea|type=\"(?:text|search)\"(?!.*visually-hidden)")
    wrong = [
        (path.name, box[:80])
        for path in sorted(TEMPLATES.rglob("*.html"))
        for box in boxes.findall(path.read_text(encoding="utf-8"))
        if typed.search(box) and not DIRECTION.search(box)
    ]
    assert wrong == []
