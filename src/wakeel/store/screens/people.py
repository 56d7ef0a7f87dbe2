"""How a person is named on a page, and how much of the number a viewer sees."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.text import mask_phone
from wakeel.store.compiled import Compiled
from wakeel.store.contacts import group_of
from wakeel.store.keepers import other_keeper
from wakeel.store.models import Contact, ContactAlias, Opportunity


@dataclass(frozen=True, slots=True)
class Person:
    """phone: `+` and digits, masked unless it may be seen in full; '' if hidden or unknown."""

    id: str
    name: str
    organisation: str
    phone: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose numbers somebody sees in full. viewer: the operator, who sees those of people they have an opportunity
    with; None sees none of them. sees_all: every number.
    """

    viewer: str | None
    sees_all: bool = False


BLIND = Sight(None)
"""Every number masked."""


def person(contact: Contact, *, sight: Sight) -> Person:
    phone = phone_of(contact.id)
    return Person(contact.id, contact.name, contact.organisation, phone if sees(contact, sight) else masked(phone))


def phone_of(contact_id: str) -> str:
    """`+` and digits, in full; '' if hidden or unknown. Who may see it is the caller's to ask."""
    (phone,) = _phone.first(contact=contact_id) or ("",)
    return str(phone)


def sees(contact: Contact, sight: Sight) -> bool:
    """Whether this person's number may be shown in full."""
    return contact.id in seen_of([contact.id], sight)


def seen_of(contact_ids: Collection[str], sight: Sight) -> frozenset[str]:
    """Of these people, those whose number may be shown in full."""
    if sight.sees_all or sight.viewer is None or not contact_ids:
        return frozenset(contact_ids if sight.sees_all else ())
    return frozenset(pk for (pk,) in _owned(contacts=list(contact_ids), viewer=sight.viewer))


def records_of(business_id: str, contact_id: str) -> tuple[str, ...]:
    """Ids of all records of this person; none if this business has no such contact."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    return tuple(group_of(contact)) if contact is not None else ()


def kept_by(contact_id: str, records: Collection[str], *, viewer: str | None) -> str:
    """The name of the colleague who has this person, '' if nobody has or the viewer does. See `keepers`."""
    keeper = other_keeper(contact_id, records, but=viewer)
    return keeper.name if keeper is not None else ""


@Compiled
def _phone(*, contact: Any) -> QuerySet[ContactAlias, Any]:
    rows = ContactAlias.objects.filter(contact=contact, kind=ContactAlias.Kind.PHONE.value, valid_to=None)
    return rows.values_list("value")


@Compiled
def _owned(*, contacts: Any, viewer: Any) -> QuerySet[Opportunity, Any]:
    return Opportunity.objects.filter(contact__in=contacts, owner=viewer).values_list("contact")


def masked(phone: str) -> str:
    return mask_phone(phone) if phone else ""
