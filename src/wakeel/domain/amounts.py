"""One amount of money as people type it: Arabic, Persian or Latin digits, with or without the currency's name."""

import re
from decimal import Decimal

from wakeel.domain.text import plain

MOST = Decimal("999999999999.99")
"""What the column holds: fourteen digits, two of them behind the point."""
_DIGITS = {ord(digit): str(value) for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(row)}
_MARKS = {ord("٬"): ",", ord("٫"): "."}
_CURRENCY = r"(?:ريال(?:ا|اً|ًا)?(?:\s+سعوديا?ً?)?|ر\.?\s?س\.?|﷼|sar|sr|riyals?|درهم|دينار|دولار|aed|usd|\$)?"
_NUMBER = r"(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?P<part>\d{1,2}))?"
_AMOUNT = re.compile(rf"{_CURRENCY}\s*{_NUMBER}\s*{_CURRENCY}", re.IGNORECASE)

_WRITTEN = re.compile(r"\d[\d,]*(?:\.\d+)?")


def amount_of(text: str) -> Decimal | None:
    """The amount if the whole text is one, to two places; None for anything else, for less than nothing and too much.

    A comma stands between thousands, a point before the hundredths.
    """
    written = " ".join(plain(text).translate(_DIGITS | _MARKS).split())
    found = _AMOUNT.fullmatch(written)
    if found is None:
        return None
    amount = Decimal(f"{found['whole'].replace(',', '')}.{found['part'] or '0'}").quantize(Decimal("0.01"))
    return amount if amount <= MOST else None


def amount_words(amount: Decimal) -> str:
    """`1,250` or `1,250.50`, with Latin digits."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def value_words(written: str) -> str:
    """A value as somebody wrote it, with the number as we write numbers: `18500 ريال` → `18,500 ريال`. What is not one
    amount stays as it is."""
    amount = amount_of(written)
    if amount is None:
        return written
    return _WRITTEN.sub(amount_words(amount), " ".join(plain(written).translate(_DIGITS | _MARKS).split()), count=1)
