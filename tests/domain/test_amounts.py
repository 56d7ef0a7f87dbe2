"""Amounts as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.amounts import MOST, amount_of, amount_words, value_words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", "12500"),
        ("١٢٥٠٠", "12500"),
        ("۱۲٬۵۰۰", "12500"),
        ("12,500.75", "12500.75"),
        ("١٢٬٥٠٠٫٧٥ ر.س", "12500.75"),
        ("  900 ريال ", "900"),
        ("SAR 1,000,000", "1000000"),
        ("0", "0"),
        ("\u202e50", "50"),
    ],
)
def test_a_number_is_read_in_whatever_digits(text: str, amount: str):
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "ألف", "-5", "12,50", "1.234", "12 500", "50%", "بين 5 و 6", "5 + 6", "1e9", "9" * 13, "²", "5\n6", "1,2,3"],
)
def test_what_is_not_one_amount_is_none(text: str):
    assert amount_of(text) is None


@given(st.text())
def test_any_text_is_an_amount_that_fits_the_column_or_none(text: str):
    found = amount_of(text)
    assert found is None or (0 <= found <= MOST and found == round(found, 2))


@given(st.decimals(0, MOST, places=2))
def test_what_is_said_is_read_back(amount: Decimal):
    assert amount_of(amount_words(amount)) == amount


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("18500", "18,500"), ("18500 ريال", "18,500 ريال"), ("SAR ١٨٥٠٠", "SAR 18,500"), ("12,500.50", "12,500.50"),
        ("", ""), ("من 18000 إلى 20000", "من 18000 إلى 20000"), ("18 ألف", "18 ألف"),
    ],
)  # fmt: skip
def test_a_value_that_is_one_amount_is_written_as_amounts_are(written: str, shown: str):
    assert value_words(written) == shown
