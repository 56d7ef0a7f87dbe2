"""Numbers, days and lengths of time in the cells of a table."""

from datetime import date, timedelta

from babel.dates import format_date
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wakeel.web.language import page_language
from wakeel.web.templatetags.desk import duration

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """`18,500`, the same in both languages."""
    return f"{number:,}"


@register.filter
def day_words(day: date) -> str:
    """`22 نوفمبر`: a day of the last months, whose year nobody asks about."""
    return format_date(day, "d MMMM", locale=page_language()).replace("\u200f", "")


def took(length: timedelta | None) -> str:
    """A length of time in one unit; '—' for None."""
    return "—" if length is None else duration(length.total_seconds())


@register.filter
def cell(value: str | int | date | timedelta | None) -> str | SafeString:
    """A cell as people read it."""
    match value:
        case int():
            return grouped(value)
        case timedelta() | None:
            return took(value)
        case date():
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_words(value))
        case _:
            return value
