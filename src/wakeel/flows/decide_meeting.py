"""What operators decide about a meeting whose invitation left: other times, or none at all. Issue 7, 9.

Approving, editing and cancelling an invitation that has not left is decided as for every other text.
"""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.meetings import MeetingState
from wakeel.domain.text import one_line
from wakeel.flows.answered import Answered
from wakeel.flows.decide_draft import cancel_draft
from wakeel.flows.drop_meeting import drop_meeting
from wakeel.flows.meeting_words import state_of
from wakeel.flows.plan_meeting import calendar_words, invite, times_for
from wakeel.flows.reply import Reply, Value
from wakeel.flows.show_card import show_draft
from wakeel.flows.tell_others import tell_others
from wakeel.store import decisions, meetings
from wakeel.store.models import Draft, Meeting, Operator


def answer_meeting(answered: Answered, now: datetime) -> Reply:
    """Carry out one tap, or click on the page, about a meeting, inside the caller's transaction; it is recorded."""
    operator = answered.operator
    meeting = meetings.lock(operator.business_id, answered.subject)
    if meeting is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    reply = _decided(operator, meeting, answered.button.action or "", now=now)
    decision = decisions.record(
        operator, opportunity=meeting.opportunity, action=f"meeting_{answered.button.action}", via=answered.via,
        tap_key=answered.tap_key, reply=reply.code, carried_out=reply.carried_out, now=now,
    )  # fmt: skip
    tell_others([decision], now=now)
    return reply


def _decided(operator: Operator, meeting: Meeting, action: str, *, now: datetime) -> Reply:
    if meeting.state == MeetingState.CANCELLED or action not in {"edit", "cancel"}:
        return Reply(AnswerCode.MEETING_CLOSED, {"state": state_of(meeting)})
    return _other_times(operator, meeting, now=now) if action == "edit" else _cancelled(meeting, now=now)


def _other_times(operator: Operator, meeting: Meeting, *, now: datetime) -> Reply:
    """New times in a new invitation; one that has not left is shown instead, where its card's تعديل changes it."""
    invitation = meetings.invitation_of(meeting)
    if invitation is not None and not has_left(invitation):
        show_draft(operator, invitation, now=now)
        return Reply(AnswerCode.SHOWN_AGAIN)
    slots = times_for(operator, meeting.contact, now=now)
    if not slots:
        return Reply(AnswerCode.MEETING_NO_TIME, {"name": one_line(meeting.contact.name)})
    meetings.propose(meeting, slots)
    show_draft(operator, invite(meeting, now=now), now=now)
    values: dict[str, Value] = {"title": one_line(meeting.title), "calendar": calendar_words()}
    return Reply(AnswerCode.MEETING_DRAFTED, values, carried_out=True)


def _cancelled(meeting: Meeting, *, now: datetime) -> Reply:
    invitation = meetings.invitation_of(meeting)
    values = {"name": one_line(meeting.contact.name), "title": one_line(meeting.title)}
    if invitation is not None and not has_left(invitation):
        if not cancel_draft(invitation, now=now):
            return Reply(AnswerCode.ALREADY_LEFT)
        if meeting.invited_at is None:
            return Reply(AnswerCode.MEETING_UNSENT, values, carried_out=True)
    drop_meeting(meeting, now=now)
    return Reply(AnswerCode.MEETING_CANCELLED, values, carried_out=True)


def has_left(invitation: Draft) -> bool:
    """Whether WhatsApp took this very invitation."""
    return meetings.sent_of(invitation) is not None
