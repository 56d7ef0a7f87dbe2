"""Times of a meeting as an operator types them: `الأحد 10:00، الاثنين ١:٣٠ م`, `Sunday 10:00`, `30/11 11:00`."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wakeel.domain.meetings import MOST
from wakeel.domain.text import plain

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"})
_DAYS = {
    **dict.fromkeys(("الاثنين", "اثنين", "monday", "mon"), 0),
    **dict.fromkeys(("الثلاثاء", "ثلاثاء", "tuesday", "tue"), 1),
    **dict.fromkeys(("الاربعاء", "اربعاء", "wednesday", "wed"), 2),
    **dict.fromkeys(("الخميس", "خميس", "thursday", "thu"), 3),
    **dict.fromkeys(("الجمعه", "جمعه", "friday", "fri"), 4),
    **dict.fromkeys(("السبت", "سبت", "saturday", "sat"), 5),
    **dict.fromkeys(("الاحد", "احد", "sunday", "sun"), 6),
}
_AHEAD = {"اليوم": 0, "today": 0, "غدا": 1, "بكره": 1, "tomorrow": 1}
_MORNING = frozenset({"ص", "صباحا", "am", "a.m."})
_EVENING = frozenset({"م", "مساء", "عصرا", "ظهرا", "pm", "p.m."})
_SMALL_WORDS = frozenset({"يوم", "الساعه", "ساعه", "في", "on", "at", "و", "and", "او", "or"})
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?", re.ASCII)
_CHOICES = frozenset(str(number) for number in range(1, MOST + 1))
_LONGEST_TYPED = 200
_WEEK = 7
_NOON = 12


@dataclass(frozen=True, slots=True)
class TypedTimes:
    """slots: aware UTC, in order, each once. has_past: one of them is over, so none of them counts."""

    slots: tuple[datetime, ...]
    has_past: bool = False


def read_times(text: str, *, zone: ZoneInfo, now: datetime) -> TypedTimes | None:
    """One to three times if the whole text is nothing else; None for every other text.

    A weekday is the next one; a day and month without a year the next one too. Wall time of `zone`.
    """
    folded = plain(text, keep_newlines=True).translate(_DIGITS).translate(_FOLDED).replace("ً", "").lower()
    if len(folded) > _LONGEST_TYPED:
        return None
    parts = [part for part in re.split(r"[,،;؛\n]+|\s+(?:او|or)\s+", folded) if part.strip()]
    if not 1 <= len(parts) <= MOST:
        return None
    found = [_one(part.split(), zone=zone, now=now) for part in parts]
    if any(slot is None for slot in found):
        return None
    slots = tuple(sorted({slot for slot in found if slot is not None}))
    return TypedTimes(slots, has_past=any(slot <= now for slot in slots))


def read_choice(text: str) -> int | None:
    """The number of a proposed time if the whole text is one; None for every other text."""
    folded = plain(text).translate(_DIGITS).strip(" .)")
    return int(folded) if folded in _CHOICES else None


def _one(words: list[str], *, zone: ZoneInfo, now: datetime) -> datetime | None:
    """One day and one hour, in whichever order; None if there is anything else."""
    today = now.astimezone(zone).date()
    day: date | None = None
    clock: tuple[int, int] | None = None
    half = ""
    weekday = None
    for word in words:
        if word in _SMALL_WORDS:
            continue
        bare = word[1:] if word.startswith("و") and word[1:] in _DAYS else word
        if bare in _DAYS and weekday is None:
            weekday = _DAYS[bare]
        elif bare in _AHEAD and day is None:
            day = today + timedelta(days=_AHEAD[bare])
        elif (match := _DATE.fullmatch(bare)) and day is None:
            day = _date_of(match, today)
            if day is None:
                return None
        elif (match := _CLOCK.fullmatch(bare)) and clock is None:
            clock = int(match[1]), int(match[2] or 0)
        elif bare in _MORNING | _EVENING and not half:
            half = "am" if bare in _MORNING else "pm"
        else:
            return None
    minutes = _minutes(clock, half) if clock is not None else None
    if minutes is None or (day is None and weekday is None):
        return None
    return _instant(day, weekday, minutes, today=today, zone=zone, now=now)


def _instant(
    day: date | None, weekday: int | None, minutes: int, *, today: date, zone: ZoneInfo, now: datetime
) -> datetime | None:
    at = time(minutes // 60, minutes % 60)
    if day is None:
        day = today + timedelta(days=((weekday or 0) - today.weekday()) % _WEEK)
        if datetime.combine(day, at, zone) <= now:
            day += timedelta(days=_WEEK)
    elif weekday is not None and day.weekday() != weekday:
        # "Sunday 30/11" where that is no Sunday: one of the two is a slip, and nobody knows which.
        return None
    return datetime.combine(day, at, zone).astimezone(UTC)


def _date_of(match: re.Match[str], today: date) -> date | None:
    try:
        if match[3]:
            return date(int(match[3]), int(match[2]), int(match[1]))
        this_year = date(today.year, int(match[2]), int(match[1]))
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)
    except ValueError:
        return None


def _minutes(clock: tuple[int, int], half: str) -> int | None:
    hour, minute = clock
    if half and not 1 <= hour <= _NOON:
        return None
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a clock
