"""Numbers that people type, as E.164. Source: reference "consent and contactability", section 7, read 2026-11-22."""

import re
import unicodedata

import phonenumbers

DEFAULT_REGION = "SA"
_TWO_NUMBERS = re.compile(r"\d\s*(?:[/,;|،؛]|\bor\b|أو)\s*\+?\d")
_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


class BadNumber(ValueError):
    """why: multiple, invalid or not_mobile. Never carries the number."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def to_e164(raw: str, *, region: str = DEFAULT_REGION) -> str:
    """`+` and digits. Reads Arabic digits, spaces, 00 and national forms of `region`. Raises BadNumber."""
    text = unicodedata.normalize("NFKC", raw)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    text = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    if _TWO_NUMBERS.search(text):
        raise BadNumber("multiple")
    if text.startswith("00"):
        text = "+" + text[2:]
    number = _valid(text, region) or _valid(f"+{text}", None)
    if number is None:
        raise BadNumber("invalid")
    if phonenumbers.number_type(number) not in _MOBILE:
        raise BadNumber("not_mobile")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _valid(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
