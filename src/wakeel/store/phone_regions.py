"""What a number tells about where it is used.

Source: the `phonenumbers` library; reference "consent and contactability", section 7, read 2026-11-22.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

from wakeel.domain.addresses import spellings

_UNKNOWN_ZONE = "Etc/Unknown"
_NO_COUNTRY = "001"
_LONGEST, _LONGEST_CODE, _SHORTEST = 15, 3, 4
"""Digits of a whole number and of its calling code (E.164); of what follows that one, where we read it ourselves."""
_REMEMBERED = 32_768
"""Everybody a large campaign writes to in some minutes; a few megabytes."""


def country_of(address: str) -> str | None:
    """Two letters, such as SA, of a number, or of a BSUID by its prefix; None for numbers of no country."""
    if not address.startswith("+"):
        prefix, dot, _ = address.partition(".")
        return prefix if dot else None
    return _region(address)[0]


def time_zones_of(address: str) -> tuple[str, ...]:
    """Every zone the number may be in; empty if nobody can tell. A +1 number gives the zone of its area code.

    () for a BSUID. The zone of the number, not of the person.
    """
    return _region(address)[1] if address.startswith("+") else ()


@lru_cache(_REMEMBERED)
def _region(address: str) -> tuple[str | None, tuple[str, ...]]:
    """Country and time zones of `+` and digits: reading them is most of the work, and both are asked for."""
    number = _known(address)
    if number is None:
        return None, ()
    country = phonenumbers.region_code_for_number(number)
    zones = timezone.time_zones_for_number(number)
    return None if country == _NO_COUNTRY else country, tuple(sorted(zone for zone in zones if zone != _UNKNOWN_ZONE))


def _known(address: str) -> phonenumbers.PhoneNumber | None:
    """The number in the spelling that the library knows: old ids of Mexico and Brazil are real, and invalid to it."""
    parsed = [number for number in map(_parsed, sorted(spellings(address))) if number]
    if len(parsed) < 2:  # noqa: PLR2004 - nothing to choose from
        return next(iter(parsed), None)
    valid = [number for number in parsed if phonenumbers.is_valid_number(number)]
    return next(iter([*valid, *parsed]), None)


def _parsed(address: str) -> phonenumbers.PhoneNumber | None:
    if not address.startswith("+"):
        return None
    try:
        return _plainly(address[1:]) or phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return None


def _plainly(digits: str) -> phonenumbers.PhoneNumber | None:
    """What the library reads, for a tenth of its time, where nothing is to be taken off; else None."""
    if not (digits.isascii() and digits.isdigit()) or digits[0] == "0" or len(digits) > _LONGEST:
        return None
    for length in range(1, min(_LONGEST_CODE, len(digits) - _SHORTEST) + 1):
        if (code := int(digits[:length])) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            prefix, national = _national_prefix(code), digits[length:]
            is_plain = national[0] != "0" and (prefix is None or prefix.match(national) is None)
            return phonenumbers.PhoneNumber(code, int(national)) if is_plain else None
    return None


@lru_cache(512)
def _national_prefix(code: int) -> re.Pattern[str] | None:
    """What people of this country may write before a number at home; None if nothing."""
    region = phonenumbers.region_code_for_country_code(code)
    found = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    written = found.national_prefix_for_parsing if found else None
    return re.compile(written) if written else None
