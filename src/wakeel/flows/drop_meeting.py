"""A meeting that will not take place: its event, if there may be one, is taken out of the calendar."""

from datetime import datetime

from wakeel.domain.meetings import CalendarState, MailState, MeetingState
from wakeel.domain.prompts import PromptKind
from wakeel.store import meetings, prompts
from wakeel.store.models import Draft, Meeting


def drop_meeting(meeting: Meeting, *, now: datetime) -> bool:
    """Cancel it inside the caller's transaction; False if it was cancelled before.

    Where the calendar was ever asked there may be an event, also if nobody heard the calendar's answer.
    """
    fields = {"calendar": CalendarState.WAITING, "calendar_at": now, "calendar_tries": 0} if meeting.calendar else {}
    mail = {"mail": MailState.NONE, "mail_at": None} if meeting.mail == MailState.WAITING else {}
    if not meetings.move(meeting, to=MeetingState.CANCELLED, come_from=_UNCANCELLED, **fields, **mail):
        return False
    prompts.close(meeting.business_id, meeting.id, kinds=[PromptKind.MEETING], now=now)
    return True


def drop_with_invitation(draft: Draft, *, now: datetime) -> None:
    """The invitation will not leave: neither will the meeting take place. Nothing for other drafts."""
    if draft.meeting is not None:
        drop_meeting(draft.meeting, now=now)


_UNCANCELLED = [state for state in MeetingState if state is not MeetingState.CANCELLED]
