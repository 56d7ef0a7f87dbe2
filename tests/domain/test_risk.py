"""The rule about risk: which texts are high, which low, and from where two people must approve."""

from decimal import Decimal

import pytest

from wakeel.domain.named_prices import greatest_amount, names_price
from wakeel.domain.risk import Risk, RiskFacts, needs_two, risk_of

USUAL = {"category": "marketing", "is_template": False, "is_window_open": True, "has_written": True}


@pytest.mark.parametrize(
    ("facts", "risk"),
    [
        ({}, "normal"),
        ({"category": "service"}, "low"),
        ({"category": "service", "is_window_open": False}, "normal"),
        ({"category": "utility"}, "normal"),
        ({"category": "service", "findings": ["CONTENT_RISKY_CLAIM:guarantee"]}, "high"),
        ({"category": "service", "names_price": True}, "high"),
        ({"value": Decimal(50_000), "high_value": Decimal(50_000)}, "high"),
        ({"value": Decimal(49_999), "high_value": Decimal(50_000)}, "normal"),
        ({"value": Decimal(50_000)}, "normal"),
        ({"high_value": Decimal(1)}, "normal"),
        ({"is_template": True, "has_written": False}, "high"),
        ({"is_template": True}, "normal"),
        ({"is_template": True, "has_written": False, "category": "utility"}, "normal"),
    ],
)
def test_the_first_rule_that_fits_says_the_risk(facts, risk):
    assert risk_of(RiskFacts(**{**USUAL, **facts})) == risk


def test_two_are_needed_from_the_chosen_risk_on():
    found = [[needs_two(risk, quorum_from=start) for risk in Risk] for start in ("", *Risk)]
    assert found == [[False, False, False], [True, True, True], [False, True, True], [False, False, True]]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("36,000 ر.س", 36_000), ("٣٦ ألف ريال", 36_000), ("1.5 مليون", 1_500_000), ("$2.5k", 2_500),
        ("١٢٬٥٠٠٫٥", 12_500.5),
        ("بين 10 و 40 ألف", 40_000), ("بلا قيمة", None), ("", None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_the_worth_of_an_opportunity_is_read_as_people_write_it(written, amount):
    assert greatest_amount(written) == (None if amount is None else Decimal(str(amount)))


@pytest.mark.parametrize(
    ("text", "is_price"),
    [
        ("السعر ٢٥٠ ريالًا للرخصة", True), ("بمبلغ 36,000 ر.س شهريًا", True), ("from SAR 900", True), ("only $15", True),
        ("ألف ريال", False), ("موعدنا 10:30 صباحًا", False), ("40 رخصة", False), ("اتصل على 0501234567", False),
        ("ريال مدريد فاز", False), ("4,000 مشترك", False), ("9" * 5_000, False), ("ريال " * 1_000, False),
    ],
)  # fmt: skip
def test_a_price_is_a_number_with_its_currency(text, is_price):
    assert names_price(text) is is_price
