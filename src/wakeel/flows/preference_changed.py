"""A person used WhatsApp's own switch for offers. Walk 4."""

from datetime import datetime

from wakeel.domain.events import PreferenceChanged
from wakeel.flows.withdraw_consent import OFFERS, resume_offers, withdraw
from wakeel.store import contacts, operators
from wakeel.store.models import SendingNumber


def preference_changed(event: PreferenceChanged, number: SendingNumber, *, now: datetime) -> None:
    """Stop is a marketing withdrawal; resume lifts only what that switch had stopped. Both once per event.

    It holds for everybody who has this sender's address, and whoever had it when they said so. An operator's own switch
    says nothing about contacts; cards are not offers.
    """
    if operators.is_operator_sender(number.business_id, event.sender):
        return
    contacts.keep(number.business_id, event.sender, now=now)
    before = contacts.former_of(number.business_id, event.sender, at=event.at)
    people = list({one.id: one for one in (*contacts.all_of(number.business_id, event.sender), *before)}.values())
    occurrence = f"preference:{event.at.isoformat()}:{event.value}"
    if event.value == "resume":
        resume_offers(people, at=event.at, occurrence=occurrence, now=now)
    else:
        withdraw(
            people, OFFERS, at=event.at, source="whatsapp_user_preferences", occurrence=occurrence,
            evidence=event.value, now=now,
        )  # fmt: skip
