"""Fixed texts: shown to administrators, approved once per version, said to contacts without a tap. Design 6."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from wakeel import config
from wakeel.domain.audit import Action
from wakeel.domain.cards import Button, ButtonCard
from wakeel.domain.consent import Category
from wakeel.domain.drafts import content_hash
from wakeel.domain.fixed_texts import FIXED_TEXTS, ONCE_WITHIN, Intent
from wakeel.domain.outbox import UNCLAIMED, Audience, Lane, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.words import Language
from wakeel.flows import audit
from wakeel.store import contacts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Business, Contact, FixedTextApproval, OutboxMessage, SendingNumber
from wakeel.store.retry import whole_transaction
from wakeel.whatsapp.cards import button_card_part, text_part
from wakeel.whatsapp.payloads import message_body

_ANYBODY = "+10000000"
"""Whom a text is addressed to does not change what it says; its hash leaves the address out."""


@dataclass(frozen=True, slots=True)
class Version:
    """One text in one language as it goes out. choices: titles of its buttons. approved_at: None while it waits."""

    intent: Intent
    language: Language
    text: str
    choices: tuple[str, ...]
    content_hash: str
    approved_by: str
    approved_at: datetime | None


def versions(business_id: str) -> tuple[Version, ...]:
    """Every fixed text in both languages, as this deployment would send it now."""
    approved = {row.content_hash: row for row in FixedTextApproval.objects.filter(business=business_id)}
    name = Business.objects.get(pk=business_id).name
    return tuple(_version(intent, language, name, approved) for intent in Intent for language in Language)


def waiting(business_id: str) -> tuple[Version, ...]:
    """Those that no administrator approved yet; nothing of them leaves."""
    return tuple(version for version in versions(business_id) if version.approved_at is None)


@whole_transaction
def approve(business_id: str, intent: Intent, *, by: str, now: datetime, shown: Collection[str] | None = None) -> bool:
    """Approve both languages of one text, and let go what waited for that; False if another text was shown.

    by: the administrator's login. shown: content hashes of what they read; None to approve what is current.
    """
    with transaction.atomic():
        current = [version for version in versions(business_id) if version.intent is intent]
        if shown is not None and {version.content_hash for version in current} != set(shown):
            return False
        for version in current:
            FixedTextApproval.objects.get_or_create(
                business_id=business_id,
                content_hash=version.content_hash,
                defaults={"intent": intent.value, "approved_by": by, "approved_at": now},
            )
            _let_go(business_id, version.content_hash, now=now)
        hashes = [version.content_hash[:12] for version in current]
        audit.note(
            business_id, by=by, action=Action.TEXT_APPROVED, subject=intent.value, after={"texts": hashes}, now=now
        )
        return True


def say(
    contact: Contact,
    intent: Intent,
    *,
    number: SendingNumber,
    key: str,
    now: datetime,
    language: Language = Language.AR,
    until: timedelta | None = None,
) -> OutboxMessage | None:
    """Queue one text, inside the caller's transaction, which has locked the contact; None if they had it lately.

    key: what is answered, such as a wamid. until: how long it makes sense; None while the window is open.
    """
    address = contacts.address_of(contact.id)
    if address is None or _had_lately(contact, intent, now=now):
        return None
    body = _body(intent, language, number.business.name, address=address)
    return outbox_verbs.enqueue(
        business_id=contact.business_id,
        number_id=number.pk,
        audience=Audience.CONTACT,
        contact=contact,
        address=address,
        lane=Lane.ANSWER,
        body=body,
        digest=content_hash(body),
        category=Category.SERVICE,
        intent=intent.value,
        request_key=f"{intent}:{contact.id}:{key}",
        due_at=now,
        expires_at=None if until is None else now + until,
        now=now,
    )


def _had_lately(contact: Contact, intent: Intent, *, now: datetime) -> bool:
    """One of an intent within the hour, and never a second one while the first has not left."""
    rows = OutboxMessage.objects.filter(contact__in=contacts.group_of(contact), intent=intent.value)
    rows = rows.exclude(state=OutboxState.SUPPRESSED)
    unsent = Q(state__in=[state.value for state in UNCLAIMED])
    return rows.filter(unsent | Q(created_at__gt=now - ONCE_WITHIN)).exists()


def _let_go(business_id: str, said: str, *, now: datetime) -> None:
    """What was held for this approval is asked of the gate again."""
    rows = OutboxMessage.objects.filter(business=business_id, content_hash=said, audience=Audience.CONTACT.value)
    rows = rows.filter(state=OutboxState.HELD, hold_code=ReasonCode.APPROVAL_MISSING.value).exclude(intent="")
    rows.update(state=OutboxState.PENDING, hold_code="", due_at=now, updated_at=now)


def _version(intent: Intent, language: Language, name: str, approved: dict[str, FixedTextApproval]) -> Version:
    said = content_hash(_body(intent, language, name, address=_ANYBODY))
    approval = approved.get(said)
    return Version(
        intent=intent,
        language=language,
        text=_words(intent, language, name),
        choices=tuple(choice.title.say(language) for choice in FIXED_TEXTS[intent].choices),
        content_hash=said,
        approved_by=approval.approved_by if approval else "",
        approved_at=approval.approved_at if approval else None,
    )


def _body(intent: Intent, language: Language, name: str, *, address: str) -> dict[str, Any]:
    text, choices = _words(intent, language, name), FIXED_TEXTS[intent].choices
    if not choices:
        return message_body(text_part(text), address=address)
    buttons = tuple(Button(choice.button_id, choice.title.say(language)) for choice in choices)
    return message_body(button_card_part(ButtonCard(body=text, buttons=buttons)), address=address)


def _words(intent: Intent, language: Language, name: str) -> str:
    return FIXED_TEXTS[intent].say(language, business=name, notice_url=config.get().notice_url)
