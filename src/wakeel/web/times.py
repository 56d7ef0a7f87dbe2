"""How long until a moment, in words of the page's language."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

_HOUR = timedelta(hours=1)


def time_left(until: datetime | None, *, now: datetime) -> str:
    """In two units; '' when it is past or None."""
    remaining = until - now if until is not None else timedelta()
    if remaining <= timedelta():
        return ""
    hours, minutes = divmod(int(remaining.total_seconds()) // 60, 60)
    if remaining < _HOUR:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def is_soon(at: datetime | None, *, now: datetime) -> bool:
    """The window is open and less than four hours remain."""
    return at is not None and timedelta() < at - now <= 4 * _HOUR
