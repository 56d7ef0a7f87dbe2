"""Twins of one address: they match each other, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.addresses import canonical, match_keys, spellings

TWINS = [
    ("5215512345678", "525512345678"),  # Mexico
    ("5491123456789", "541123456789"),  # Argentina
    ("5582999448232", "558299448232"),  # Brazil
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_both_spellings_of_a_number_are_one_person(one: str, other: str):
    assert match_keys(one) == match_keys(other) == {one, other}
    assert canonical(f"+{one}") == canonical(f"+{other}")


@pytest.mark.parametrize(
    "digits",
    [
        "966501234567",
        "971501234567",
        "12125551234",
        "558233448232",  # a landline in Brazil never got the ninth digit
        "5582933448232",
        "52551234567",  # one digit short
        "54112345678",
        "52155123456789",
    ],
)
def test_other_numbers_have_no_twin(digits: str):
    assert match_keys(digits) == {digits}
    assert canonical(f"+{digits}") == f"+{digits}"


def test_a_bsuid_stands_for_itself():
    assert spellings("MX.5215512345678") == {"MX.5215512345678"}
    assert canonical("MX.5215512345678") == "MX.5215512345678"


@given(st.sampled_from(["52", "521", "54", "549", "55", "551199", "966"]), st.text("0123456789", max_size=12))
def test_twins_agree_about_each_other(prefix: str, rest: str):
    """Else a person found from one side would be lost from the other."""
    digits = prefix + rest
    assert digits in match_keys(digits)
    for key in match_keys(digits):
        assert match_keys(key) == match_keys(digits)
        assert canonical(f"+{key}") == canonical(f"+{digits}")
