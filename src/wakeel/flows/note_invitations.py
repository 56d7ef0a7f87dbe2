"""WhatsApp took invitations: what follows for the calendar and for e-mail. In the commit of the acceptance."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from wakeel import config
from wakeel.domain.meetings import MeetingState
from wakeel.store import drafts, meetings
from wakeel.store.models import Draft


def note_invitations(draft_ids: Collection[str], *, now: datetime) -> None:
    """Of these drafts whose message was accepted, those that are invitations; the others change nothing.

    Without a calendar the meeting stays a draft (issue 7).
    """
    for draft in meetings.invitations_among(draft_ids):
        _invited(draft, now=now)


def _invited(draft: Draft, *, now: datetime) -> None:
    meeting, settings = draft.meeting, config.get()
    if meeting is None or meeting.state == MeetingState.CANCELLED:
        return
    fields: dict[str, Any] = {"invited_at": now}
    approval = drafts.standing_approval(draft)
    if approval is not None:
        fields |= {"approved_by": approval.operator, "approved_at": approval.approved_at}
    meetings.change(meeting, **fields)
    if settings.smtp_host and meeting.attendees:
        meetings.to_mail(meeting, now=now)
    if settings.caldav_url:
        meetings.to_calendar(meeting, now=now)
