"""A page's own numbers in the digits a person chose, wherever they stand, after the page was drawn.

Drawing each number through a filter would be forgotten somewhere; here nothing can be. What is not ours to rewrite is
marked on the page anyway, for the direction of its writing: outside text (`dir="auto"`), phone numbers and codes
(`dir="ltr"`), names (`<bdi>`) and what is typed or copied keep the digits they came with.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from wakeel.domain.digits import Digits, in_arabic_digits
from wakeel.domain.words import Language

_PIECE = re.compile(r"<!--.*?-->|<[^>]*>|&[#\w]+;|[^<&]+", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_AS_GIVEN = re.compile(r"""\sdir=["']?(?:auto|ltr)\b""")
_NUMBER = re.compile(r"""\sclass=["'][^"']*\bnumber\b""")
_NEVER = frozenset({"bdi", "code", "kbd", "pre", "script", "style", "textarea", "title"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def written_in(digits: Digits, html: str) -> str:
    """A page or a fragment, its numbers in these digits; attributes, outside text, phones and codes untouched.

    `<bdi class="number">` is a number of ours that needs its own direction: it is written too.
    """
    return html if digits is Digits.LATIN else "".join(_pieces(html))


def _pieces(html: str) -> list[str]:
    written: list[str] = []
    kept, depth = "", 0
    for found in _PIECE.finditer(html):
        piece = found.group()
        tag = _TAG.match(piece)
        if tag is None:
            written.append(piece if kept or piece[0] in "<&" else in_arabic_digits(piece))
            continue
        written.append(piece)
        name = tag[2].lower()
        if kept:
            depth += 0 if name != kept else -1 if tag[1] else 1
            kept = kept if depth else ""
        elif not tag[1] and name not in _VOID and _stays(name, piece):
            kept, depth = name, 1
    return written


def _stays(name: str, tag: str) -> bool:
    """Whether what this element holds is left as it is."""
    return not _NUMBER.search(tag) and (name in _NEVER or bool(_AS_GIVEN.search(tag)))


class ChosenDigits:
    """Writes Arabic pages in the digits of `request.digits`, set with the person's language; nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        digits = getattr(request, "digits", Digits.LATIN)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if digits is not Digits.LATIN and is_page and request.LANGUAGE_CODE == Language.AR:
            response.content = written_in(digits, response.content.decode())
        return response
