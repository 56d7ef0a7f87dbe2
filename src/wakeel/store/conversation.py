"""What was said between us and one person, whoever of us said it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from wakeel.domain.message_kinds import ANY_KIND
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.words import Text
from wakeel.store.compiled import Compiled
from wakeel.store.messages import ECHO, kept_kind
from wakeel.store.models import Contact, DraftVersion, InboundMessage, OutboxMessage


@dataclass(frozen=True, slots=True)
class Message:
    """is_ours: from us, by this product or the app beside it. text: '' for one without words; kind: of such a one.

    wamid: '' of ours. id: of the row of an inbound message, None of ours.
    """

    is_ours: bool
    text: str
    at: datetime
    kind: Text = ANY_KIND
    wamid: str = ""
    id: int | None = None


def latest(contact_ids: Collection[str], *, limit: int) -> list[Message]:
    """The last messages of one person's records that came, or that WhatsApp took; the oldest first."""
    said = [
        Message(kind == ECHO, text, sent_at, kept_kind(kind, content), wamid, pk)
        for pk, kind, text, content, sent_at, wamid in _INBOUND(contacts=contact_ids)[:limit]
    ]
    sent: list[OutboxMessage] = _OUTBOUND(contacts=contact_ids)[:limit]
    versions = _versions(sent)
    said += [Message(True, _words(row, versions), row.updated_at) for row in sent]  # noqa: FBT003 - ours
    return sorted(reversed(said), key=lambda one: one.at)[-limit:]


MOST = 50
"""Of each direction, read at most."""
# Reactions and revocations too: they hold no words of their own, but belong to the talk.
_INBOUND = Compiled(
    lambda contacts: (
        InboundMessage.objects.filter(contact__in=contacts)
        .order_by("-sent_at", "-id")
        .values_list("id", "kind", "text", "content", "sent_at", "wamid")[:MOST]
    )
)
# Taken by WhatsApp and not given back later: what never reached them was not said.
_SAID = Q(state=OutboxState.ACCEPTED.value) & ~Q(status=MessageStatus.FAILED.value)
_OUTBOUND = Compiled(
    lambda contacts: OutboxMessage.objects.filter(_SAID, contact__in=contacts).order_by("-created_at", "-id")[:MOST]
)
_LAST_WORDS = Compiled(
    lambda contact: (
        InboundMessage.objects.filter(contact=contact)
        .exclude(text="")
        .exclude(kind=ECHO)
        .order_by("-sent_at")
        .values_list("text")[:1]
    )
)
_LAST_MESSAGE = Compiled(
    lambda contacts: (
        InboundMessage.objects.filter(contact__in=contacts)
        .exclude(kind=ECHO)
        .order_by("-sent_at", "-id")
        .values_list("id", "wamid", "sent_at")[:1]
    )
)


def last_words(contact_id: str) -> str:
    """What the contact wrote last in words; '' if nothing."""
    return next((text for (text,) in _LAST_WORDS(contact=contact_id)), "")


@dataclass(frozen=True, slots=True)
class Last:
    """The newest message of a person."""

    id: int
    wamid: str
    sent_at: datetime


def last_message(contact_ids: Collection[str]) -> Last | None:
    """None for somebody who never wrote."""
    return next((Last(*row) for row in _LAST_MESSAGE(contacts=contact_ids)), None)


def last_sent(contact_ids: Collection[str]) -> Mapping[str, str]:
    """What of us each of these people got last, in words; nobody without such a message is in it. Two queries."""
    found = [pk for _, pk in _LAST_SENT(ids=contact_ids) if pk is not None] if contact_ids else []
    rows: list[OutboxMessage] = _BY_ID(ids=found) if found else []
    versions = _versions(rows)
    return {row.contact_id or "": words for row in rows if (words := _words(row, versions))}


@Compiled
def _LAST_SENT(*, ids: Any) -> "QuerySet[Contact, Any]":
    sent = OutboxMessage.objects.filter(_SAID, contact=OuterRef("pk"))
    newest = sent.order_by("-created_at", "-id").values("pk")[:1]
    return Contact.objects.filter(pk__in=ids).annotate(sent=Subquery(newest)).values_list("pk", "sent")


_BY_ID = Compiled(lambda ids: OutboxMessage.objects.filter(pk__in=ids))


def _versions(rows: Iterable[OutboxMessage]) -> dict[tuple[str, int], str]:
    """What the contact read, which of a template's message is not in its body."""
    ids = {row.draft_id for row in rows if row.draft_id is not None}
    if not ids:
        return {}
    return {(draft_id, number): text for draft_id, number, text in _VERSIONS(drafts=ids)}


_VERSIONS = Compiled(
    lambda drafts: DraftVersion.objects.filter(draft__in=drafts).values_list("draft_id", "number", "text")
)


def _words(row: OutboxMessage, versions: Mapping[tuple[str, int], str]) -> str:
    written = versions.get((row.draft_id or "", row.draft_version or 0))
    text = row.body.get("text")
    return written if written is not None else str(text.get("body", "")) if isinstance(text, dict) else ""
