"""What an operator does about a meeting on its page. Issue 7, 9."""

from datetime import datetime

from django.db import transaction

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.drafts import DraftState
from wakeel.domain.mail_addresses import MOST, read_addresses
from wakeel.domain.meetings import CalendarState, MailState, MeetingState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import bare_line
from wakeel.flows.answer_prompt import answer_prompt
from wakeel.flows.answered import Answered
from wakeel.flows.begin_wait import begin_wait
from wakeel.flows.complete_text import NOTHING_ADDED, Completed
from wakeel.flows.decide_draft import take_back_approval
from wakeel.flows.edit_draft import next_version
from wakeel.flows.meeting_words import state_of
from wakeel.flows.no_operator import no_operator
from wakeel.flows.plan_meeting import words_for
from wakeel.flows.reply import Reply, Value, state_words
from wakeel.flows.show_card import show_draft
from wakeel.store import decisions, drafts, meetings
from wakeel.store.models import Draft, Meeting, Operator
from wakeel.store.retry import whole_transaction

PLACE_LIMIT = 200
VIA = "screen"


@whole_transaction
def decide_on_page(operator_id: str, meeting_id: str, action: str, *, tap_key: str, now: datetime) -> Reply:
    """`edit` proposes other times, `cancel` calls it off: as the buttons on the phone do."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        button = ButtonReply(ButtonKind.MEETING, action, meeting_id)
        reply = answer_prompt(Answered(operator, button, None, tap_key, VIA), sent_at=now, now=now)
        return reply or Reply(AnswerCode.SHOWN_AGAIN)


@whole_transaction
def write_again(operator_id: str, meeting_id: str, *, tap_key: str, now: datetime) -> Reply:
    """Ask the calendar again, or for the first time since it was set up."""
    with transaction.atomic():
        operator, meeting, settled = _lock(operator_id, meeting_id, tap_key)
        if meeting is None or settled is not None:
            return settled or Reply(AnswerCode.UNKNOWN_BUTTON)
        may = bool(config.get().caldav_url) and meeting.invited_at is not None
        if not may or meeting.state == MeetingState.CANCELLED or meeting.calendar == CalendarState.WAITING:
            return _closed(meeting)
        meetings.to_calendar(meeting, now=now)
        return _recorded(operator, meeting, "meeting_calendar", AnswerCode.MEETING_RETRIED, tap_key, now=now)


@whole_transaction
def mail_again(operator_id: str, meeting_id: str, *, tap_key: str, now: datetime) -> Reply:
    """Mail the calendar file once more: a person's decision, also where it may have left before."""
    with transaction.atomic():
        operator, meeting, settled = _lock(operator_id, meeting_id, tap_key)
        if meeting is None or settled is not None:
            return settled or Reply(AnswerCode.UNKNOWN_BUTTON)
        if not _may_be_mailed(meeting) or meeting.mail in {MailState.WAITING, MailState.SENDING}:
            return _closed(meeting)
        meetings.to_mail(meeting, now=now)
        return _recorded(operator, meeting, "meeting_mail", AnswerCode.MEETING_RETRIED, tap_key, now=now)


@whole_transaction
def set_attendees(operator_id: str, meeting_id: str, text: str, *, tap_key: str, now: datetime) -> Reply:
    """Who gets the calendar file by e-mail. An invitation that waits is asked about anew: its card names them; where
    the invitation left, the file goes to them now."""
    with transaction.atomic():
        operator, meeting, settled = _lock(operator_id, meeting_id, tap_key)
        if meeting is None or settled is not None:
            return settled or Reply(AnswerCode.UNKNOWN_BUTTON)
        addresses = read_addresses(text)
        if addresses is None:
            return Reply(AnswerCode.MEETING_BAD_MAIL, {"limit": MOST})
        if meeting.state == MeetingState.CANCELLED or meeting.mail == MailState.SENDING:
            return _closed(meeting)
        if not _taken_back(meeting, now=now):
            return Reply(AnswerCode.ALREADY_LEFT)
        meetings.change(meeting, attendees=list(addresses))
        if (waiting := _waiting(meeting)) is not None:
            show_draft(operator, waiting, now=now)
        elif _may_be_mailed(meeting):
            meetings.to_mail(meeting, now=now)
        return _recorded(operator, meeting, "meeting_people", AnswerCode.MEETING_MAILS, tap_key, now=now)


