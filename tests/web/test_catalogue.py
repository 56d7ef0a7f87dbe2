"""Every string of the pages has an Arabic entry that is finished, and the compiled catalogue is the written one."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext
from django.utils.translation.template import templatize

import wakeel.web
from wakeel.domain.answers import PURPOSE_WORDS, SCOPE_WORDS, STATE_WORDS

WEB = Path(wakeel.web.__file__).parent
PO = WEB / "locale" / "ar" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"gettext": None, "_": None, "gettext_lazy": None, "ngettext": (1, 2)}
ARABIC = re.compile(r"[\u0600-\u06ff]")


def used() -> set[str | tuple[str, str]]:
    """Every msgid in templates and code."""
    found: set[str | tuple[str, str]] = set()
    for path in [*WEB.rglob("*.html"), *WEB.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        source = templatize(text) if path.suffix == ".html" else text
        found |= {message for _, message, _, _ in extract("python", io.BytesIO(source.encode()), KEYWORDS)}
    return found


def entries():
    with PO.open("rb") as file:
        return {message.id: message for message in read_po(file, locale="ar") if message.id}


def test_every_used_string_has_an_entry_and_no_entry_is_unused():
    assert used() == set(entries())


def test_no_entry_is_fuzzy_empty_or_without_arabic_letters():
    for key, entry in entries().items():
        forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert not entry.fuzzy, key
        assert len(forms) == (6 if isinstance(key, tuple) else 1), key
        assert all(ARABIC.search(re.sub(r"%\(\w+\)[ds]", "ا", form)) for form in forms), key


def test_placeholders_are_the_same_in_both_languages():
    """A dual says its number in its ending; every other form keeps what the English one fills in."""
    for key, entry in entries().items():
        if isinstance(key, str):
            assert set(re.findall(r"%\(\w+\)[ds]", key)) == set(re.findall(r"%\(\w+\)[ds]", entry.string)), key


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "لا رسائل"), (1, "رسالة واحدة"), (2, "رسالتان"), (3, "3 رسائل"), (10, "10 رسائل"), (11, "11 رسالةً"),
        (99, "99 رسالةً"), (100, "100 رسالة"), (102, "102 رسالة"), (103, "103 رسائل"), (111, "111 رسالةً"),
    ],
)  # fmt: skip
def test_arabic_plurals_are_right_in_the_compiled_catalogue(number: int, words: str):
    """Also fails when the compiled catalogue is older than the written one (`make env`)."""
    with translation.override("ar"):
        assert ngettext("%(number)s message", "%(number)s messages", number) % {"number": number} == words


def test_the_compiled_catalogue_says_what_the_written_one_says():
    with translation.override("ar"):
        for key, entry in entries().items():
            if isinstance(key, str):
                assert translation.gettext(key) == entry.string, "run `make env`"


def test_domain_words_are_in_both_languages():
    for table in (STATE_WORDS, PURPOSE_WORDS, SCOPE_WORDS):
        assert all(ARABIC.search(words.ar) and not ARABIC.search(words.en) for words in table.values())
