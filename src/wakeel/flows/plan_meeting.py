"""احجز اجتماع: a meeting in draft with times that suit both sides, and its invitation for approval. Issue 7, 9."""

from collections.abc import Sequence
from datetime import datetime

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_meetings import NO_CALENDAR
from wakeel.domain.consent import Category
from wakeel.domain.mail_addresses import is_mail_address
from wakeel.domain.meetings import MINUTES, TITLE_LIMIT, propose
from wakeel.domain.opt_in import language_of
from wakeel.domain.text import bare_line, one_line
from wakeel.domain.words import Language, Text
from wakeel.flows import policies
from wakeel.flows.calendar_file import file_link
from wakeel.flows.invitation import invitation_text
from wakeel.flows.meeting_sides import sides_of, zone_for
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import show_draft
from wakeel.store import businesses, conversation, decisions, drafts, meetings
from wakeel.store.models import Contact, Draft, Meeting, Operator, Opportunity

PURPOSE = "meetings"


def plan_meeting(operator: Operator, opportunity: Opportunity, *, tap_key: str, via: str, now: datetime) -> Reply:
    """Propose a meeting inside the caller's transaction, and show its invitation to this operator for approval.

    operator, opportunity: locked, the opportunity with contact and business. Whether a meeting may be asked for now is
    the caller's question. An invitation that still waits is shown again instead. tap_key: as for `Tap`; the decision is
    recorded here.
    """
    reply = _planned(operator, opportunity, now=now)
    decisions.record(
        operator, opportunity=opportunity, action="schedule", via=via, tap_key=tap_key, reply=reply.code,
        carried_out=reply.carried_out, now=now,
    )  # fmt: skip
    return reply


def _planned(operator: Operator, opportunity: Opportunity, *, now: datetime) -> Reply:
    waiting = meetings.waiting_invitation(opportunity)
    if waiting is not None:
        show_draft(operator, waiting, now=now)
        return Reply(AnswerCode.SHOWN_AGAIN)
    slots = times_for(operator, opportunity.contact, now=now)
    if not slots:
        return Reply(AnswerCode.MEETING_NO_TIME, {"name": one_line(opportunity.contact.name)})
    title = bare_line(opportunity.title, limit=TITLE_LIMIT)
    number = businesses.number_of(opportunity.business_id)
    attendees = [operator.user.email] if is_mail_address(operator.user.email) else []
    meeting = meetings.create(
        opportunity, organiser=operator, number=number, title=title, slots=slots, minutes=MINUTES,
        attendees=attendees, now=now,
    )  # fmt: skip
    show_draft(operator, invite(meeting, now=now), now=now)
    values: dict[str, str | Text] = {"title": one_line(title), "calendar": calendar_words()}
    return Reply(AnswerCode.MEETING_DRAFTED, values, carried_out=True)


def invite(meeting: Meeting, *, now: datetime) -> Draft:
    """A new invitation for a meeting without a living one."""
    draft = drafts.made(meeting.opportunity, number=meeting.number, category=Category.UTILITY.value, now=now)
    # An appointment is no offer, whatever the opportunity is about (design section 6).
    draft.purpose, draft.meeting = PURPOSE, meeting
    drafts.create_all([(draft, words_for(meeting, slots=meetings.slots_of(meeting)))], now=now)
    return draft


def times_for(operator: Operator, contact: Contact, *, now: datetime) -> tuple[datetime, ...]:
    """Two or three times that suit this operator and this contact; () if there are none."""
    ours, theirs = sides_of(operator, contact)
    busy = meetings.taken_times(operator, now=now)
    return propose(ours, theirs, policy=policies.current(), after=now, minutes=MINUTES, busy=busy)


def words_for(meeting: Meeting, *, slots: Sequence[datetime]) -> str:
    """The invitation as the machine words it, in the language the contact last wrote in."""
    contact = meeting.contact
    return invitation_text(
        name=contact.name, business=meeting.opportunity.business.name, title=meeting.title, place=meeting.place,
        minutes=meeting.minutes, slots=slots, zone=zone_for(contact, at=slots[0]), link=file_link(meeting),
        language=language_for(contact),
    )  # fmt: skip


def language_for(contact: Contact) -> Language:
    return language_of(conversation.last_words(contact.id))


def calendar_words() -> Text:
    """What follows where no calendar is set up."""
    return Text("", "") if config.get().caldav_url else NO_CALENDAR
