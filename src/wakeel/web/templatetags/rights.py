"""Words of the pages about people's rights."""

from django import template
from django.template import Context
from django.utils.translation import ngettext

from wakeel.domain.rights import CAME_BY_WORDS, REQUEST_STATE_WORDS, RIGHT_WORDS, CameBy, RequestState, Right
from wakeel.store.screens import rights as requests
from wakeel.web.language import page_language

register = template.Library()


@register.filter
def right_word(word: str) -> str:
    return RIGHT_WORDS[Right(word)].say(page_language())


@register.filter
def came_by_word(word: str) -> str:
    return CAME_BY_WORDS[CameBy(word)].say(page_language())


@register.filter
def request_state(word: str) -> str:
    return REQUEST_STATE_WORDS[RequestState(word)].say(page_language())


@register.filter
def days(number: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", number) % {"count": number}


@register.simple_tag(takes_context=True)
def requests_of(context: Context, contact_id: str) -> tuple[requests.RequestLine, ...]:
    """What this person asked about their data."""
    return requests.of_contact(context["seat"].business_id, contact_id, now=context["now"])


@register.simple_tag(takes_context=True)
def was_erased_before(context: Context, contact_id: str) -> bool:
    return requests.was_erased_before(context["seat"].business_id, contact_id)
