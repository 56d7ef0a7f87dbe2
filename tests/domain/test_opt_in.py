"""What counts as an answer to the question after START, and in which language people are answered."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.opt_in import QUESTION_LIFE, declines, is_waited_for, language_of

ASKED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(days=-3), max_value=timedelta(days=3)))
def test_an_answer_counts_from_the_question_for_a_day(after: timedelta):
    expected = timedelta(0) <= after < QUESTION_LIFE
    assert is_waited_for(ASKED, answered_at=ASKED + after) is expected


def test_without_a_question_nothing_is_an_answer():
    assert not is_waited_for(None, answered_at=ASKED)


@pytest.mark.parametrize("text", ["لا", "لا شكراً", "No", "NO THANKS!", "غير مهتم", "non merci"])
def test_a_no_in_any_spelling_declines(text: str):
    assert declines(text)


@pytest.mark.parametrize("text", ["نعم", "لا أعرف بعد", "", "no problem, send them"])
def test_anything_else_does_not(text: str):
    assert not declines(text)


@pytest.mark.parametrize(
    ("words", "language"),
    [("STOP", "en"), ("إيقاف", "ar"), ("stop من فضلك", "ar"), ("بند کریں", "ar"), ("", "ar"), ("  ", "ar"),
     ("बंद करो", "en"), ("🛑", "en"), ("ﺇﻳﻘﺎﻑ", "ar")],
)  # fmt: skip
def test_arabic_is_the_answer_unless_they_wrote_without_an_arabic_letter(words: str, language: str):
    assert language_of(words) == language
