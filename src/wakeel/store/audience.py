"""Selecting many at once: who holds an active consent for a category and purpose, and is not suppressed.

Read from the stored standings, in slices: a million contacts pass through a fixed amount of memory. It is a selection,
never a permission: whether a message may leave is computed for each one when it is claimed.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from wakeel.domain.consent import Standing
from wakeel.store import contacts, subjects
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentStanding, Contact, ContactAlias, Suppression

SLICE = 2000
COMPUTED_SLICE = 1000


def active(business_id: str, *, category: str, purpose: str, now: datetime) -> Iterator[str]:
    """The ids of everybody who can be selected at `now`, in their order; merged records and erased people never."""
    rows = ConsentStanding.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now),
        business_id=business_id,
        category=category,
        purpose=purpose,
        standing=Standing.ACTIVE.value,
        contact__merged_into=None,
        contact__erased_at=None,
    )
    ids = rows.order_by("contact").values_list("contact_id", flat=True)
    some_barred = Suppression.objects.filter(business_id=business_id, lifted_at=None).exists()
    found = list(ids[:SLICE])
    while found:
        barred = _barred(business_id, found) if some_barred else frozenset()
        yield from (contact_id for contact_id in found if contact_id not in barred)
        found = list(ids.filter(contact__gt=found[-1])[:SLICE])


def _barred(business_id: str, contact_ids: list[str]) -> frozenset[str]:
    """Who of these is suppressed: themselves, a record merged into them, or whoever has their address."""
    owners = {contact_id: contact_id for contact_id in contact_ids}
    merged = Contact.objects.filter(merged_into__in=contact_ids)
    owners |= {row.pk: row.merged_into_id or row.pk for row in merged.only("pk", "merged_into")}
    aliases = ContactAlias.objects.filter(contact__in=list(owners), valid_to=None)
    by_token = {keyring().address_token(value): owners[pk] for pk, value in aliases.values_list("contact", "value")}
    rows = Suppression.objects.filter(business_id=business_id, lifted_at=None)
    meant = rows.filter(Q(contact__in=list(owners)) | Q(address_token__in=list(by_token)))
    found = meant.values_list("contact", "address_token")
    return frozenset(owner for pk, token in found for owner in (owners.get(pk or ""), by_token.get(token)) if owner)


def computed(business_id: str, *, category: str, purpose: str, now: datetime) -> Iterator[str]:
    """The same people, computed from every ledger entry instead of the stored standings; suppression apart."""
    policy = settings.DEPLOYMENT().policy
    for ids in contacts.slices(business_id, COMPUTED_SLICE):
        for contact_id, asked in subjects.read(ids).items():
            if asked.state(category, purpose, policy=policy, as_of=now).standing is Standing.ACTIVE:
                yield contact_id
