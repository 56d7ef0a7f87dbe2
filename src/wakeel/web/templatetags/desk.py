"""Filters and tags of the pages: words of the domain, times, icons, one-time keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from uuid import uuid4

from babel import Locale
from babel.dates import format_datetime
from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from wakeel.domain.answers import PURPOSE_WORDS, SCOPE_WORDS
from wakeel.domain.message_kinds import KIND_WORDS
from wakeel.domain.roles import Act
from wakeel.domain.words import Language, Text
from wakeel.flows.reply import reason_words, state_words
from wakeel.store.screens.queue import COUNTED_TO
from wakeel.store.screens.seat import Seat
from wakeel.web import icons
from wakeel.web.forms_templates import PAYLOADS
from wakeel.web.language import page_language
from wakeel.web.times import is_soon, time_left

register = template.Library()

_KILOBYTES, _MEGABYTES = Text("{number} ك.ب", "{number} kB"), Text("{number} م.ب", "{number} MB")
_MEGABYTE = 1_000_000
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


@register.filter
def may(seat: Seat, act: str) -> bool:
    """Whether this seat's roles allow the act, by its word in `domain.roles.Act`."""
    return seat.may(Act(act))


@register.filter
def say(text: Text) -> str:
    """Words of ours in the language of the page."""
    return text.say(page_language())


@register.filter
def file_size(size: int | None) -> str:
    """Bytes as people say them, the digits as everywhere else on the pages; '' for None."""
    if size is None:
        return ""
    unit, words = (_MEGABYTE, _MEGABYTES) if size >= _MEGABYTE else (1000, _KILOBYTES)
    return words.say(page_language(), number=f"{max(size / unit, 0.1):.1f}")


@register.filter
def tap_does(payload: str) -> str:
    """What a tap on a template's button brings; the payload itself if it is no known one."""
    return str(dict(PAYLOADS).get(payload, payload))


@register.filter
def shown(value: Text | str) -> str:
    """A cell that holds words of ours, or what somebody wrote."""
    return say(value) if isinstance(value, Text) else value


@register.filter
def state(word: str) -> str:
    """The name of a stored state."""
    return state_words(word).say(page_language())


@register.filter
def message_kind(word: str) -> str:
    """What kind of thing came without words; Meta's own word for a new one."""
    return KIND_WORDS[word].say(page_language()) if word in KIND_WORDS else word


@register.filter
def purpose(word: str) -> str:
    return PURPOSE_WORDS[word].say(page_language()) if word in PURPOSE_WORDS else word


@register.filter
def scope(word: str) -> str:
    return SCOPE_WORDS[word].say(page_language()) if word in SCOPE_WORDS else word


@register.simple_tag
def reason(code: str, facts: Mapping[str, object] | None = None) -> str:
    """The sentence of a reason code, its times and words filled in; the bare code if it is not ours."""
    try:
        return reason_words(code, facts or {}, page_language())
    except ValueError:
        return code


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> str | SafeString:
    """A moment in the business's zone; the day is named only when it is not today. '—' for None."""
    if at is None:
        return "—"
    local, today = timezone.localtime(at), timezone.localtime(context["now"]).date()
    time_of_day = clock_time(at)
    if local.date() == today:
        words = time_of_day
    elif local.date() == today - timedelta(days=1):
        words = gettext("yesterday %(time)s") % {"time": time_of_day}
    else:
        words = _formatted(local, "d MMMM y، h:mm a" if page_language() is Language.AR else "d MMMM y, h:mm a")
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), written_out(at), words)


def clock_time(at: datetime) -> str:
    """`12:07 م`."""
    return _formatted(timezone.localtime(at), "h:mm a")


def written_out(at: datetime) -> str:
    """The exact moment in the business's zone, for those who ask."""
    comma = "،" if page_language() is Language.AR else ","
    return _formatted(timezone.localtime(at), f"d MMMM y{comma} h:mm:ss a")


@register.simple_tag
def day(at: datetime) -> SafeString:
    """A date in the business's zone, for things that happened long ago."""
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), _formatted(local, "d MMMM y"))


@register.simple_tag(takes_context=True)
def left(context: Context, until: datetime | None) -> str:
    """How long until then, in two units; '' when it is past or None."""
    return time_left(until, now=context["now"])


@register.simple_tag(takes_context=True)
def is_past(context: Context, at: datetime | None) -> bool:
    """True for None too: what never opened is not open."""
    return at is None or at <= context["now"]


@register.simple_tag(takes_context=True)
def closes_soon(context: Context, at: datetime | None) -> bool:
    """The window is open and less than four hours remain."""
    return is_soon(at, now=context["now"])


@register.filter
def duration(seconds: float) -> str:
    """A length of time in one unit, whole numbers, in words."""
    whole = max(0, int(seconds))
    if whole < 2 * _MINUTE_S:
        return ngettext("%(count)d second", "%(count)d seconds", whole) % {"count": whole}
    if whole < 2 * _HOUR_S:
        minutes = whole // _MINUTE_S
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if whole < 2 * _DAY_S:
        hours = whole // _HOUR_S
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = whole // _DAY_S
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def leaves_in(context: Context, due_at: datetime) -> str:
    """When a pending message leaves, in words."""
    number = max(0, int((due_at - context["now"]).total_seconds()))
    if number > 2 * _MINUTE_S:
        return gettext("leaves at %(time)s") % {"time": _formatted(timezone.localtime(due_at), "d MMMM h:mm a")}
    return ngettext("leaves in %(count)d second", "leaves in %(count)d seconds", number) % {"count": number}


@register.filter
def counted(number: int) -> str | SafeString:
    """A number on a badge; beyond COUNTED_TO nobody counts."""
    return str(number) if number < COUNTED_TO else format_html('<bdi dir="ltr">{}+</bdi>', COUNTED_TO)


@register.filter
def initial(name: str) -> str:
    """The letter in the circle beside a name."""
    return next((letter for letter in name if letter.isalpha()), "؟" if page_language() is Language.AR else "?")


@register.filter
def tint(name: str) -> int:
    """One of four circle colours, always the same for a name."""
    return sum(map(ord, name)) % 4


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon; it says nothing to a screen reader, the words beside it do."""
    css = "icon mirrored" if name in icons.MIRRORED else "icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="{}"/></svg>',
        css,
        icons.PATHS[name],
    )


@register.simple_tag
def fresh_key() -> str:
    """A one-time key for one form."""
    return str(uuid4())


def _formatted(local: datetime, pattern: str) -> str:
    return _written_out(local, pattern, page_language())


_LOCALES = {language: Locale.parse(language) for language in ("ar", "en")}


@lru_cache(maxsize=4096)
def _written_out(local: datetime, pattern: str, language: str) -> str:
    """Remembered: a page that asks for itself every few seconds says the same moments again."""
    # Babel's Arabic day periods carry an invisible mark that would show up in copied text.
    return format_datetime(local, pattern, locale=_LOCALES[language]).replace("\u200f", "")
