"""How a person is named on a page, and how much of the number a viewer sees."""

from dataclasses import dataclass

from wakeel.domain.text import mask_phone
from wakeel.store.models import Contact, ContactAlias, Opportunity


@dataclass(frozen=True, slots=True)
class Person:
    """phone: `+` and digits, masked unless the viewer owns an opportunity with them; '' if hidden or unknown."""

    id: str
    name: str
    organisation: str
    phone: str


def person(contact: Contact, *, viewer: str | None) -> Person:
    """viewer: the operator who looks; None sees masked numbers only."""
    alias = ContactAlias.objects.filter(contact=contact, kind=ContactAlias.Kind.PHONE, valid_to=None).first()
    phone = alias.value if alias else ""
    return Person(contact.id, contact.name, contact.organisation, phone if owns(contact, viewer) else masked(phone))


def owns(contact: Contact, viewer: str | None) -> bool:
    return viewer is not None and Opportunity.objects.filter(contact=contact, owner_id=viewer).exists()


def masked(phone: str) -> str:
    return mask_phone(phone) if phone else ""
