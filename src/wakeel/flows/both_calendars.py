"""Times as people on both sides read them: weekday, Gregorian and Hijri date, and the hour where they are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location
from hijridate import Gregorian

from wakeel.domain.words import Language, Text

_DAY = Text("{weekday_and_date}م، {hijri}هـ", "{weekday_and_date}, {hijri} AH")
_DAY_ALONE = Text("{weekday_and_date}م", "{weekday_and_date}")
_AT = Text("{day}، الساعة {time}", "{day}, {time}")
_PLACE = Text("بتوقيت {place}", "{place} time")


def day_words(day: date, language: str) -> str:
    """`الأحد 29 نوفمبر 2026م، 19 جمادى الآخرة 1448هـ`; without the Hijri date where its tables end.

    Umm al-Qura by hijridate, 1924-08-01 to 2077-11-16 (toolchain 11); the announced date may differ by a day.
    """
    written = format_date(day, "EEEE d MMMM yyyy", _locale(language)).replace("\u200f", "")
    try:
        hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    except OverflowError:
        return _DAY_ALONE.say(language, weekday_and_date=written)
    month = hijri.month_name("en" if language == Language.EN else "ar")
    said = f"{hijri.day} {month} {hijri.year}"
    return _DAY.say(language, weekday_and_date=written, hijri=said)


def time_words(at: datetime, language: str, *, zone: str) -> str:
    """Day in both calendars and the hour on the clocks of `zone`, which is not named."""
    local = at.astimezone(ZoneInfo(zone))
    hour = format_time(local.time(), "h:mm a", locale=_locale(language)).replace("\u200f", "").replace("\u202f", " ")
    return _AT.say(language, day=day_words(local.date(), language), time=hour)


def zone_words(zone: str, language: str) -> str:
    """`بتوقيت الرياض`."""
    place = get_timezone_location(zone, locale=_locale(language), return_city=True)
    return _PLACE.say(language, place=place)


def _locale(language: str) -> str:
    return "en" if language == Language.EN else "ar"
