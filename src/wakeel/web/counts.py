"""A number with its noun, and how far a moment is away, with all of Arabic's plural forms."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext, ngettext


class Noun(StrEnum):
    """What is counted on the pages."""

    MESSAGE = "message"
    DRAFT = "draft"
    OPPORTUNITY = "opportunity"
    ITEM = "item"
    CONTACT = "contact"
    ATTEMPT = "attempt"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


def counted(noun: Noun, number: int) -> str:
    """`3 رسائل`: the noun as its number asks for it, standing alone; after "in" and "ago" it bends (see below)."""
    match noun:
        case Noun.MESSAGE:
            words = ngettext("%(number)s message", "%(number)s messages", number)
        case Noun.DRAFT:
            words = ngettext("%(number)s draft", "%(number)s drafts", number)
        case Noun.OPPORTUNITY:
            words = ngettext("%(number)s opportunity", "%(number)s opportunities", number)
        case Noun.ITEM:
            words = ngettext("%(number)s item", "%(number)s items", number)
        case Noun.CONTACT:
            words = ngettext("%(number)s contact", "%(number)s contacts", number)
        case Noun.ATTEMPT:
            words = ngettext("%(number)s attempt", "%(number)s attempts", number)
        case Noun.SECOND:
            words = ngettext("%(number)s second", "%(number)s seconds", number)
        case Noun.MINUTE:
            words = ngettext("%(number)s minute", "%(number)s minutes", number)
        case Noun.HOUR:
            words = ngettext("%(number)s hour", "%(number)s hours", number)
        case Noun.DAY:
            words = ngettext("%(number)s day", "%(number)s days", number)
    return words % {"number": f"{number:,}"}


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def ago(at: datetime, *, now: datetime) -> str | None:
    """`قبل دقيقتين`, in one unit; None for a day and longer, where the date says more."""
    past = max(now - at, timedelta())
    if past >= _DAY:
        return None
    if past < _MINUTE:
        return gettext("just now")
    if past < _HOUR:
        minutes = past // _MINUTE
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    hours = past // _HOUR
    return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}


def ahead(at: datetime, *, now: datetime) -> str | None:
    """`بعد دقيقتين`, in one unit, never longer than it will be; None for a day and longer."""
    left = max(at - now, timedelta())
    if left >= _DAY:
        return None
    if left < _MINUTE:
        seconds = left // timedelta(seconds=1)
        return ngettext("in %(count)d second", "in %(count)d seconds", seconds) % {"count": seconds}
    if left < _HOUR:
        minutes = left // _MINUTE
        return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    hours = left // _HOUR
    return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
