"""A contact wrote or tapped: their will first, then everything else that is done with a message. Walk 4.

Order: reference "consent and contactability", section 6.3, read 2026-11-22: withdrawal, what was queued, the one
confirmation, the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind
from wakeel.domain.consent import Category
from wakeel.domain.events import ButtonTapped, OtherMessage, TextReceived
from wakeel.domain.fixed_texts import Intent
from wakeel.domain.gate import is_window_open
from wakeel.domain.keywords import KeywordAction, match, match_payload
from wakeel.domain.message_contents import Media
from wakeel.domain.message_kinds import VOICE, kind_words
from wakeel.domain.opt_in import AFTER_OFFER, declines, language_of
from wakeel.domain.steps import Step
from wakeel.domain.text import plain, shorten
from wakeel.domain.words import Text
from wakeel.flows import keep_media, policies
from wakeel.flows.contact_replied import contact_replied
from wakeel.flows.fixed_text import say
from wakeel.flows.keep_contact import keep_contact
from wakeel.flows.meeting_answered import meeting_answered
from wakeel.flows.opt_in import (
    ask_for_consent,
    ask_if_unconfirmed,
    is_asked,
    take_no,
    take_yes,
    withdraw_answers,
)
from wakeel.flows.show_reply import REPLY_SHOWN
from wakeel.flows.tell_owners import tell_owners
from wakeel.flows.withdraw_consent import EVERYTHING, OFFERS, withdraw
from wakeel.store import contacts, leaving, messages
from wakeel.store.messages import Said
from wakeel.store.models import Contact, SendingNumber

_REFUSES = "opt_in_decline"
_WITHDRAWS = {
    KeywordAction.WITHDRAW_ALL: (EVERYTHING, Intent.OPT_OUT_CONFIRMATION),
    KeywordAction.WITHDRAW_MARKETING: (OFFERS, Intent.OFFERS_STOPPED),
}
"""What a word ends, and the text that confirms it."""
_STOPS = {*_WITHDRAWS, KeywordAction.SUPPRESS_AND_REVIEW, KeywordAction.REVIEW}
"""What the new words of an edited message may do."""
_EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Meaning:
    """action: NONE for a message that says nothing about being written to. is_no: to the question after START."""

    action: KeywordAction
    is_no: bool = False

    @property
    def word(self) -> str:
        """For the message's row."""
        return _REFUSES if self.is_no else self.action.value

    @property
    def opens(self) -> bool:
        """Whether somebody new is an opportunity by it: what is only about being written to is none."""
        return self.action is KeywordAction.NONE and not self.is_no


def says_nothing_about_consent(event: Said) -> bool:
    """True if no word of it could be a wish about being written to, whatever was asked before."""
    return isinstance(event, TextReceived) and match(event.text) is KeywordAction.NONE


def contact_said(event: Said, number: SendingNumber, *, now: datetime) -> None:
    """Act once on one message of a contact, inside the caller's transaction.

    What one person says is heard one after the other; everybody who had the sender's address when they said it is
    meant by a withdrawal. Whoever has it since is stopped by the ledger, where a withdrawal counts by address too.
    """
    kept = keep_contact(number.business_id, event.sender, at=event.sent_at, now=now)
    row = messages.keep(number.business_id, event, contact=kept, operator=None, now=now)
    contact = contacts.lock(number.business_id, kept.id)
    if row is None or contact is None:
        return
    then = contacts.of_sender(number.business_id, event.sender, at=min(event.sent_at, now))
    people = {person.id: person for person in (contact, *then)}
    meaning = _meaning(event, contact)
    messages.note(row, _note(event, meaning))
    keep_media.want(number.business_id, [event], now=now)
    _obey(event, meaning, list(people.values()), now=now)
    about_meeting = meeting_answered(event, contact, now=now) if meaning.opens else ""
    if about_meeting:
        messages.note(row, about_meeting)
    if event.opens_window:
        for person in people.values():
            contact_replied(
                person, words=messages.words_of(event), kind=kind_of(event), wamid=event.wamid, sent_at=event.sent_at,
                referral=event.referral, opens=person.id == contact.id and meaning.opens,
                is_told=bool(about_meeting), now=now,
            )  # fmt: skip
    _answer(event, meaning, contact, number, now=now)


def kind_of(event: Said) -> Text:
    """What it is called where it has no words."""
    content = event.content if isinstance(event, OtherMessage) else None
    is_voice = isinstance(content, Media) and content.is_voice
    return kind_words(VOICE if is_voice else messages.kind_of(event))


