"""What a number tells about where it is used.

Source: the `phonenumbers` library; reference "consent and contactability", section 7, read 2026-11-22.
"""

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

from wakeel.domain.addresses import spellings

_UNKNOWN_ZONE = "Etc/Unknown"
_NO_COUNTRY = "001"
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
    try:
        return phonenumbers.parse(address) if address.startswith("+") else None
    except phonenumbers.NumberParseException:
        return None
