"""Sums of money as people write them into a line or a text: «٣٦ ألف ريال», "36,000 SAR", "$1.5m".

Our own compilation of how prices are written around the Gulf. A reading is a suspicion for a rule to weigh, never an
account; what an operator types as the worth of a deal is read by `amounts`.
"""

import re
from decimal import Decimal

from wakeel.domain.text import plain

MOST_DIGITS = 15
"""Longer runs of digits are ids and phone numbers, no sums."""

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬٫", "01234567890123456789,.")
_NUMBER = r"\d{1,3}(?:[,’' ]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_TIMES = {
    "الف": 1_000, "ألف": 1_000, "آلاف": 1_000, "الاف": 1_000, "ألفا": 1_000, "k": 1_000, "thousand": 1_000,
    "مليون": 1_000_000, "ملايين": 1_000_000, "m": 1_000_000, "million": 1_000_000,
}  # fmt: skip
_TIMES_WORD = "|".join(sorted(_TIMES, key=len, reverse=True))
_CURRENCY = (
    r"ر\.? ?س\b|ريالات|ريالا?\b|﷼|\u20c1|د\.? ?إ\b|دراهم|درهما?\b|دنانير|دينارا?\b|دولارا?\b|دولارات|يورو\b|جنيها?\b"
    r"|(?:sar|sr|aed|kwd|qar|bhd|omr|usd|eur|gbp|riyals?|dirhams?|dinars?|dollars?|euros?)\b|\$|€|£"
)
_AMOUNT = re.compile(rf"(?<![\d.,])({_NUMBER})(?!\d)(?:\s?({_TIMES_WORD})\b)?", re.IGNORECASE)
_PRICE = re.compile(
    rf"(?<![\d.,])(?:{_NUMBER})(?:\s?(?:{_TIMES_WORD}))?\s?(?:{_CURRENCY})|(?<!\w)(?:{_CURRENCY})\s?\d", re.IGNORECASE
)


def greatest_amount(written: str) -> Decimal | None:
    """The greatest number in a line about a value, thousands and millions in words counted; None without one."""
    found = [_amount(number, times) for number, times in _AMOUNT.findall(_latin(written))]
    return max((amount for amount in found if amount is not None), default=None)


def names_price(text: str) -> bool:
    """Whether a text names a sum with its currency."""
    return _PRICE.search(_latin(text)) is not None


def _latin(text: str) -> str:
    return plain(text, keep_newlines=True).translate(_DIGITS)


def _amount(number: str, times: str) -> Decimal | None:
    digits = re.sub(r"[,’' ]", "", number)
    if len(digits) > MOST_DIGITS:
        return None
    return Decimal(digits) * _TIMES.get(times.lower(), 1)
