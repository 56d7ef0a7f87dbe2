"""A person used WhatsApp's own switch for offers. Walk 4."""

from datetime import datetime

from wakeel.domain.events import PreferenceChanged
from wakeel.flows.keep_contact import keep_contact
from wakeel.flows.withdraw_consent import OFFERS, resume_offers, withdraw
from wakeel.store import contacts, known_items
from wakeel.store.models import SendingNumber


def preference_changed(event: PreferenceChanged, number: SendingNumber, *, now: datetime) -> None:
    """Stop is a marketing withdrawal; resume lifts only what that switch had stopped. Both once per event.

    It holds for everybody who had this sender's address when they said so, not for who got it since. An operator's own
    switch says nothing about contacts; cards are not offers.
    """
    if known_items.knows_preference(number.business_id, event):
        return
    keep_contact(number.business_id, event.sender, at=event.at, now=now)
    people = contacts.of_sender(number.business_id, event.sender, at=min(event.at, now))
    occurrence = known_items.preference_occurrence(event)
    if event.value == "resume":
        resume_offers(people, at=event.at, occurrence=occurrence, now=now)
    else:
        withdraw(
            people, OFFERS, at=event.at, source="whatsapp_user_preferences", occurrence=occurrence,
            evidence=event.value, now=now,
        )  # fmt: skip
