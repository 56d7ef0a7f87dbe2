"""Why an operator skipped an opportunity, and what the ranking learns of it. Issue 7, design section 4."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wakeel.domain.words import Text


class SkipReason(StrEnum):
    """The actions of `skp:` button ids; stored as they are and never given another meaning."""

    WRONG_PERSON = "1"
    NOT_NOW = "2"
    NO_FIT = "3"
    TOO_SMALL = "4"
    ALREADY_DONE = "5"


REASON_WORDS: dict[SkipReason, Text] = {
    SkipReason.WRONG_PERSON: Text("الشخص غير مناسب", "Not the right person"),
    SkipReason.NOT_NOW: Text("الوقت غير مناسب", "Not a good time"),
    SkipReason.NO_FIT: Text("العرض لا يناسبهم", "The offer does not fit"),
    SkipReason.TOO_SMALL: Text("القيمة صغيرة", "Worth too little"),
    SkipReason.ALREADY_DONE: Text("مكررة أو عولجت من قبل", "Done before"),
}
"""Titles of rows: at most 24 characters."""

REASON_EFFECTS: dict[SkipReason, Text] = {
    SkipReason.WRONG_PERSON: Text("فرص هذا الشخص تتأخر في الترتيب", "Their opportunities come later"),
    SkipReason.NOT_NOW: Text("فرصه تتأخر قليلًا لثلاثين يومًا", "Their opportunities come a little later for 30 days"),
    SkipReason.NO_FIT: Text(
        "عروض الغرض نفسه لهم ولجهتهم تتأخر", "Offers of this kind to them and their organisation come later"
    ),
    SkipReason.TOO_SMALL: Text("فرص هذا الشخص تتأخر قليلًا", "Their opportunities come a little later"),
    SkipReason.ALREADY_DONE: Text("لا يغيّر الترتيب", "Changes no order"),
}
"""The smaller line under each: at most 72 characters."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one skip takes off the points of later opportunities.

    person: of the same person. colleague: of others in the same organisation. only_purpose: only where the purpose is
    the same. fades: after so long it counts no more, None for never.
    """

    person: int
    colleague: int = 0
    only_purpose: bool = False
    fades: timedelta | None = None


NO_REASON = Lesson(person=10)
LESSONS: dict[SkipReason, Lesson] = {
    SkipReason.WRONG_PERSON: Lesson(person=30),
    SkipReason.NOT_NOW: Lesson(person=5, fades=timedelta(days=30)),
    SkipReason.NO_FIT: Lesson(person=20, colleague=8, only_purpose=True),
    SkipReason.TOO_SMALL: Lesson(person=5),
    SkipReason.ALREADY_DONE: Lesson(person=0),
}


def lesson_of(reason: str) -> Lesson:
    """Of a stored reason; '' for none given."""
    return LESSONS[SkipReason(reason)] if reason else NO_REASON
