"""Two records turn out to be one person, or turn out not to be. Reference 3.6: nothing is lost either way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Deed
from wakeel.domain.consent import Standing
from wakeel.domain.text import one_line
from wakeel.flows import policies
from wakeel.flows.audit import note_about
from wakeel.flows.reply import Reply
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.take_back import take_back_refused
from wakeel.store import consent, contacts, decisions, standings, subjects
from wakeel.store.models import Contact, ContactAlias, Opportunity
from wakeel.store.retry import whole_transaction
from wakeel.store.subjects import Asked


@dataclass(frozen=True, slots=True)
class Side:
    """One record as it goes in. phones: current `+digits`, to be masked before they are shown."""

    id: str
    name: str
    organisation: str
    phones: tuple[str, ...]
    entries: int
    opportunities: int


@dataclass(frozen=True, slots=True)
class Change:
    """What merging does to one consent of one record."""

    contact_id: str
    category: str
    purpose: str
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Merging:
    """What would become one person: the record that speaks for both first. changes: only what differs afterwards."""

    kept: Side
    joined: Side
    changes: tuple[Change, ...]


def look_at_merge(business_id: str, kept_id: str, joined_id: str, *, now: datetime) -> Merging | None:
    """What merging would do, without doing it; None if these two cannot be merged, or are one person already."""
    rows = {row.id: row for row in Contact.objects.filter(business_id=business_id, pk__in=[kept_id, joined_id])}
    kept, joined = rows.get(kept_id), rows.get(joined_id)
    if kept is None or joined is None or _refused(kept, joined) is not None:
        return None
    found = subjects.read([kept_id, joined_id])
    changes = (*_changes(found, kept_id, joined_id, now=now), *_changes(found, joined_id, kept_id, now=now))
    return Merging(_side(kept, found[kept_id]), _side(joined, found[joined_id]), changes)


@whole_transaction
def merge_contacts(operator_id: str, kept_id: str, joined_id: str, *, now: datetime) -> Reply:
    """From now on both records are one person: entries of both count, a stop of either one stops both, a grant stays
    with the address it was given for. Every record merged into `joined_id` comes along."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        found = {pk: contacts.lock(operator.business_id, pk) for pk in sorted({kept_id, joined_id})}
        kept, joined = found[kept_id], found[joined_id]
        if kept is None or joined is None:
            return Reply(AnswerCode.CANNOT_MERGE)
        refused = _refused(kept, joined)
        if refused is not None:
            return Reply(refused)
        taken = _settle(contacts.join(kept, joined), now=now)
        note_about(kept.id, operator, Deed.MERGED, joined=joined.id, now=now)
        return Reply(AnswerCode.MERGED, {"name": one_line(kept.name), "count": taken}, carried_out=True)


@whole_transaction
def unmerge_contact(operator_id: str, contact_id: str, *, now: datetime) -> Reply:
    """This record is a person of its own again; what a stop of the other had blocked is shown once more."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        contact = contacts.lock(operator.business_id, contact_id)
        if contact is None:
            return Reply(AnswerCode.NO_SUCH_CONTACT)
        if contact.merged_into_id is None:
            return Reply(AnswerCode.NOT_MERGED)
        group = contacts.group_of(contact)
        Contact.objects.filter(pk=contact.pk).update(merged_into=None)
        consent.refresh_standing(group, now=now)
        take_back_refused(group, now=now)
        for row in Contact.objects.filter(pk__in=group).order_by("id"):
            show_what_is_cured(row, now=now)
        note_about(contact.id, operator, Deed.UNMERGED, now=now)
        return Reply(AnswerCode.UNMERGED, {"name": one_line(contact.name)}, carried_out=True)


def _refused(kept: Contact, joined: Contact) -> AnswerCode | None:
    if kept.pk == joined.pk or kept.erased_at is not None or joined.erased_at is not None:
        return AnswerCode.CANNOT_MERGE
    is_one = (kept.merged_into_id or kept.pk) == (joined.merged_into_id or joined.pk)
    return AnswerCode.MERGED_BEFORE if is_one else None


def join_by_evidence(kept: Contact, joined: Contact, *, now: datetime) -> None:
    """WhatsApp itself proved that two records are one person: merged, and what hangs on the addresses goes along.

    Inside the caller's transaction. They can be taken apart like any others; the addresses stay where they are then.
    """
    found = {pk: contacts.lock(kept.business_id, pk) for pk in sorted({kept.pk, joined.pk})}
    one, other = found[kept.pk], found[joined.pk]
    if one is None or other is None:
        return
    if contacts.is_one(one, other):
        contacts.share(one, other)
        return
    group = contacts.join(one, other)
    contacts.share(one, other)
    _settle(group, now=now)


def _settle(group: list[str], *, now: datetime) -> int:
    """A stop of either counts for both. Returns how many messages were taken back for that."""
    consent.refresh_standing(group, now=now)
    return take_back_refused(group, now=now)


def _side(contact: Contact, asked: Asked) -> Side:
    phones = ContactAlias.objects.filter(contact=contact, kind=contacts.PHONE, valid_to=None)
    own = [event for event in asked.events if event.contact in asked.subject.contacts]
    opportunities = Opportunity.objects.filter(Q(contact=contact) | Q(contact__merged_into=contact))
    return Side(
        contact.id,
        contact.name,
        contact.organisation,
        tuple(phones.values_list("value", flat=True)),
        len(own),
        opportunities.count(),
    )


def _changes(found: dict[str, Asked], one: str, other: str, *, now: datetime) -> Iterator[Change]:
    """What is granted to `one` and would stand otherwise with the entries of `other`."""
    alone, policy = found[one], policies.current()
    events = {event.id: event for event in (*alone.events, *found[other].events)}
    subject = replace(alone.subject, contacts=alone.subject.contacts | found[other].subject.contacts)
    together = replace(alone, subject=subject, events=tuple(events.values()))
    for category, purpose in sorted(standings.scopes(alone.events)):
        before, after = (
            asked.state(category, purpose, policy=policy, as_of=now).standing for asked in (alone, together)
        )
        if before is not after:
            yield Change(one, category, purpose, before, after)
