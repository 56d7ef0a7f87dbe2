"""A contact wrote: the window opens, unsent approved messages wait until the operator has read the words. Design 6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from wakeel.domain.answers import ANSWERS, AnswerCode
from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import window_closes_at
from wakeel.domain.message_kinds import ANY_KIND
from wakeel.domain.opportunities import ANSWERED, OpportunityState
from wakeel.domain.outbox import Lane, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.text import one_line, shorten
from wakeel.domain.words import Language, Text
from wakeel.flows.show_card import show_as_it_is, show_draft
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.tell_operator import message_to
from wakeel.store import contacts, decisions, drafts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Contact, Operator, Opportunity, OutboxMessage
from wakeel.whatsapp.cards import text_part

WINDOW_CLOSED_CODE = 131047
REPLY_SHOWN = 700
"""Characters of a contact's words that are brought to the operator's phone; the screen has them all."""

_TO_BE_READ = (
    ReasonCode.WINDOW_CLOSED, ReasonCode.RECIPIENT_UNREACHABLE, ReasonCode.KILL_SWITCH, ReasonCode.CONTACT_REPLIED,
    ReasonCode.UNREAD_MESSAGE,
)  # fmt: skip
"""Holds whose text is shown with these words: they end by themselves, or the card has earlier words on it."""


def contact_replied(
    contact: Contact, *, words: str, kind: Text = ANY_KIND, wamid: str, sent_at: datetime, now: datetime
) -> None:
    """Act on one message of a contact, inside the caller's transaction.

    words: '' for a picture or a voice note; operators are shown its kind then.
    """
    # Cards speak Arabic, notices the owner's language.
    said = as_said(words, kind)
    closes_at = window_closes_at(sent_at)
    contacts.move_window(contact, to=min(sent_at, now))
    _hold_unsent(contact, words=said.ar, now=now)
    _recall_leaving(contact, now=now)
    _ask_again_for_refused(contact, words=said.ar, now=now)
    if closes_at is not None and now < closes_at:
        show_what_is_cured(contact, now=now)
    _follow_up(contact, said=said, wamid=wamid, now=now)


def _hold_unsent(contact: Contact, *, words: str, now: datetime) -> None:
    """By whichever of their numbers they wrote."""
    group = contacts.group_of(contact)
    rows = OutboxMessage.objects.filter(contact__in=group, draft__isnull=False, state=OutboxState.PENDING)
    waiting = OutboxMessage.objects.filter(
        contact__in=group, draft__isnull=False, state=OutboxState.HELD, hold_code__in=_TO_BE_READ
    )
    for message in list(
        (rows | waiting).select_related("draft__opportunity__owner", "draft__contact", "draft__number")
    ):
        held = OutboxMessage.objects.filter(pk=message.pk, state__in=[OutboxState.PENDING, OutboxState.HELD])
        if not held.update(state=OutboxState.HELD, hold_code=ReasonCode.CONTACT_REPLIED, updated_at=now):
            continue
        show_as_it_is(message, reply=words, now=now)


def _recall_leaving(contact: Contact, *, now: datetime) -> None:
    """What is on the wire this moment is stopped if it still can be; the gate then holds it."""
    to_them = OutboxMessage.objects.filter(contact__in=contacts.group_of(contact), draft__isnull=False)
    outbox_verbs.recall(to_them, now=now)


def _ask_again_for_refused(contact: Contact, *, words: str, now: datetime) -> None:
    """What Meta refused because the window was closed, by answer or by status, can be sent now: it is asked again."""
    refused = Q(state=OutboxState.FAILED) | Q(state=OutboxState.ACCEPTED, status=MessageStatus.FAILED.value)
    rows = OutboxMessage.objects.filter(refused, contact=contact, failure_code=WINDOW_CLOSED_CODE)
    rows = rows.filter(draft__state=DraftState.APPROVED, draft_version=F("draft__version"))
    for message in rows.select_related("draft__opportunity__owner", "draft__contact", "draft__number"):
        draft = message.draft
        if draft is None or not drafts.move(draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.APPROVED]):
            continue
        drafts.revoke_approval(draft, now=now)
        outbox_verbs.settle_attempt(message, settled_by="contact_wrote")
        if draft.opportunity.owner is not None:
            show_draft(draft.opportunity.owner, draft, reply=words, now=now)


def as_said(words: str, kind: Text) -> Text:
    """What operators are shown of a message; of one without words its kind."""
    return Text(words, words) if words else Text(f"📎 {kind.ar}", f"📎 {kind.en}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a contact said, and the opportunities it answers, each with its owner."""

    contact: Contact
    answered: Sequence[Opportunity]
    said: Text
    wamid: str


def _follow_up(contact: Contact, *, said: Text, wamid: str, now: datetime) -> None:
    rows = Opportunity.objects.filter(contact__in=contacts.group_of(contact), owner__isnull=False, state__in=ANSWERED)
    follow_up([Answer(contact, list(rows.select_related("owner").order_by("pk")), said, wamid)], now=now)


def follow_up(answers: Sequence[Answer], *, now: datetime) -> None:
    """An answer to a message of ours reaches whoever sent it, once for each message and owner."""
    first = [
        opportunity.id
        for one in answers
        for opportunity in one.answered
        if opportunity.state == OpportunityState.CONTACTED
    ]
    if first:
        decisions.move_opportunities(
            first, to=OpportunityState.REPLIED, come_from=[OpportunityState.CONTACTED], now=now
        )
    told = [_told(owner, one, now=now) for one in answers for owner in _owners(one.answered)]
    outbox_verbs.enqueue_all([message for message in told if message is not None])


def _owners(answered: Sequence[Opportunity]) -> list[Operator]:
    return list({opportunity.owner_id: opportunity.owner for opportunity in answered if opportunity.owner}.values())


def _told(owner: Operator, answer: Answer, *, now: datetime) -> OutboxMessage | None:
    words = answer.said.en if owner.language == Language.EN else answer.said.ar
    told = ANSWERS[AnswerCode.CONTACT_WROTE].say(
        owner.language, name=one_line(answer.contact.name), text=shorten(words, limit=REPLY_SHOWN)
    )
    key = f"wrote:{answer.wamid}:{owner.id}"
    return message_to(owner, text_part(told), lane=Lane.CARD, key=key, about=answer.contact, now=now)
