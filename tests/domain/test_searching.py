"""What is asked is found however it was written."""

import pytest

from wakeel.domain.searching import Place, ask, asks_whole_number, number_words, words

MOBILE = number_words("966501230067", "0501230067")


def finds(question: str, text: str, place: Place = Place.WHO) -> bool:
    asked = ask(question, sees_all=True)
    return bool(asked) and all(any(one.fits(place, word) for word in words(text)) for one in asked)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("احمد", "أَحْمَـــد الشمري"),
        ("إبراهيم", "ابراهيم"),
        ("هدي", "هدى"),
        ("فاطمه", "فاطمة"),
        ("مؤسسه", "موسسة الأفق"),
        ("رئيس", "رييس"),
        ("عتيبي", "سعود العتيبي"),
        ("ACME", "acme trading"),
        ("jose", "José"),
        ("الشمري أحم", "أحمد الشمري"),
        ("٣٠٠", "عرض 300 كرسي"),
    ],
)
def test_spelling_does_not_matter(question: str, text: str):
    assert finds(question, text)


def test_every_word_must_be_there():
    assert not finds("أحمد العتيبي", "أحمد الشمري")
    assert not finds("حمد", "أحمد"), "a word is found by its beginning"
    assert ask("  … ", sees_all=True) == ()


@pytest.mark.parametrize(
    "question",
    [
        "0501230067", "+966501230067", "00966501230067", "٠٥٠١٢٣٠٠٦٧", "+966 50 123 0067", "050-123-0067", "0067",
        "٠٠٦٧", "0501", "50123",
    ],
)  # fmt: skip
def test_a_number_is_found_in_any_writing(question: str):
    (asked,) = ask(question, sees_all=True)
    assert any(asked.fits(place, word) for place, word in MOBILE), asked


def test_a_masked_number_is_found_by_the_whole_one_only():
    """Else it could be guessed digit by digit."""
    for part in ("0067", "0501", "50123", "050123006", "96650123006"):
        (asked,) = ask(part, sees_all=False)
        assert not any(asked.fits(place, word, is_seen=False) for place, word in MOBILE), part
        assert any(asked.fits(place, word, is_seen=True) for place, word in MOBILE), part
    for whole in ("0501230067", "+966501230067"):
        (asked,) = ask(whole, sees_all=False)
        assert any(asked.fits(place, word, is_seen=False) for place, word in MOBILE)


@pytest.mark.parametrize(
    ("question", "is_whole"),
    [("0501230067", True), ("مريم +966 50 123 0067", True), ("٠٠٩٦٦٥٠١٢٣٠٠٦٧", True), ("0067", False), ("مريم", False)],
)
def test_a_question_that_could_find_a_masked_number_is_known(question: str, is_whole: bool):
    assert asks_whole_number(ask(question, sees_all=False)) is is_whole
    assert not asks_whole_number(ask(question, sees_all=True))


def test_small_numbers_beside_each_other_stay_words():
    assert finds("فيلا 3 500", "فيلا 500 متر، 3 غرف")
