"""Numbers in Arabic-Indic digits, and what is no number left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.amounts import amount_of
from wakeel.domain.digits import in_arabic_digits


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("18,500.50 ر.س", "١٨٬٥٠٠٫٥٠ ر.س"),
        ("22 نوفمبر 2026، 12:08 م", "٢٢ نوفمبر ٢٠٢٦، ١٢:٠٨ م"),
        ("25%", "٢٥٪"),
        ("1, 2. ثم نقطة.", "١, ٢. ثم نقطة."),
        ("لا أرقام، ولا شيء.", "لا أرقام، ولا شيء."),
    ],
)
def test_numbers_are_written_as_arabs_write_them(latin: str, arabic: str):
    assert in_arabic_digits(latin) == arabic


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_is_read_back_as_the_same_amount(amount):
    """What the page writes in these digits may be typed into a form of ours again."""
    assert amount_of(in_arabic_digits(f"{amount:,}")) == amount
