"""One WhatsApp address in its several spellings: which of them mean the same person.

Twins decide matching and keyed tokens, never where a message goes: that is always the address that wrote. Source:
reference "consent and contactability", section 7 (normative), read 2026-11-22.
"""

import re
from collections.abc import Callable
from functools import lru_cache

_MEXICO_LONG = re.compile(r"521\d{10}", re.ASCII)
_MEXICO_SHORT = re.compile(r"52\d{10}", re.ASCII)
_ARGENTINA_LONG = re.compile(r"549\d{10}", re.ASCII)
_ARGENTINA_SHORT = re.compile(r"54\d{10}", re.ASCII)
# Of Brazil's eight old digits the first tells mobiles (6 to 9) from landlines, which never got a ninth.
_BRAZIL_LONG = re.compile(r"55\d{2}9[6-9]\d{7}", re.ASCII)
_BRAZIL_SHORT = re.compile(r"55\d{2}[6-9]\d{7}", re.ASCII)
_AFTER_AREA = 4
_WITH_TWINS = ("52", "54", "55")
"""Mexico, Argentina, Brazil."""

_TWINS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_MEXICO_LONG, lambda digits: "52" + digits[3:]),
    (_MEXICO_SHORT, lambda digits: "521" + digits[2:]),
    (_ARGENTINA_LONG, lambda digits: "54" + digits[3:]),
    (_ARGENTINA_SHORT, lambda digits: "549" + digits[2:]),
    (_BRAZIL_LONG, lambda digits: digits[:_AFTER_AREA] + digits[_AFTER_AREA + 1 :]),
    (_BRAZIL_SHORT, lambda digits: f"{digits[:_AFTER_AREA]}9{digits[_AFTER_AREA:]}"),
)


@lru_cache(maxsize=4096)
def match_keys(digits: str) -> frozenset[str]:
    """These international digits (no `+`) and their twin, if the country has one; each twin gives the same set."""
    if not digits.startswith(_WITH_TWINS):
        return frozenset({digits})
    return frozenset({digits, *(twin(digits) for form, twin in _TWINS if form.fullmatch(digits))})


def spellings(value: str) -> frozenset[str]:
    """Every way in which this address may stand in a row: `+` and digits with its twin, or a BSUID alone."""
    if not value.startswith("+"):
        return frozenset({value})
    return frozenset(f"+{key}" for key in match_keys(value[1:]))


def canonical(value: str) -> str:
    """One stable spelling for all twins of an address, for matching and keyed tokens; it may not exist as a number."""
    return min(spellings(value))
