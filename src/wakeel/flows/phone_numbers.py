"""Numbers that people type, as E.164; what a number tells about its country is `store.phone_regions`.

Source: reference "consent and contactability", section 7 (normative), read 2026-11-22. What the library knows: which
numbers exist; what it cannot know: whose number it is, therefore a guess of ours always carries its note.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from wakeel import config
from wakeel.domain.addresses import match_keys

_TWO_NUMBERS = re.compile(r"\d[\s)]*(?:[/,;|،؛]|or|أو)[\s(]*\+?\d", re.IGNORECASE)
_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NumberStatus(StrEnum):
    OK = "ok"
    NOT_MOBILE = "not_mobile"  # a landline or unified number: warn, business accounts may use them
    INVALID = "invalid"
    MULTIPLE = "multiple"
    NEEDS_REGION = "needs_region"  # a national form, and no region is set to read it in


class NumberNote(StrEnum):
    ASSUMED_REGION = "assumed_region"  # the default region was added; in another country it is another person
    ASSUMED_INTERNATIONAL = "assumed_international"  # read as if it began with +


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """e164: `+` and digits, None unless status is ok or not_mobile, and for an id of WhatsApp's. reply_to: the id that
    wrote, exactly; None for a typed number. match_keys: the digits under which the same person may be known."""

    status: NumberStatus
    e164: str | None = None
    note: NumberNote | None = None
    reply_to: str | None = None
    match_keys: frozenset[str] = frozenset()


class BadNumber(ValueError):
    """why: multiple, invalid, needs_region or not_mobile. Never carries the number."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def to_e164(raw: str, *, region: str | None = None) -> str:
    """`+` and digits of a mobile. region: to read national forms in; None for the deployment's. Raises BadNumber."""
    number = read_number(raw, region=region or config.get().default_region)
    if number.status is not NumberStatus.OK or number.e164 is None:
        raise BadNumber(number.status)
    return number.e164


def read_number(raw: str, *, region: str | None) -> PhoneNumber:
    """What one typed number is; never raises. region: ISO country to read national forms in, None for no guessing."""
    text = _cleaned(raw)
    if _TWO_NUMBERS.search(text):
        return PhoneNumber(NumberStatus.MULTIPLE)
    if text.startswith("+"):
        number, note = _valid(text, None), None
    elif region is None:
        return PhoneNumber(NumberStatus.NEEDS_REGION)
    else:
        number, note = _guessed(text, region)
    if number is None:
        return PhoneNumber(NumberStatus.INVALID)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    is_mobile = phonenumbers.number_type(number) in _MOBILE
    status = NumberStatus.OK if is_mobile else NumberStatus.NOT_MOBILE
    return PhoneNumber(status, e164, note, match_keys=match_keys(e164[1:]))


def of_wa_id(wa_id: str) -> PhoneNumber:
    """An id that WhatsApp gave us is right as it is; the library calls real ones invalid (old Mexico and Brazil)."""
    return PhoneNumber(NumberStatus.OK, f"+{wa_id}", reply_to=wa_id, match_keys=match_keys(wa_id))


def _cleaned(raw: str) -> str:
    """Invisible marks out, digits in ASCII, a leading 00 as +."""
    text = unicodedata.normalize("NFKC", raw)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    text = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    return f"+{text[2:]}" if text.startswith("00") else text


def _guessed(text: str, region: str) -> tuple[phonenumbers.PhoneNumber | None, NumberNote | None]:
    number = _valid(text, region)
    if number is not None:
        says_country = phonenumbers.normalize_digits_only(text).startswith(str(number.country_code))
        return number, None if says_country else NumberNote.ASSUMED_REGION
    number = _valid(f"+{text}", None)
    return number, NumberNote.ASSUMED_INTERNATIONAL if number else None


def _valid(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
