"""A contact answered an invitation, by a tap or with the number of a time. Issue 7, 9.

What they want is noted for the meeting and told to whoever has the opportunity; nothing goes back to them by itself.
"""

from datetime import datetime, timedelta

from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_meetings import AGREED_IN_DRAFT
from wakeel.domain.buttons import ButtonKind
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import ButtonCard
from wakeel.domain.events import ButtonTapped, TextReceived
from wakeel.domain.meeting_times import read_choice
from wakeel.domain.meetings import MeetingState
from wakeel.domain.outbox import Lane
from wakeel.domain.prompts import PromptKind
from wakeel.domain.text import name_line, one_line
from wakeel.domain.words import Text
from wakeel.flows.ask_operator import ask
from wakeel.flows.meeting_words import state_of, when_words
from wakeel.flows.reply import Reply, Value
from wakeel.flows.tell_operator import tell
from wakeel.store import contacts, meetings, prompts
from wakeel.store.messages import Said
from wakeel.store.models import Contact, Meeting, Operator
from wakeel.whatsapp.cards import button_card_part

STILL_ASKED = timedelta(days=14)
"""So long a bare number is read as the choice of a time: as far ahead as times are proposed."""
_CONFIRM, _OTHER = "confirm", "other"
_NOTHING = Text("", "")
_BUTTONS = (("edit", Text("تعديل", "Edit")), ("cancel", Text("إلغاء", "Cancel")))


def meeting_answered(event: Said, contact: Contact, *, now: datetime) -> str:
    """Note what one message of a contact says about a meeting, inside the caller's transaction, which has locked the
    contact. Returns one word for the message's row, '' if it says nothing about one."""
    if isinstance(event, ButtonTapped):
        return _tapped(event, contact, now=now)
    return _wrote(event, contact, now=now) if isinstance(event, TextReceived) else ""


def _tapped(event: ButtonTapped, contact: Contact, *, now: datetime) -> str:
    action = event.reply.action
    if event.reply.kind is not ButtonKind.MEETING or action not in {_CONFIRM, _OTHER}:
        return ""
    meeting = meetings.lock(contact.business_id, event.reply.subject_id or "")
    if meeting is None or meeting.contact_id not in contacts.group_of(contact):
        return ""
    if not _is_current(meeting, event.context_wamid):
        _tell(meeting, AnswerCode.MEETING_OLD, {"state": state_of(meeting)}, event.wamid, now=now)
        return "meeting_old"
    if action == _CONFIRM:
        _confirm(meeting, meetings.slots_of(meeting)[0], event, now=now)
    else:
        _wants_other(meeting, event, now=now)
    return f"meeting_{action}"


def _wrote(event: TextReceived, contact: Contact, *, now: datetime) -> str:
    """A bare number is a choice only of the invitation it quotes, or if that was the last thing we sent them."""
    number = read_choice(event.text)
    if number is None:
        return ""
    found = meetings.last_invitation_to(contacts.group_of(contact), since=event.sent_at - STILL_ASKED)
    if found is None or (event.context_wamid is not None and event.context_wamid != found.wamid):
        return ""
    if event.context_wamid is None and not found.is_last:
        return ""
    meeting = meetings.lock(contact.business_id, found.meeting_id)
    if meeting is None:
        return ""
    if not _is_current(meeting, found.wamid):
        # The number is one of the times that were sent; the meeting has others by now, or none.
        _tell(meeting, AnswerCode.MEETING_OLD, {"state": state_of(meeting)}, event.wamid, now=now)
        return "meeting_old"
    if number > len(meeting.slots):
        return ""
    _confirm(meeting, meetings.slots_of(meeting)[number - 1], event, now=now)
    return "meeting_confirm"


def _is_current(meeting: Meeting, context_wamid: str | None) -> bool:
    """Buttons of an earlier invitation name other times. Without a context it can only be the newest."""
    newest = meetings.newest_sent(meeting)
    is_newest = newest is not None and context_wamid in {None, newest.wamid}
    return is_newest and meeting.state != MeetingState.CANCELLED and not meetings.is_being_changed(meeting)


def _confirm(meeting: Meeting, slot: datetime, event: Said, *, now: datetime) -> None:
    if slot <= min(event.sent_at, now):
        _tell(meeting, AnswerCode.MEETING_PASSED, {}, event.wamid, now=now)
        return
    if meeting.answer == _CONFIRM and meeting.chosen == slot:
        return
    meetings.note_answer(meeting, _CONFIRM, chosen=slot, now=now)
    _write_anew(meeting, now=now)
    _mail_anew(meeting, now=now)
    prompts.close(meeting.business_id, meeting.id, kinds=[PromptKind.MEETING], now=now)
    _tell(meeting, AnswerCode.MEETING_CONFIRMED, {"calendar": _draft_words(meeting)}, event.wamid, now=now)


def _wants_other(meeting: Meeting, event: Said, *, now: datetime) -> None:
    if meeting.answer == _OTHER:
        return
    was_agreed = meeting.chosen is not None
    meetings.note_answer(meeting, _OTHER, chosen=None, now=now)
    _write_anew(meeting, now=now)
    if was_agreed:
        _mail_anew(meeting, now=now)
    _ask(meeting, event.wamid, now=now)


def _write_anew(meeting: Meeting, *, now: datetime) -> None:
    """The event follows what was agreed on."""
    if meeting.calendar:
        meetings.to_calendar(meeting, now=now)


def _mail_anew(meeting: Meeting, *, now: datetime) -> None:
    """Whoever has the file gets the one that holds."""
    if meeting.mail:
        meetings.to_mail(meeting, now=now)


def _draft_words(meeting: Meeting) -> Text:
    return _NOTHING if meeting.calendar else AGREED_IN_DRAFT


def _tell(meeting: Meeting, code: AnswerCode, values: dict[str, Value], key: str, *, now: datetime) -> None:
    for operator in meetings.whose(meeting):
        said = _values(meeting, operator) | values
        tell(operator, Reply(code, said), key=f"meeting:{key}:{operator.id}", about=meeting.contact, now=now)


def _ask(meeting: Meeting, key: str, *, now: datetime) -> None:
    for operator in meetings.whose(meeting):
        words = Reply(AnswerCode.MEETING_OTHER, _values(meeting, operator)).say(operator.language)
        buttons = buttons_about(meeting.id, ButtonKind.MEETING, _BUTTONS, language=operator.language)
        part = button_card_part(ButtonCard(body=words, buttons=buttons))
        ask(
            operator, PromptKind.MEETING, subject=meeting.id, part=part, key=key, about=meeting.contact, now=now,
            lane=Lane.CARD,
        )  # fmt: skip


def _values(meeting: Meeting, operator: Operator) -> dict[str, Value]:
    return {
        "name": name_line(meeting.contact.name),
        "title": one_line(meeting.title),
        "when": when_words(meeting, operator),
    }
