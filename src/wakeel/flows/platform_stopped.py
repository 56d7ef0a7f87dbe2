"""WhatsApp says that this person stopped our marketing messages (code 131050): as good as their own word. Walk 4."""

from datetime import datetime

from wakeel.domain.keywords import KeywordAction
from wakeel.flows.record_consent import withdraw_by_keyword
from wakeel.store.models import OutboxMessage

STOPPED_BY_PERSON = 131050


def note_platform_stop(message: OutboxMessage, code: int | None, *, at: datetime, now: datetime) -> None:
    """Write the withdrawal once per message, inside the caller's transaction; nothing for any other code."""
    if code != STOPPED_BY_PERSON or message.contact is None:
        return
    key = f"131050:{message.id}"
    if message.contact.consent_events.filter(wamid=key).exists():
        return
    withdraw_by_keyword(
        message.contact, KeywordAction.WITHDRAW_MARKETING, said_at=min(at, now), source="whatsapp_error_131050",
        wamid=key, text=str(code), now=now,
    )  # fmt: skip
