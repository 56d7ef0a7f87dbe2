"""Counted nouns and distances in time, as the language of the page says them; loaded on every page."""

from collections.abc import Callable
from datetime import datetime

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wakeel.web import counts
from wakeel.web.templatetags.desk import when, written_out

register = template.Library()


@register.filter
def noun(number: int, name: str) -> str:
    """`{{ 3|noun:"message" }}` is `3 رسائل`; the names are those of `counts.Noun`."""
    return counts.counted(counts.Noun(name), number)


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime) -> str | SafeString:
    """How long ago, the date from a day on; the exact time is its title."""
    return _distance(context, at, counts.ago)


@register.simple_tag(takes_context=True)
def ahead(context: Context, at: datetime) -> str | SafeString:
    """In how long, the date from a day on; the exact time is its title."""
    return _distance(context, at, counts.ahead)


def _distance(context: Context, at: datetime, say: Callable[..., str | None]) -> str | SafeString:
    words = say(at, now=context["now"])
    if words is None:
        return when(context, at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), written_out(at), words)
