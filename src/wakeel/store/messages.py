"""Inbound messages, each kept once by its wamid."""

from datetime import datetime

from wakeel.domain.events import ButtonTapped, IdentityChanged, OtherMessage, TextReceived
from wakeel.store.erased_ids import either
from wakeel.store.models import Contact, InboundMessage, Operator

Said = ButtonTapped | TextReceived | OtherMessage


def keep(
    business_id: str, event: Said, *, contact: Contact | None, operator: Operator | None, now: datetime
) -> InboundMessage | None:
    """Store one message; None if this wamid was stored before, whatever else came with it."""
    row, made = InboundMessage.objects.get_or_create(
        business_id=business_id,
        wamid=event.wamid[:200],
        defaults={
            "contact": contact,
            "operator": operator,
            "kind": kind_of(event),
            "text": words_of(event),
            "button_id": (event.reply.raw_id or "")[:256] if isinstance(event, ButtonTapped) else "",
            "context_wamid": (event.context_wamid or "")[:200],
            "sent_at": event.sent_at,
            "recorded_at": now,
        },
    )
    return row if made else None


def keep_system(
    business_id: str, event: IdentityChanged, *, operator_id: str | None, contact: Contact | None, now: datetime
) -> bool:
    """Store one system message; False if it was stored before."""
    if was_kept(business_id, event.wamid):
        return False
    _, made = InboundMessage.objects.get_or_create(
        business_id=business_id,
        wamid=event.wamid[:200],
        defaults={
            "contact": contact,
            "operator_id": operator_id,
            "kind": "system",
            "text": event.kind,
            "handled": "identity",
            "sent_at": event.sent_at,
            "recorded_at": now,
        },
    )
    return made


def keep_code(business_id: str, event: TextReceived, *, now: datetime) -> None:
    """Remember that a code came in, without the code."""
    InboundMessage.objects.create(
        business_id=business_id,
        wamid=event.wamid[:200],
        kind="code",
        handled="code",
        sent_at=event.sent_at,
        recorded_at=now,
    )


def was_kept(business_id: str, wamid: str) -> bool:
    """True also for a message of somebody whose data was destroyed since: its repetition must not bring it back."""
    return InboundMessage.objects.filter(business_id=business_id, wamid__in=either(wamid[:200])).exists()


def note(row: InboundMessage, handled: str) -> None:
    """Remember in one word what was done."""
    InboundMessage.objects.filter(pk=row.pk).update(handled=handled[:40])


def kind_of(event: Said) -> str:
    match event:
        case ButtonTapped():
            return "button"
        case TextReceived():
            return "text"
        case OtherMessage():
            return event.type[:20]


def words_of(event: Said) -> str:
    match event:
        case ButtonTapped():
            return event.title
        case TextReceived():
            return event.text
        case OtherMessage():
            return event.caption or ""
