"""Numbers that people type, where the oracle's cases leave something open."""

import pytest

from wakeel import config
from wakeel.flows.phone_numbers import BadNumber, NumberNote, NumberStatus, of_wa_id, read_number, to_e164


@pytest.mark.parametrize(
    "raw",
    ["0501234567/0559876543", "(050)1234567 ; (055)9876543", "0501234567 أو 0559876543", "0501234567 OR 0559876543",
     "٠٥٠١٢٣٤٥٦٧، ٠٥٥٩٨٧٦٥٤٣", "0501234567|+966559876543"],
)  # fmt: skip
def test_two_numbers_in_one_field_are_told_apart_from_a_bad_one(raw: str):
    assert read_number(raw, region="SA").status is NumberStatus.MULTIPLE


@pytest.mark.parametrize("raw", ["", "  ", "مريم", "12", "+", "+0", "00", "‎", "9" * 300, "050 123 45 67 89"])
def test_what_is_no_number_is_invalid_and_nothing_worse(raw: str):
    found = read_number(raw, region="SA")
    assert found.status is NumberStatus.INVALID
    assert (found.e164, found.note, found.match_keys) == (None, None, frozenset())


def test_the_same_digits_are_another_person_in_another_country():
    """Therefore the guess carries its note, and the region is a setting that an import shows."""
    here, there = read_number("0501234567", region="SA"), read_number("0501234567", region="AE")
    assert (here.e164, there.e164) == ("+966501234567", "+971501234567")
    assert here.note == there.note == NumberNote.ASSUMED_REGION


def test_an_international_number_needs_no_region():
    assert read_number("+966501234567", region=None).e164 == "+966501234567"
    assert read_number("00966501234567", region=None).note is None


def test_ids_of_whatsapp_are_never_checked():
    """Both are invalid to the library, and real."""
    for wa_id in ("5215512345678", "558299448232"):
        assert read_number(f"+{wa_id}", region=None).status is NumberStatus.INVALID
        assert of_wa_id(wa_id).reply_to == wa_id


def test_the_deployments_region_reads_national_forms(monkeypatch: pytest.MonkeyPatch):
    assert to_e164("0501234567") == "+966501234567"
    monkeypatch.setenv("WAKEEL_DEFAULT_REGION", "AE")
    config.get.cache_clear()
    try:
        assert to_e164("0501234567") == "+971501234567"
        assert to_e164("0501234567", region="SA") == "+966501234567"
    finally:
        monkeypatch.undo()
        config.get.cache_clear()


@pytest.mark.parametrize(
    ("raw", "why"),
    [("0112345678", "not_mobile"), ("050123456", "invalid"), ("0501234567 / 0559876543", "multiple")],
)
def test_a_refused_number_says_why_and_not_which(raw: str, why: str):
    with pytest.raises(BadNumber) as caught:
        to_e164(raw)
    assert caught.value.why == why
    assert not any(digit in str(caught.value) for digit in "0123456789")
