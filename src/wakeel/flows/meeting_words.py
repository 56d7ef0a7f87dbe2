"""How a meeting is spoken of to operators."""

from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.answers_meetings import MEETING_STATES, STAYS_A_DRAFT
from wakeel.domain.meetings import MeetingState
from wakeel.domain.words import Text
from wakeel.flows.both_calendars import time_words, zone_words
from wakeel.store import meetings
from wakeel.store.models import Meeting, Operator


def state_of(meeting: Meeting) -> Text:
    """Its state in words; of one without a calendar whose invitation left, that it stays a draft, and why."""
    return words_of_state(meeting.state, is_invited=meeting.invited_at is not None)


def words_of_state(state: str, *, is_invited: bool) -> Text:
    """The same for what a page knows of it."""
    if state == MeetingState.DRAFT and is_invited:
        return STAYS_A_DRAFT
    return MEETING_STATES[MeetingState(state)]


def when_words(meeting: Meeting, operator: Operator) -> str:
    """The time that holds, in both calendars and by this operator's clock."""
    zone = operator.time_zone or config.get().time_zone
    at, language = meetings.holds_at(meeting), operator.language
    return f"{time_words(at, language, zone=zone)} ({zone_words(ZoneInfo(zone).key, language)})"
