"""Whom ledger entries are about: a contact with merged records, their current addresses, and what touches them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet, TextField
from django.db.models.functions import Cast

from wakeel.domain.addresses import spellings
from wakeel.domain.consent import ConsentEvent, ConsentState, ConsentType, Subject, state_of
from wakeel.domain.policy import Policy
from wakeel.store.compiled import Compiled
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentPayload, Contact, ContactAlias
from wakeel.store.stored_times import as_utc


@dataclass(frozen=True, slots=True)
class Asked:
    """One contact and every entry that touches them, in the order of recording; ledger_seq: of the last, 0 if none."""

    business_id: str
    subject: Subject
    events: tuple[ConsentEvent, ...]
    ledger_seq: int

    def state(self, category: str, purpose: str, *, policy: Policy, as_of: datetime) -> ConsentState:
        """Where they stand by this policy at `as_of`."""
        return state_of(
            self.events, category=category, purpose=purpose, subject=self.subject, as_of=as_of,
            permanent=policy.permanent_opt_out, tolerance=policy.clock_skew_tolerance,
        )  # fmt: skip


class Record(NamedTuple):
    """What is asked of one contact; the names are those of `Contact`. Tuples: a claim reads them by the thousand."""

    id: str
    business_id: str
    merged_into_id: str | None = None
    last_inbound_at: datetime | None = None
    gave_number: str = ""
    identity_hold: bool = False
    time_zone: str = ""
    paused_until: datetime | None = None
    checked_at: datetime | None = None
    epoch_started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """One contact. token_of: of each address they have now; group: all records of the same person."""

    contact: Record
    token_of: Mapping[str, str]
    group: frozenset[str]

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(self.token_of.values())

    @property
    def subject(self) -> Subject:
        return Subject(
            contacts=self.group, addresses=self.tokens, address_epoch_started_at=self.contact.epoch_started_at
        )


def known(contact_ids: Iterable[str]) -> dict[str, Known]:
    """These contacts by id, in one query; nothing for an id that nobody has."""
    ids = set(contact_ids)
    contacts: dict[str, Record] = {}
    values: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, set[str]] = defaultdict(set)
    for *row, alias in _people(ids=ids):
        record = Record._make(row)
        contacts[record.id] = record
        groups[record.merged_into_id or record.id].add(record.id)
        if alias:
            values[record.id].add(alias)
    return {pk: _known(contacts[pk], values, groups) for pk in ids & contacts.keys()}


def _known(contact: Record, values: Mapping[str, set[str]], groups: Mapping[str, set[str]]) -> Known:
    """A record without an address of its own is reached where the one that speaks for it is."""
    speaks = contact.merged_into_id or contact.id
    own, token = values.get(contact.id) or values.get(speaks) or (), keyring().address_token
    return Known(contact, {value: token(value) for value in own}, frozenset(groups[speaks]))


@Compiled
def _people(*, ids: Any) -> QuerySet[Contact, Any]:
    """One row a current alias, for the contacts, what is merged into them, what they are merged into, and what else is.

    A union of lists, neither an OR nor a nested query: SQLite would read every contact there is for those.
    """
    own, merged, speaks, siblings = (
        Contact.objects.filter(**meant)
        for meant in (
            {"pk__in": ids}, {"merged_into__in": ids}, {"pk__in": ids},
            {"merged_into__merged__in": ids},
        )
    )  # fmt: skip
    everybody = own.values("pk").union(
        merged.values("pk"), speaks.values("merged_into"), siblings.values("pk"), all=True
    )
    rows = Contact.objects.filter(pk__in=everybody)
    aliases = FilteredRelation("aliases", condition=Q(aliases__valid_to=None))
    return rows.annotate(alias=aliases, alias_value=F("alias__value")).values_list(*Record._fields, "alias_value")


def read(contact_ids: Iterable[str]) -> dict[str, Asked]:
    """These contacts with their entries, set-based: two queries for any number of them.

    The same facts as the gate's (`person_facts.people`), without what only the gate needs.
    """
    found = known(contact_ids)
    return _with_events(
        {pk: one.contact.business_id for pk, one in found.items()}, {pk: one.subject for pk, one in found.items()}
    )


def _with_events(businesses: dict[str, str], subjects: dict[str, Subject]) -> dict[str, Asked]:
    if not subjects:
        return {}
    by_contact: dict[str, list[str]] = defaultdict(list)
    by_address: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pk, subject in subjects.items():
        for contact_id in subject.contacts:
            by_contact[contact_id].append(pk)
        for token in subject.addresses:
            by_address[businesses[pk], token].append(pk)
    events: dict[str, list[ConsentEvent]] = {pk: [] for pk in subjects}
    last = dict.fromkeys(subjects, 0)
    for business_id, seq, event in touching(set(businesses.values()), by_contact, {t for _, t in by_address}):
        meant = by_address.get((business_id, event.address), ())
        for pk in {*by_contact.get(event.contact, ()), *meant}:
            events[pk].append(event)
            last[pk] = max(last[pk], seq)
    return {pk: Asked(businesses[pk], subjects[pk], tuple(events[pk]), last[pk]) for pk in subjects}


Entry = tuple[str, int, ConsentEvent]
"""Business, seq and event."""


def touching(businesses: Collection[str], contacts: Collection[str], tokens: Collection[str]) -> Iterator[Entry]:
    """Business, seq and event of every entry that touches them, in the order of recording.

    The query is the ORM's, the rows are read as the driver gives them: of a million people with ten entries each,
    making models and converting each column would be most of the time.
    """
    if not businesses or not (contacts or tokens):
        return
    with connection.cursor() as cursor:
        cursor.execute(*_touching.sql(businesses=businesses, contacts=contacts, tokens=tokens))
        while page := cursor.fetchmany(PAGE):
            yield from ((business_id, seq, _event(values)) for business_id, seq, *values in page)


@Compiled
def _touching(*, businesses: Any, contacts: Any, tokens: Any) -> QuerySet[ConsentPayload, Any]:
    # A union, no OR: without statistics SQLite would read every entry of the business for that.
    of_contacts = ConsentPayload.objects.filter(contact__in=contacts, business__in=businesses)
    at_addresses = ConsentPayload.objects.filter(business__in=businesses, address_token__in=tokens)
    rows = ConsentPayload.objects.filter(pk__in=of_contacts.values("pk").union(at_addresses.values("pk"), all=True))
    rows = rows.order_by("event__seq")
    texts = {name: Cast(f"event__{name}", TextField()) for name in ("categories", "purposes")}
    return rows.annotate(**texts).values_list("business_id", "event__seq", *_COLUMNS)


PAGE = 2000
_COLUMNS = (
    "event_id", "event__type", "event__at", "event__recorded_at", "contact_id", "address_token", "event__channel",
    "categories", "purposes", "event__explicit", "event__needs_confirmation", "event__expires_at", "event__grant_id",
    "event__withdraw_id", "event__source", "event__collected_directly", "event__proof_ref", "event__clock",
)  # fmt: skip


def _event(row: Sequence[Any]) -> ConsentEvent:
    """As `entries.as_event`, from one row of the query above, in the order of its columns."""
    (
        event_id, type_word, at, recorded_at, contact, address, channel, categories, purposes, explicit,
        needs_confirmation, expires_at, grant_id, withdraw_id, source, collected_directly, proof_ref, clock,
    ) = row  # fmt: skip
    return ConsentEvent(
        id=event_id,
        type=ConsentType(type_word),
        at=as_utc(at),
        recorded_at=as_utc(recorded_at),
        contact=contact,
        address=address,
        channel=channel,
        categories=_words(categories) or frozenset(),
        purposes=_words(purposes),
        explicit=bool(explicit),
        needs_confirmation=bool(needs_confirmation),
        expires_at=as_utc(expires_at),
        grant_id=grant_id,
        withdraw_id=withdraw_id,
        source=source,
        collected_directly=bool(collected_directly),
        proof_ref=proof_ref or None,
        clock=clock,
    )


@lru_cache(maxsize=4096)
def _words(written: str | None) -> frozenset[str] | None:
    """A JSON list; None for SQL's and for JSON's null."""
    words = json.loads(written) if written else None
    return None if words is None else frozenset(words)


def touched_by(business_id: str, contact_id: str, address: str) -> set[str]:
    """Everybody for whom an entry of this contact at this address counts: their whole group, and who has it now."""
    contact = Contact.objects.filter(pk=contact_id).first()
    speaks = contact.merged_into_id if contact and contact.merged_into_id else contact_id
    merged = Contact.objects.filter(merged_into=speaks).values_list("pk", flat=True)
    owners = ContactAlias.objects.filter(business_id=business_id, value__in=spellings(address), valid_to=None)
    return {speaks, *merged, *owners.values_list("contact", flat=True)}
