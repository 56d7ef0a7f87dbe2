"""What the calendar is asked to hold, and what became of it: read here, asked over HTTP by the worker, noted here.

An event is written under our own uid, so a try without an answer can be repeated (toolchain 11).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_meetings import BUSY_THEN, CALENDAR_WHY
from wakeel.domain.meetings import CalendarState, MeetingState
from wakeel.domain.text import name_line, one_line
from wakeel.domain.words import Text
from wakeel.flows.calendar_file import Fingerprint, Use, file_of, fingerprint
from wakeel.flows.meeting_words import when_words
from wakeel.flows.reply import Reply, Value
from wakeel.flows.tell_operator import tell
from wakeel.store import meetings
from wakeel.store.models import Meeting

TRIES = 8
FIRST_AGAIN = timedelta(seconds=30)
LONGEST_AGAIN = timedelta(hours=1)
"""Together a little over two hours, until a person is told that the calendar cannot be reached."""
A_ROUND = 20


@dataclass(frozen=True, slots=True)
class Event:
    """One event to be written, or taken out if file is None. version: of the meeting, as it was read."""

    business_id: str
    meeting_id: str
    uid: str
    file: bytes | None
    fingerprint: Fingerprint
    begins_at: datetime
    ends_at: datetime


class Written(StrEnum):
    """What the calendar answered."""

    DONE = "done"
    DONE_BUSY = "done_busy"  # written, and something else is in it at that time
    REFUSED = "refused"  # for good: a person must look
    NO_ANSWER = "no_answer"  # it may be tried again


@dataclass(frozen=True, slots=True)
class Outcome:
    """why: one word of `CALENDAR_WHY`; '' where it was done."""

    written: Written
    why: str = ""


def due(*, now: datetime) -> list[Event]:
    """What is to be written now, the longest waiting first; a round at a time."""
    return [_event(meeting, now=now) for meeting in meetings.to_be_written(now=now, limit=A_ROUND)]


def note(event: Event, outcome: Outcome, *, now: datetime) -> None:
    """Write down what the calendar answered, and tell. A meeting that changed meanwhile stays due as it is now."""
    with transaction.atomic():
        meeting = meetings.lock(event.business_id, event.meeting_id)
        if meeting is None:
            return
        if fingerprint(meeting) != event.fingerprint:
            _bring_in_line(meeting, now=now)
            return
        if meeting.calendar != CalendarState.WAITING:
            return
        if outcome.written in {Written.DONE, Written.DONE_BUSY}:
            _done(meeting, is_busy=outcome.written is Written.DONE_BUSY, now=now)
        elif outcome.written is Written.NO_ANSWER and meeting.calendar_tries + 1 < TRIES:
            pause = min(FIRST_AGAIN * 2**meeting.calendar_tries, LONGEST_AGAIN)
            meetings.change(
                meeting, calendar_tries=meeting.calendar_tries + 1, calendar_at=now + pause, calendar_why=outcome.why
            )
        else:
            _refused(meeting, outcome.why, now=now)


def _bring_in_line(meeting: Meeting, *, now: datetime) -> None:
    """A slower try than another worker's may have written the meeting as it was: what holds is written once more."""
    if meeting.calendar == CalendarState.WRITTEN or (meeting.state == MeetingState.CANCELLED and not meeting.calendar):
        meetings.to_calendar(meeting, now=now)


def _event(meeting: Meeting, *, now: datetime) -> Event:
    is_gone = meeting.state == MeetingState.CANCELLED
    begins_at = meetings.holds_at(meeting)
    return Event(
        meeting.business_id, meeting.id, meeting.uid, None if is_gone else file_of(meeting, use=Use.STORE, now=now),
        fingerprint(meeting), begins_at, begins_at + timedelta(minutes=meeting.minutes),
    )  # fmt: skip


def _done(meeting: Meeting, *, is_busy: bool, now: datetime) -> None:
    if meeting.state == MeetingState.CANCELLED:
        meetings.change(meeting, calendar=CalendarState.NONE, calendar_why="", calendar_at=None)
        return
    fields = {"calendar": CalendarState.WRITTEN, "calendar_why": "busy" if is_busy else "", "calendar_at": None}
    was_booked = meeting.state == MeetingState.BOOKED
    meetings.move(meeting, to=MeetingState.BOOKED, come_from=[MeetingState(meeting.state)], **fields)
    # One that follows an answer needs no second word: that answer was told.
    if not was_booked or is_busy:
        busy = BUSY_THEN if is_busy else Text("", "")
        _tell(meeting, AnswerCode.MEETING_BOOKED, {"busy": busy}, now=now)


def _refused(meeting: Meeting, why: str, *, now: datetime) -> None:
    fields = {"calendar": CalendarState.REFUSED, "calendar_why": why, "calendar_at": None}
    if meeting.state == MeetingState.CANCELLED:
        meetings.change(meeting, **fields)
    else:
        meetings.move(meeting, to=MeetingState.FAILED, come_from=[MeetingState(meeting.state)], **fields)
    code = AnswerCode.MEETING_NOT_REMOVED if meeting.state == MeetingState.CANCELLED else AnswerCode.MEETING_NOT_BOOKED
    _tell(meeting, code, {"reason": CALENDAR_WHY.get(why, CALENDAR_WHY["refused"])}, now=now)


def _tell(meeting: Meeting, code: AnswerCode, values: dict[str, Value], *, now: datetime) -> None:
    """A later answer of the calendar to the same meeting is another one: it is told too."""
    for operator in meetings.whose(meeting):
        said: dict[str, Value] = {
            "name": name_line(meeting.contact.name),
            "title": one_line(meeting.title),
            "when": when_words(meeting, operator),
        }
        key = f"{code}:{meeting.id}:{now.isoformat()}:{operator.id}"
        tell(operator, Reply(code, said | values), key=key, about=meeting.contact, now=now)
