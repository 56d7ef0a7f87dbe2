"""Dates written out in both languages, for texts that are handed over."""

from datetime import datetime

from babel.dates import format_date
from django.utils import timezone

from wakeel.domain.words import Text


def long_day(at: datetime) -> Text:
    """The day in the business's zone, such as 1 June 2026."""
    day = timezone.localtime(at).date()
    return Text(*(format_date(day, "d MMMM y", locale=locale).replace("\u200f", "") for locale in ("ar", "en")))
