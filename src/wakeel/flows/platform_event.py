"""What Meta says of our account, its numbers and its templates: kept once, then its effects, in whatever order."""

from datetime import datetime, timedelta

from wakeel.domain.account import leaves_sending
from wakeel.domain.answers import AnswerCode
from wakeel.domain.platform_events import (
    AccountAlerted,
    AccountReviewed,
    AccountUpdated,
    CapabilityChanged,
    NumberLimitChanged,
    NumberNameDecided,
    PlatformEvent,
    SecurityChanged,
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)
from wakeel.domain.platform_words import advice, headline, subject, word_of
from wakeel.domain.sending_limits import HIGH_THROUGHPUT, UnknownLimit, people_a_day
from wakeel.domain.templates import NEEDS_A_PERSON
from wakeel.domain.text import one_line
from wakeel.flows.account_changed import account_changed
from wakeel.flows.reply import Value
from wakeel.flows.tell_operators import tell_operators
from wakeel.store import platform, templates
from wakeel.store.models import SendingNumber

CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""Meta's time may be this far ahead of ours; what is dated later happened when it came."""
STILL_NEWS = timedelta(days=1)
"""What is older when it comes stands on the health page and rings no phone."""

_TOLD_EVENTS = frozenset({"PIN_RESET_REQUEST", "PIN_RESET_SUCCESS", "PIN_CHANGED", "FLAGGED"})
_TOLD_SEVERITIES = frozenset({"CRITICAL", "WARNING"})


def note_platform_event(event: PlatformEvent, number: SendingNumber, *, now: datetime) -> None:
    """Keep one piece of news and carry out its effects, inside the caller's transaction; a repetition does nothing.

    number: any number of the account the news is about.
    """
    at = event.at if event.at is not None and event.at <= now + CLOCKS_DIFFER_BY else now
    business_id = number.business_id
    if not platform.keep(business_id, event, at=at, now=now):
        return
    is_new = True
    match event:
        case (
            TemplateStatusChanged() | TemplateQualityChanged() | TemplateCategoryChanged() | TemplateComponentsChanged()
        ):
            is_new = templates.apply(business_id, event, at=at)
        case AccountUpdated():
            account_changed(event, business_id, at=at, now=now)
        case NumberLimitChanged() | NumberNameDecided() | CapabilityChanged():
            _note_number(event, business_id, at=at)
    if is_new and at > now - STILL_NEWS and _concerns_operators(event):
        _tell(event, business_id, at=at, now=now)


def _note_number(
    event: NumberLimitChanged | NumberNameDecided | CapabilityChanged, business_id: str, *, at: datetime
) -> None:
    """The limit is the whole account's, speed and name are one number's."""
    locked = platform.lock_numbers(business_id, event.waba_id)
    match event:
        case CapabilityChanged():
            _note_limit(business_id, event.waba_id, event.messaging_limit, at=at)
        case NumberLimitChanged():
            _note_limit(business_id, event.waba_id, event.limit, at=at)
            meant = platform.number_meant(locked, display_phone=event.display_phone)
            if meant is not None and event.event == "THROUGHPUT_UPGRADE":
                platform.set_throughput(meant, HIGH_THROUGHPUT)
            elif meant is not None and event.event == "FLAGGED":
                platform.set_quality(meant, platform.RED, at=at)
        case NumberNameDecided():
            meant = platform.number_meant(locked, display_phone=event.display_phone)
            if meant is not None:
                platform.take_newest_name(meant, event.display_phone)


def _note_limit(business_id: str, waba_id: str, word: str, *, at: datetime) -> None:
    """A limit in a form nobody knows changes nothing; it stands on the health page as it came."""
    try:
        limit = people_a_day(word)
    except UnknownLimit:
        return
    platform.set_limit(business_id, waba_id, limit, at=at)


def _concerns_operators(event: PlatformEvent) -> bool:
    """True if somebody has something to do about it. What stops sending is told with the stop."""
    match event:
        case TemplateStatusChanged():
            return event.event in NEEDS_A_PERSON
        case TemplateCategoryChanged():
            return True
        case AccountAlerted():
            return event.severity.upper() in _TOLD_SEVERITIES
        case AccountReviewed():
            return event.decision == "REJECTED"
        case AccountUpdated():
            return leaves_sending(event.restrictions)
        case SecurityChanged() | NumberLimitChanged():
            return event.event in _TOLD_EVENTS
    return False


def _tell(event: PlatformEvent, business_id: str, *, at: datetime, now: datetime) -> None:
    kind, facts = type(event).__name__, platform.facts_of(event)
    about, word = subject(facts), word_of(kind, facts)
    values: dict[str, Value] = {
        "what": headline(kind, facts),
        "about": f" {one_line(about)}" if about else "",
        "word": one_line(word),
        "t": at,
        "advice": advice(kind, facts),
    }
    tell_operators(business_id, AnswerCode.PLATFORM_NOTICE, values, key=event.key, now=now)