@whole_transaction
def set_place(operator_id: str, meeting_id: str, place: str, *, tap_key: str, now: datetime) -> Reply:
    """Where it is: the invitation that waits is worded anew with it, as its next version."""
    with transaction.atomic():
        operator, meeting, settled = _lock(operator_id, meeting_id, tap_key)
        if meeting is None or settled is not None:
            return settled or Reply(AnswerCode.UNKNOWN_BUTTON)
        waiting = _waiting(meeting)
        if waiting is None:
            return _closed(meeting)
        meetings.change(meeting, place=bare_line(place)[:PLACE_LIMIT])
        whole = Completed(words_for(meeting, slots=meetings.slots_of(meeting)), NOTHING_ADDED)
        reply = next_version(operator, waiting, whole, now=now)
        _record(operator, meeting, "meeting_place", reply, tap_key, now=now)
        return reply


def _lock(operator_id: str, meeting_id: str, tap_key: str) -> tuple[Operator, Meeting | None, Reply | None]:
    """Who decides on what, locked, with the answer if there is nothing to decide."""
    operator = decisions.lock_operator(operator_id)
    meeting = meetings.lock(operator.business_id, meeting_id)
    if (no_more := no_operator(operator)) is not None:
        return operator, meeting, no_more
    if decisions.was_taken(operator.business_id, tap_key):
        state: Value = state_of(meeting) if meeting is not None else state_words("expired")
        return operator, meeting, Reply(AnswerCode.ALREADY_DECIDED, {"state": state})
    return operator, meeting, None


def _waiting(meeting: Meeting) -> Draft | None:
    """The invitation that waits for approval, locked."""
    invitation = meetings.invitation_of(meeting)
    is_waiting = invitation is not None and invitation.state != DraftState.APPROVED
    return invitation if is_waiting else None


def _taken_back(meeting: Meeting, *, now: datetime) -> bool:
    """The approval of an invitation that has not left named other addresses: it waits for another one. False if it is
    leaving."""
    invitation = meetings.invitation_of(meeting)
    if invitation is None or invitation.state != DraftState.APPROVED or meetings.sent_of(invitation) is not None:
        return True
    if not take_back_approval(invitation, code=ReasonCode.APPROVAL_STALE, now=now):
        return False
    drafts.move(invitation, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.APPROVED])
    begin_wait([invitation], now=now)
    return True


def _may_be_mailed(meeting: Meeting) -> bool:
    is_on = meeting.state != MeetingState.CANCELLED and meeting.invited_at is not None
    is_on = is_on and not meetings.is_unsent(meeting)
    return bool(config.get().smtp_host) and is_on and bool(meeting.attendees)


def _closed(meeting: Meeting) -> Reply:
    return Reply(AnswerCode.MEETING_CLOSED, {"state": state_of(meeting)})


def _recorded(
    operator: Operator, meeting: Meeting, action: str, code: AnswerCode, tap_key: str, *, now: datetime
) -> Reply:
    reply = Reply(code, carried_out=True)
    _record(operator, meeting, action, reply, tap_key, now=now)
    return reply


def _record(operator: Operator, meeting: Meeting, action: str, reply: Reply, tap_key: str, *, now: datetime) -> None:
    decisions.record(
        operator, opportunity=meeting.opportunity, action=action, via=VIA, tap_key=tap_key, reply=reply.code,
        carried_out=reply.carried_out, now=now,
    )  # fmt: skip
