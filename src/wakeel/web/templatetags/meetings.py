"""Words of the pages about meetings."""

from datetime import datetime

from django import template

from wakeel import config
from wakeel.domain.answers_meetings import ANSWER_WORDS, CALENDAR_WHY, MAIL_STATES, MAIL_WHY
from wakeel.domain.meetings import MailState
from wakeel.flows.both_calendars import time_words
from wakeel.flows.meeting_words import words_of_state
from wakeel.web.language import page_language

register = template.Library()


@register.filter
def both_calendars(at: datetime) -> str:
    """Day in both calendars and the hour in the business's zone."""
    return time_words(at, page_language(), zone=config.get().time_zone)


@register.simple_tag
def meeting_state(state: str, *, is_invited: bool) -> str:
    return words_of_state(state, is_invited=is_invited).say(page_language())


@register.filter
def calendar_why(word: str) -> str:
    """Why the calendar has not got it; '' for no reason."""
    return CALENDAR_WHY[word].say(page_language()) if word in CALENDAR_WHY else ""


@register.filter
def mail_state(word: str) -> str:
    return MAIL_STATES[MailState(word)].say(page_language())


@register.filter
def mail_why(word: str) -> str:
    return MAIL_WHY[word].say(page_language()) if word in MAIL_WHY else ""


@register.filter
def contact_answer(word: str) -> str:
    """What the contact said to the invitation."""
    return ANSWER_WORDS[word].say(page_language()) if word in ANSWER_WORDS else ""
