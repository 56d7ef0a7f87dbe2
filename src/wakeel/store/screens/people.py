"""How a person is named on a page, and how much of the number a viewer sees."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.text import mask_phone
from wakeel.store.compiled import Compiled
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
    (phone,) = _phone.first(contact=contact.id) or ("",)
    return Person(contact.id, contact.name, contact.organisation, phone if owns(contact, viewer) else masked(phone))


def owns(contact: Contact, viewer: str | None) -> bool:
    return viewer is not None and _owned.first(contact=contact.id, viewer=viewer) is not None


@Compiled
def _phone(*, contact: Any) -> QuerySet[ContactAlias, Any]:
    rows = ContactAlias.objects.filter(contact=contact, kind=ContactAlias.Kind.PHONE.value, valid_to=None)
    return rows.values_list("value")


@Compiled
def _owned(*, contact: Any, viewer: Any) -> QuerySet[Opportunity, Any]:
    return Opportunity.objects.filter(contact=contact, owner=viewer).values_list("pk")[:1]


def masked(phone: str) -> str:
    return mask_phone(phone) if phone else ""
