"""The calendar file of a meeting by e-mail: taken, sent by the worker, noted.

It goes to the addresses that stood on the approved card, after WhatsApp took the invitation, while nobody stopped us
and nothing else is proposed. A mail server has no key
for "this one already": a try that ended without its answer is `unknown` and never repeated by itself, as for messages.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum

from django.db import transaction

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_meetings import MAIL_WHY
from wakeel.domain.consent import Category
from wakeel.domain.meetings import MailState, MeetingState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import bare_line, one_line, plain
from wakeel.domain.words import Text
from wakeel.flows.both_calendars import time_words, zone_words
from wakeel.flows.calendar_file import Use, file_of, fingerprint
from wakeel.flows.may_contact import may_contact
from wakeel.flows.meeting_sides import zone_for
from wakeel.flows.plan_meeting import PURPOSE, language_for
from wakeel.flows.reply import Reply, Value
from wakeel.flows.tell_operator import tell
from wakeel.store import meetings
from wakeel.store.models import Meeting

AGAIN_AFTER = timedelta(minutes=5)
TRIED_FOR = timedelta(hours=2)
"""A server that cannot be reached is asked again for so long."""
LOST_AFTER = timedelta(minutes=10)
"""Longer than any conversation with a mail server: whoever began this one is gone."""

_BODY = Text(
    "{business}\n\n{title}\n{when} ({zone})\n{place}\nملف التقويم مرفق.\n",
    "{business}\n\n{title}\n{when} ({zone})\n{place}\nThe calendar file is attached.\n",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message, taken: nobody else sends it. to: the addresses it is for."""

    business_id: str
    meeting_id: str
    to: tuple[str, ...]
    message: EmailMessage


class Mailed(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # certainly not sent, at least not to everybody
    NOT_SENT = "not_sent"  # nothing was handed over: it may be tried again
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MailOutcome:
    """why: one word of `MAIL_WHY`; '' where it was sent."""

    mailed: Mailed
    why: str = ""


def take(*, now: datetime) -> Mail | None:
    """The next file to be mailed, marked as being sent before anything is; None if none is due."""
    with transaction.atomic():
        found = meetings.to_be_mailed(now=now)
        meeting = meetings.lock(found.business_id, found.id) if found is not None else None
        if meeting is None or meeting.mail != MailState.WAITING:
            return None
        if meeting.state == MeetingState.CANCELLED or not meeting.attendees or meetings.is_unsent(meeting):
            # What is in a new invitation is mailed when that one left.
            meetings.change(meeting, mail=MailState.NONE, mail_at=None)
            return None
        match _gate_says(meeting, now=now):
            case ReasonCode.KILL_SWITCH:
                meetings.change(meeting, mail_at=now + AGAIN_AFTER)
                return None
            case ReasonCode.OPTED_OUT | ReasonCode.SUPPRESSED:
                _failed(meeting, MailState.REFUSED, "stopped", now=now)
                return None
        meetings.change(meeting, mail=MailState.SENDING, mail_at=now)
        return Mail(meeting.business_id, meeting.id, tuple(meeting.attendees), _message(meeting, now=now))


def _gate_says(meeting: Meeting, *, now: datetime) -> ReasonCode:
    """What stands first between this person and an invitation, if anything does."""
    lines = may_contact(meeting.contact_id, now=now, purpose=PURPOSE)
    return next(line.verdict.code for line in lines if line.category is Category.UTILITY)


def note(mail: Mail, outcome: MailOutcome, *, now: datetime) -> None:
    """Write down how it ended, and tell where a person must look."""
    with transaction.atomic():
        meeting = meetings.lock(mail.business_id, mail.meeting_id)
        if meeting is None or meeting.mail != MailState.SENDING:
            return
        since = max(at for at in (meeting.invited_at, meeting.answered_at, meeting.created_at) if at is not None)
        if outcome.mailed is Mailed.SENT:
            meetings.change(meeting, mail=MailState.SENT, mail_why="", mail_at=None, mailed_at=now)
        elif outcome.mailed is Mailed.NOT_SENT and now - since < TRIED_FOR:
            meetings.change(meeting, mail=MailState.WAITING, mail_why=outcome.why, mail_at=now + AGAIN_AFTER)
        else:
            state = MailState.UNKNOWN if outcome.mailed is Mailed.UNKNOWN else MailState.REFUSED
            _failed(meeting, state, outcome.why, now=now)


def end_lost(*, now: datetime) -> None:
    """What a worker began and never wrote down may have left: nobody sends it again by itself."""
    with transaction.atomic():
        for meeting in meetings.left_sending(before=now - LOST_AFTER):
            _failed(meeting, MailState.UNKNOWN, "unknown", now=now)


def _failed(meeting: Meeting, state: MailState, why: str, *, now: datetime) -> None:
    meetings.change(meeting, mail=state, mail_why=why, mail_at=None)
    values: dict[str, Value] = {"title": one_line(meeting.title), "reason": MAIL_WHY.get(why, MAIL_WHY["refused"])}
    for operator in meetings.whose(meeting):
        key = f"mail:{meeting.id}:{now.isoformat()}:{operator.id}"
        tell(operator, Reply(AnswerCode.MEETING_NOT_MAILED, values), key=key, about=meeting.contact, now=now)


def _message(meeting: Meeting, *, now: datetime) -> EmailMessage:
    business = plain(meeting.opportunity.business.name)
    message = EmailMessage()
    message["From"] = Address(_in_header(business), addr_spec=config.get().smtp_from)
    message["To"] = ", ".join(meeting.attendees)
    message["Subject"] = _in_header(meeting.title)
    # The same file twice is one message to whoever sorts by this.
    message["Message-ID"] = f"<{meeting.uid.partition('@')[0]}.{fingerprint(meeting).sequence}@wakeel.invalid>"
    message.set_content(_words(meeting, business))
    file = file_of(meeting, use=Use.REQUEST, now=now)
    message.add_attachment(
        file, maintype="text", subtype="calendar", filename="meeting.ics",
        params={"method": Use.REQUEST.value, "charset": "utf-8"},
    )  # fmt: skip
    return message


def _in_header(text: str) -> str:
    """One line, and nothing that `email` would decode: an encoded word (RFC 2047) may hold the end of a line, which it
    writes out as one (CPython gh-121650)."""
    return bare_line(text).replace("=?", "= ?")


def _words(meeting: Meeting, business: str) -> str:
    at, language = meetings.holds_at(meeting), language_for(meeting.contact)
    zone = zone_for(meeting.contact, at=at)
    return _BODY.say(
        language, business=business, title=plain(meeting.title), place=plain(meeting.place),
        when=time_words(at, language, zone=zone), zone=zone_words(zone, language),
    )  # fmt: skip
