"""WhatsApp says that this person stopped our marketing messages (code 131050): as good as their own word. Walk 4.

No other code is a person's will: 131026 means that a message could not be delivered, and says nothing about wishes.
"""

from datetime import datetime

from wakeel.flows.withdraw_consent import OFFERS, withdraw
from wakeel.store import contacts
from wakeel.store.models import OutboxMessage

STOPPED_BY_PERSON = 131050


def note_platform_stop(
    message: OutboxMessage, code: int | None, *, fence: int, at: datetime, now: datetime, clock: str = "server"
) -> None:
    """Write the withdrawal once per try of a message, inside the caller's transaction; nothing for any other code.

    fence: which try it was. clock: who stamped `at`, `whatsapp` for a status.
    """
    if code != STOPPED_BY_PERSON or message.contact is None:
        return
    others = contacts.having(message.business_id, message.address)
    people = {contact.id: contact for contact in (message.contact, *others)}
    withdraw(
        list(people.values()), OFFERS, at=min(at, now), source="whatsapp_error_131050",
        occurrence=f"131050:{message.id}:{fence}", evidence=str(code), clock=clock, now=now,
    )  # fmt: skip
