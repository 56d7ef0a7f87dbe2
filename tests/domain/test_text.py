import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.text import (
    FSI,
    PDI,
    fits,
    graphemes,
    isolate,
    mask_phone,
    measure,
    one_line,
    plain,
    shorten,
)

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = st.text(
    alphabet=st.sampled_from(
        [*"اب ت\n\t\r\0a=<>\"'", *BIDI, "\u200d", "\u200c", "\u0301", "\u0651", "👩", "🇸", "🏽", "\ufe0f"]
    )
    | st.sampled_from(["\ud800", "\u2028", "\u3164", "é", "각", "\u11a8"]),
    max_size=300,
)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("احجز موعدك الآن", 15),
        (FAMILY, 11),
        ("🇸🇦", 4),
        ("عرض تفاصيل الطلبات 👍", 21),
        ("مُوَافَقَةٌ", 11),
        ("\u2068Dealix\u2069", 8),
        ("❤️", 2),
    ],
)
def test_length_is_counted_as_the_reference_counts_it(text: str, length: int):
    """Cases X001 to X008 of the contactability reference: UTF-16 units after NFC."""
    assert measure(text) == length


def test_a_decomposed_letter_counts_as_the_composed_one():
    assert measure("e\u0301") == measure("é") == 1


def test_a_text_fits_up_to_and_including_the_limit():
    assert fits("الاستفسار عن الطلبات", limit=20)
    assert not fits("الاستفسار عن الطلبات.", limit=20)


def test_outside_text_becomes_one_isolated_line():
    assert one_line("سطر\nثانٍ\t\u202eعكس\u2069") == f"{FSI}سطر ثانٍ عكس{PDI}"


def test_outside_text_of_nothing_visible_is_empty():
    """So that the caller drops the line instead of showing a label with nothing behind it."""
    assert one_line(" \n\u200f\u3164\u200d ") == ""


def test_a_long_line_is_cut_at_a_word():
    assert one_line("كلمة " * 30, limit=20) == f"{FSI}كلمة كلمة كلمة…{PDI}"


def test_an_endless_word_is_cut_between_the_characters_a_reader_sees():
    assert one_line(FAMILY * 9, limit=30) == f"{FSI}{FAMILY * 2}…{PDI}"


def test_joiners_stay_only_inside_words_and_emoji():
    assert plain(f"می\u200cخواهم {FAMILY}\u200d \u200c") == f"می\u200cخواهم {FAMILY} "


def test_line_breaks_stay_where_asked():
    assert plain("أ\r\nب\nج", keep_newlines=True) == "أ\nب\nج"
    assert plain("أ\r\nب\nج") == "أ ب ج"


def test_isolate_takes_the_marks_out_that_would_close_it_early():
    assert isolate("a\u2069\u202eb") == f"{FSI}ab{PDI}"


def test_a_shortened_body_closes_the_isolate_it_cut():
    short = shorten(f"العنوان: {FSI}{'كلمة ' * 40}{PDI}", limit=50)
    assert short.endswith(f"…{PDI}")
    assert short.count(FSI) == short.count(PDI)
    assert measure(short) <= 50


def test_a_body_that_fits_is_not_touched():
    assert shorten("e\u0301 نص\n", limit=50) == "e\u0301 نص\n"


@pytest.mark.parametrize("whole", [FAMILY, "🇸🇦", "👍🏽", "❤️", "بّ", "각\u11a8", "\r\n"])
def test_what_a_reader_sees_as_one_character_is_one(whole: str):
    assert list(graphemes(whole + "س" + whole)) == [whole, "س", whole]


@pytest.mark.parametrize(
    ("digits", "masked"),
    [
        ("966501110001", "+966•••••0001"),
        ("+966501110001", "+966•••••0001"),
        ("12345", "+•••••45"),
        ("", "•••••"),
        ("muna", "•••••"),
    ],
)
def test_a_phone_is_masked_to_its_country_and_last_digits(digits: str, masked: str):
    assert mask_phone(digits) == masked


@settings(max_examples=200, deadline=None)
@given(HOSTILE, st.integers(3, 80))
def test_one_line_keeps_its_limit_and_its_isolates_for_every_text(text: str, limit: int):
    line = one_line(text, limit=limit)
    assert measure(line) <= limit
    if line:
        inner = line.removeprefix(FSI).removesuffix(PDI)
        assert line == f"{FSI}{inner}{PDI}"
        assert all(unicodedata.category(c) not in ("Cc", "Cs") and c not in BIDI for c in inner)
        assert len(line.splitlines()) == 1


@settings(max_examples=200, deadline=None)
@given(HOSTILE, st.integers(1, 80))
def test_shorten_keeps_its_limit_for_every_text(text: str, limit: int):
    assert measure(shorten(text, limit=limit)) <= limit


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
def test_graphemes_lose_nothing_and_a_cut_falls_between_them(text: str):
    """A mark, a joiner or half a flag never begins what is left."""
    normal = unicodedata.normalize("NFC", plain(text)).strip()
    clusters = list(graphemes(normal))
    assert "".join(clusters) == normal
    kept = shorten(normal, limit=10).removesuffix("…")
    borders = {"".join(clusters[:n]).rstrip() for n in range(len(clusters) + 1)}
    assert kept.rstrip() in borders
