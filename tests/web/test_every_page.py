"""What holds on every page of the URL configuration: words, direction, no raw text, nothing inline, no dead ends."""

import re
from collections.abc import Iterable

import pytest
from django.test import Client
from django.utils import translation

from tests.web import every_page, rows
from tests.web.reading import Piece, read
from wakeel.domain.digits import Digits
from wakeel.domain.words import Text
from wakeel.web.digits import written_in

Pages = dict[str, str]
"""HTML by address."""

LATIN = re.compile(r"[A-Za-z]{3,}")
LETTERS = re.compile(r"[A-Za-z]{3,}|[\u0621-\u064a]{2,}")
OURS = re.compile(
    r"WhatsApp|CSV|XLSX|Excel|PDF|TOTP|Meta|API|URL|JSON|Wakeel|ISO/IEC TS|Kantara|\w+\.json|[A-Z]\w+/[A-Z]\w+"
    r"|English|العربية|\d+ [A-Z][a-z]+(?: \d{4})?|\{\{\w+\}\}|[\u2066-\u2068][^\u2069]*\u2069"
)
"""Names that stay as they are in both languages, and what stands between marks of direction: it came from outside."""
OUTSIDE = ("مريم القحطاني", "شركة أفق", "تجديد العقد", "نورة 1", "سلمان 8", "alert(1)", "كم السعر", "+966509720001")
"""What the samples say in other people's words."""


SEEN: dict[str, Pages] = {}
BROKEN: list[tuple[str, str, int]] = []
"""Language, address and status of what is no page and no button."""


@pytest.fixture
def walked(home: rows.House) -> dict[str, Pages]:
    """Every page in Arabic and in the pseudo-language; looked at once, checked by all tests here."""
    if not SEEN:
        rows.may_be(home, "operator", "supervisor", "admin")
        samples = every_page.fill(home)
        client = every_page.signed_in(home.user)
        found = every_page.places(samples | every_page.upload(client))
        BROKEN.extend(
            (name, f"no sample in tests/web/every_page.py for {parts}", 0) for name, parts in found["unknown"]
        )
        SEEN["ar"] = looked_at(client, [path for _, path in found["places"]], "ar")
        SEEN["pseudo"] = looked_at(client, list(SEEN["ar"]), "pseudo")
    return SEEN


def looked_at(client: Client, paths: list[str], language: str) -> Pages:
    client.cookies["wakeel-language"] = "en" if language == "pseudo" else language
    pages: Pages = {}
    with pytest.MonkeyPatch.context() as patched:
        if language == "pseudo":
            speak_pseudo(patched)
        for path in paths:
            answer = client.get(path)
            if answer.status_code in {404, 500}:
                BROKEN.append((language, path, answer.status_code))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                pages[path] = answer.content.decode()
    return pages


def speak_pseudo(patched: pytest.MonkeyPatch) -> None:
    """Whatever goes through a catalogue, or stands in both languages, comes out in brackets."""
    say = Text.say

    def several(one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"

    patched.setattr(translation._trans, "gettext", lambda message: f"⟦{message}⟧" if message else "", raising=False)
    patched.setattr(translation._trans, "ngettext", several, raising=False)
    patched.setattr(Text, "say", lambda self, language, **values: f"⟦{say(self, language, **values)}⟧")


def listed(found: Iterable[object]) -> str:
    """One a line: pytest would cut them short."""
    return "\n".join(sorted(map(str, found)))


def outside_brackets(text: str) -> str:
    """What did not come out of a catalogue."""
    depth, left = 0, []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        left.append(letter if depth == 0 and letter != "⟧" else " ")
    return "".join(left)


def is_ours(piece: Piece) -> bool:
    """Words of the page, not of people: nobody else's words stand without a direction of their own."""
    return not (piece.is_isolated or piece.is_code or piece.has_own_language)


def test_every_address_is_a_page_or_a_button(walked):
    """A 404 is an address whose sample is missing in `every_page`: no page is left out by being forgotten."""
    assert not BROKEN, listed(BROKEN)
    assert len(walked["ar"]) == len(walked["pseudo"]) > 40


def test_no_page_shows_words_that_went_through_no_catalogue(walked):
    raw = {
        (path, piece.text)
        for path, html in walked["pseudo"].items()
        for piece in read(html).pieces
        if is_ours(piece) and LETTERS.search(OURS.sub("", outside_brackets(piece.text)))
        and not any(tag == "time" for tag, _ in piece.within)
    }  # fmt: skip
    assert not raw, listed(raw)


def test_no_arabic_page_speaks_english(walked):
    said = {
        (path, piece.text)
        for path, html in walked["ar"].items()
        for piece in read(html).pieces
        if is_ours(piece) and LATIN.search(OURS.sub("", piece.text))
    }
    assert not said, listed(said)


def test_words_of_other_people_have_a_direction_of_their_own(walked):
    bare = {
        (path, piece.text[:80])
        for path, html in walked["ar"].items()
        for piece in read(html).pieces
        if not piece.is_isolated and any(words in piece.text for words in OUTSIDE)
    }
    assert not bare, listed(bare)


def test_no_page_has_anything_inline_or_of_another_host(walked):
    """The policy would refuse it; here it is found before a browser looks."""
    wrong = [
        (path, tag, name, value)
        for path, html in walked["ar"].items()
        for tag, given in read(html).tags
        for name, value in given.items()
        if name == "style" or name.startswith(("on", "hx-on")) or (tag in {"script", "link", "img"} and "//" in value)
    ]
    inline = [path for path, html in walked["ar"].items() if re.search(r"<style|<script(?![^>]*\bsrc=)", html)]
    assert (wrong, inline) == ([], [])


def test_in_arabic_digits_no_number_of_ours_is_left_out_and_nothing_else_changes(walked):
    for path, html in walked["ar"].items():
        latin, arabic = read(html), read(written_in(Digits.ARABIC, html))
        assert arabic.tags == latin.tags, path
        for before, after in zip(latin.pieces, arabic.pieces, strict=True):
            kept = before.is_isolated or before.is_code
            assert (after.text == before.text) if kept else not re.search(r"[0-9]", after.text), (path, after)


def test_every_page_names_itself_and_has_one_heading(walked):
    for path, html in walked["ar"].items():
        assert re.search(r"<title>\s*[^·<\s]", html), path
        assert html.count("<h1") == 1, path
