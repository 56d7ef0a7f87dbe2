"""A contact wrote: the window opens, unsent approved messages wait until the operator has read the words. Design 6."""

from datetime import datetime

from django.db.models import F, Q

from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import window_closes_at
from wakeel.domain.message_contents import Referral
from wakeel.domain.message_kinds import ANY_KIND
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.words import Text
from wakeel.flows.pass_on_words import Words, pass_on
from wakeel.flows.show_card import show_as_it_is, show_draft
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.wake_snoozed import wake_for_words
from wakeel.store import contacts, drafts, free_entry, messages
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Contact, OutboxMessage

WINDOW_CLOSED_CODE = 131047

_TO_BE_READ = (
    ReasonCode.WINDOW_CLOSED, ReasonCode.RECIPIENT_UNREACHABLE, ReasonCode.KILL_SWITCH, ReasonCode.CONTACT_REPLIED,
    ReasonCode.UNREAD_MESSAGE,
)  # fmt: skip
"""Holds whose text is shown with these words: they end by themselves, or the card has earlier words on it."""


def contact_replied(
    contact: Contact, *, words: str, kind: Text = ANY_KIND, wamid: str, sent_at: datetime, now: datetime,
    referral: Referral | None = None, opens: bool = False, is_told: bool = False,
) -> None:  # fmt: skip
    """Act on one message of a contact, inside the caller's transaction.

    words: '' for a picture or a voice note without any. kind: of what is more than words, shown with them. opens: they
    may be somebody new, for whom an opportunity is made. referral: what the chat was started from, None for most.
    is_told: operators were told of it already, such as of the answer to an invitation.
    """
    # Cards of drafts speak Arabic, what is heard the operator's language.
    said = messages.as_said(words, kind)
    closes_at = window_closes_at(sent_at)
    contacts.move_window(contact, to=min(sent_at, now))
    if referral is not None:
        free_entry.came(contact, referral, at=min(sent_at, now))
    is_shown = is_told
    is_shown |= _hold_unsent(contact, words=said.ar, now=now)
    _recall_leaving(contact, now=now)
    is_shown |= _ask_again_for_refused(contact, words=said.ar, now=now)
    if closes_at is not None and now < closes_at:
        show_what_is_cured(contact, now=now)
    group = tuple(contacts.group_of(contact))
    wake_for_words(group, now=now)
    spoken = Words(
        contact.business_id, contact.id, said, wamid, sent_at, group, referral, opens=opens, is_shown=is_shown
    )
    pass_on([spoken], now=now)


def _hold_unsent(contact: Contact, *, words: str, now: datetime) -> bool:
    """By whichever of their numbers they wrote. True if a card with these words went to whoever approved."""
    is_shown = False
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
        is_shown |= show_as_it_is(message, reply=words, now=now)
    return is_shown


def _recall_leaving(contact: Contact, *, now: datetime) -> None:
    """What is on the wire this moment is stopped if it still can be; the gate then holds it."""
    to_them = OutboxMessage.objects.filter(contact__in=contacts.group_of(contact), draft__isnull=False)
    outbox_verbs.recall(to_them, now=now)


def _ask_again_for_refused(contact: Contact, *, words: str, now: datetime) -> bool:
    """What Meta refused because the window was closed, by answer or by status, can be sent now: it is asked again.
    True if a card with these words went to somebody."""
    is_shown = False
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
            is_shown = True
    return is_shown
