"""An operator wrote about an invitation: other times, or its whole text. Issue 7, 9."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_meetings import OUTSIDE_HOURS, TIMES_STAY
from wakeel.domain.meeting_times import read_times
from wakeel.domain.meetings import is_working_time
from wakeel.domain.text import fits, measure, plain
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.invitation import INVITATION_LIMIT, times_lines
from wakeel.flows.meeting_sides import sides_of, zone_for
from wakeel.flows.plan_meeting import language_for, words_for
from wakeel.flows.reply import Reply
from wakeel.store import meetings
from wakeel.store.models import Draft, Meeting, Operator


@dataclass(frozen=True, slots=True)
class Reworded:
    """text: of the next version. note: what follows in the answer, after a space; '' for nothing. slots: the times from
    then on, None if they stay. refused: the answer if nothing may change; the rest means nothing then.
    """

    text: str
    note: Text
    slots: tuple[datetime, ...] | None = None
    refused: Reply | None = None


def reworded(operator: Operator, draft: Draft, text: str, *, now: datetime) -> Reworded | None:
    """What a text makes of an invitation; None for other drafts. Times by this operator's clock. Writes nothing."""
    meeting = draft.meeting
    if meeting is None:
        return None
    typed = read_times(text, zone=ZoneInfo(operator.time_zone or config.get().time_zone), now=now)
    if typed is None:
        return _whole_text(meeting, plain(text, keep_newlines=True))
    if typed.has_past:
        return Reworded("", _NOTHING, refused=Reply(AnswerCode.MEETING_PAST))
    said = words_for(meeting, slots=typed.slots)
    return Reworded(said, _outside_hours(operator, meeting, typed.slots), typed.slots)


def keep_times(draft: Draft, new: Reworded) -> None:
    """The times of a text that became the current version are those of the meeting."""
    if draft.meeting is not None and new.slots is not None:
        meetings.propose(draft.meeting, new.slots)


def _whole_text(meeting: Meeting, text: str) -> Reworded:
    if not fits(text, limit=INVITATION_LIMIT):
        values = {"limit": INVITATION_LIMIT, "length": measure(text)}
        return Reworded(text, _NOTHING, refused=Reply(AnswerCode.MEETING_TOO_LONG, values))
    slots, language = meetings.slots_of(meeting), language_for(meeting.contact)
    zone = zone_for(meeting.contact, at=slots[0])
    lines = [line.partition(") ")[2] or line for line in times_lines(slots, language, zone=zone)]
    # A calendar that says otherwise than the text would be found out too late.
    return Reworded(text, _NOTHING if all(line in text for line in lines) else TIMES_STAY)


def _outside_hours(operator: Operator, meeting: Meeting, slots: Sequence[datetime]) -> Text:
    sides, policy = sides_of(operator, meeting.contact), policies.current()
    inside = all(
        is_working_time(side, slot, policy=policy, minutes=meeting.minutes) for side in sides for slot in slots
    )
    return _NOTHING if inside else OUTSIDE_HOURS


_NOTHING = Text("", "")
