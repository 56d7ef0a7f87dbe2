"""What makes a place of a page live: see the head of live.js."""

import json
from datetime import datetime

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from wakeel.domain.digits import Digits
from wakeel.domain.words import Language
from wakeel.web.chips import COUNTED_DOWN, Chip
from wakeel.web.templatetags.desk import clock_time, leaves_in, when
from wakeel.web.times import time_left

register = template.Library()

_SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
"""A number of each plural form, by the names that browsers give the forms."""


@register.simple_tag(takes_context=True)
def live_chip(context: Context, chip: Chip) -> SafeString:
    """A chip with its moment or countdown; to stand in a place with `data-live`."""
    return chip_html(chip, now=context["now"])


def chip_html(chip: Chip, *, now: datetime) -> SafeString:
    return format_html('<span class="chip {}">{}</span>', chip.css, chip_words(chip, now=now))


def chip_words(chip: Chip, *, now: datetime) -> str:
    """What stands in it, its moment or countdown with it."""
    if chip.until is None:
        return chip.words
    if chip.form:
        return countdown(chip.until, chip.form, now=now)
    return format_html("{} {}", chip.words, when(Context({"now": now}), chip.until))


@register.simple_tag(takes_context=True)
def until(context: Context, at: datetime | None, form: str) -> SafeString:
    """A countdown that goes on by itself. form: `sends`, `again` or `left`; '' for None."""
    return countdown(at, form, now=context["now"]) if at is not None else SafeString()


def countdown(at: datetime, form: str, *, now: datetime) -> SafeString:
    if form == "left":
        words = time_left(at, now=now) or gettext("window closed")
    else:
        seconds = max(0, int((at - now).total_seconds()))
        words = _seconds(form, seconds) % {"count": seconds}
    return format_html(
        '<time datetime="{}" data-until="{}" data-words="{}">{}</time>', at.isoformat(), milliseconds(at), form, words
    )


@register.simple_tag(takes_context=True)
def leaves(context: Context, due_at: datetime) -> str:
    """When a pending message leaves: counted down when that is soon, else named."""
    is_soon = due_at - context["now"] <= COUNTED_DOWN
    return countdown(due_at, "sends", now=context["now"]) if is_soon else leaves_in(context, due_at)


@register.simple_tag(takes_context=True)
def live_body(context: Context) -> SafeString:
    """What live.js finds on <body>.

    as: one name for all tabs that one stream may serve, of the same person in the same language and digits. since: the
    newest change this page knows. now: business time, for browsers' own clocks are often wrong. words: of countdowns by
    plural form.
    """
    seat, user = context["seat"], context["request"].user
    return format_html(
        'data-live-url="{}" data-live-as="{}" data-live-since="{}" data-live-now="{}" data-live-words="{}" '
        'data-digits="{}"',
        reverse("desk:events"),
        f"{user.pk}-{get_language()}-{seat.digits}-{seat.time_zone}",
        seat.live_mark,
        milliseconds(context["now"]),
        json.dumps(_words(), ensure_ascii=False),
        seat.digits if get_language() == Language.AR else Digits.LATIN,
    )


@register.simple_tag(takes_context=True)
def live_at(context: Context) -> str:
    """The time now; the stream keeps it right."""
    return clock_time(context["now"])


def _words() -> dict[str, dict[str, str]]:
    """Sentences with a place for each number."""
    found = {form: {name: _seconds(form, n) for name, n in _SAMPLES.items()} for form in ("sends", "again")}
    found["new"] = {
        name: ngettext("Show %(count)d new item", "Show %(count)d new items", n) for name, n in _SAMPLES.items()
    }
    found["left"] = {
        "hours": gettext("%(hours)d h %(minutes)d min"),
        "minutes": gettext("%(minutes)d min"),
        "past": gettext("window closed"),
    }
    return {form: {name: _opened(sentence) for name, sentence in one.items()} for form, one in found.items()}


def _opened(sentence: str) -> str:
    """`{n}` for what Python would fill in."""
    return sentence.replace("%(count)d", "{n}").replace("%(hours)d", "{h}").replace("%(minutes)d", "{m}")


def _seconds(form: str, number: int) -> str:
    if form == "again":
        return ngettext("Tries again in %(count)d second", "Tries again in %(count)d seconds", number)
    return ngettext("Sends in %(count)d second", "Sends in %(count)d seconds", number)


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
