"""A person used WhatsApp's own switch for offers. Walk 4."""

from datetime import datetime

from wakeel.domain.events import PreferenceChanged
from wakeel.domain.keywords import KeywordAction
from wakeel.flows.record_consent import resume_by_preference, withdraw_by_keyword
from wakeel.store import contacts, operators
from wakeel.store.models import Contact, SendingNumber


def preference_changed(event: PreferenceChanged, number: SendingNumber, *, now: datetime) -> None:
    """Stop is a marketing withdrawal; resume lifts only what that switch had stopped. Both once per event.

    An operator's own switch says nothing about contacts; cards are not offers.
    """
    if operators.is_operator_sender(number.business_id, event.sender):
        return
    contacts.keep(number.business_id, event.sender, now=now)
    for contact in contacts.all_of(number.business_id, event.sender):
        _record(contact, event, now=now)


def _record(contact: Contact, event: PreferenceChanged, *, now: datetime) -> None:
    key = f"preference:{event.at.isoformat()}:{event.value}"
    if contact.consent_events.filter(wamid=key).exists():
        return
    if event.value == "resume":
        resume_by_preference(contact, at=event.at, key=key, now=now)
    else:
        withdraw_by_keyword(
            contact, KeywordAction.WITHDRAW_MARKETING, said_at=event.at, source="whatsapp_user_preferences",
            wamid=key, text=event.value, now=now,
        )  # fmt: skip
