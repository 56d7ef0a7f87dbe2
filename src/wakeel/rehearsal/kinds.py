"""What may stand in a field of a scenario file, beside plain text, numbers, `true` and `false`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NewType

Person = NewType("Person", str)
"""A key of `people`, or `operator`: whoever decides."""
DealName = NewType("DealName", str)
"""A key of `deals`."""
NewName = NewType("NewName", str)
"""Names what a step brings about, for later steps."""
MessageName = NewType("MessageName", str)
"""A name that an earlier step gave with `as`."""
Words = NewType("Words", str)
"""Text in which `${…}` stands for what is known by then; see `values`."""
Pattern = NewType("Pattern", str)
"""A regular expression with one group: what is kept of a text."""

NO_WORDS = Words("")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hour:
    """The next time that it is so late. weekday: 0 is Monday, None any day."""

    weekday: int | None
    hours: int
    minutes: int


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
HOUR = "a time of day such as 22:30, or with its day: sun 22:30"
DURATION = "seconds, or such as 30s, 10m, 25h, 6d, 1h30m"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
VALUE = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
"""`$${` is a text that has `${` in it."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+")
_HOUR = re.compile(rf"(?:({'|'.join(DAYS)}) )?(\d{{1,2}}):(\d{{2}})")
_PIECE = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def duration(text: str) -> timedelta | None:
    """The time that `text` means; None when it means none."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return timedelta(seconds=float(text))
    if not _DURATION.fullmatch(text):
        return None
    return timedelta(seconds=sum(float(number) * UNITS[unit] for number, unit in _PIECE.findall(text)))


def hour(text: str) -> Hour | None:
    """The moment that `text` means: `22:30`, `sun 22:30`; None when it means none."""
    found = _HOUR.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:  # noqa: PLR2004  (a clock)
        return None
    return Hour(DAYS.index(found[1]) if found[1] else None, int(found[2]), int(found[3]))


def pattern_fault(text: str) -> str | None:
    """Why a regular expression cannot be used; None if it can."""
    try:
        groups = re.compile(text).groups
    except re.error as error:
        return f"is no regular expression: {error}"
    return None if groups == 1 else "must have exactly one group (…): what is kept"