def _meaning(event: Said, contact: Contact) -> Meaning:
    """The words under a picture are words like any others. Those of an edit can stop us, and never allow us anything:
    nothing that was done by the message before is undone."""
    asked = is_asked(contact, at=event.sent_at)
    if isinstance(event, ButtonTapped):
        is_no = event.reply.kind is ButtonKind.CONSENT and event.reply.action == _REFUSES
        return Meaning(match_payload(event.reply.raw_id or ""), is_no=is_no)
    words = messages.words_of(event)
    is_edit = isinstance(event, OtherMessage) and event.type == _EDIT
    if not words or not (event.opens_window or is_edit):
        return Meaning(KeywordAction.NONE)
    last = leaving.last_category(contacts.group_of(contact), before=event.sent_at, within=AFTER_OFFER)
    action = match(
        words,
        expecting=contact.expecting if asked else None,
        last_outbound_marketing=last == Category.MARKETING,
    )
    if is_edit:
        return Meaning(action if action in _STOPS else KeywordAction.NONE)
    return Meaning(action, is_no=asked and action is KeywordAction.NONE and declines(words))


def _note(event: Said, meaning: Meaning) -> str:
    nothing = meaning.action is KeywordAction.NONE and not meaning.is_no
    if not nothing:
        return meaning.word
    return "unknown_button_id" if isinstance(event, ButtonTapped) else ""


def _obey(event: Said, meaning: Meaning, people: Sequence[Contact], *, now: datetime) -> None:
    """Withdrawals, before anything else is done with the message; a guess of ours ends marketing only."""
    at, words = min(event.sent_at, now), messages.words_of(event)
    said = partial(withdraw, people, at=at, occurrence=event.wamid, wamid=event.wamid, evidence=words, now=now)
    if meaning.action is KeywordAction.SUPPRESS_AND_REVIEW:
        said(OFFERS, source="inferred_text")
    elif meaning.action in _WITHDRAWS:
        scope, _ = _WITHDRAWS[meaning.action]
        said(scope, source="whatsapp_button" if isinstance(event, ButtonTapped) else "keyword")
        withdraw_answers(people, scope, stopped_at=at, evidence=words, now=now)


def _answer(event: Said, meaning: Meaning, contact: Contact, number: SendingNumber, *, now: datetime) -> None:
    if meaning.is_no:
        take_no(contact, event, now=now)
    match meaning.action:
        case KeywordAction.WITHDRAW_ALL | KeywordAction.WITHDRAW_MARKETING:
            _confirm_stop(event, _WITHDRAWS[meaning.action][1], contact, number, now=now)
        case KeywordAction.START_PENDING:
            ask_for_consent(contact, event, number, now=now)
        case KeywordAction.CONFIRM_OPTIN:
            take_yes(contact, event, number, now=now)
        case KeywordAction.HELP if is_window_open(event.sent_at, now=now):
            language = language_of(messages.words_of(event))
            say(contact, Intent.HELP, number=number, key=event.wamid, language=language, now=now)
        case KeywordAction.SUPPRESS_AND_REVIEW:
            _bring_to_a_person(AnswerCode.STOP_INFERRED, event, contact, now=now)
        case KeywordAction.REVIEW:
            _bring_to_a_person(AnswerCode.MAYBE_STOP, event, contact, now=now)
        case KeywordAction.NONE if event.opens_window and not meaning.is_no:
            ask_if_unconfirmed(contact, event, number, now=now)
        case _:
            pass


def _confirm_stop(event: Said, intent: Intent, contact: Contact, number: SendingNumber, *, now: datetime) -> None:
    """One confirmation, while it still is an answer: a stop that arrived late is kept, not talked about."""
    within = policies.current().opt_out_confirmation_within
    left = min(event.sent_at, now) + within - now
    if left.total_seconds() > 0:
        language = language_of(messages.words_of(event))
        say(contact, intent, number=number, key=event.wamid, language=language, now=now, until=left)


def _bring_to_a_person(code: AnswerCode, event: Said, contact: Contact, *, now: datetime) -> None:
    words = shorten(plain(messages.words_of(event), keep_newlines=True), limit=REPLY_SHOWN)
    tell_owners(contact, code, {"text": words}, key=f"{code}:{event.wamid}", now=now, steps=(Step.DECIDE_STOP,))
