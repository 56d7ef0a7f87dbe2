"""People as the gate sees them: who they are, how to reach them, every ledger entry and stop that touches them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.gate_request import RecipientFacts
from wakeel.store.compiled import Compiled
from wakeel.store.ids import new_id
from wakeel.store.keyring import keyring
from wakeel.store.models import Suppression
from wakeel.store.phone_regions import country_of, time_zones_of
from wakeel.store.subjects import Entry, Known, Record, known, touching

_GRANTING = {ConsentType.GRANT, ConsentType.RE_PERMISSION, ConsentType.IMPORT}


@dataclass(frozen=True, slots=True)
class Person:
    """events: every ledger entry that touches them; suppression: the first standing cause, None without one."""

    known: Known
    events: tuple[ConsentEvent, ...]
    ledger_seq: int
    suppression: str | None

    @property
    def contact(self) -> Record:
        return self.known.contact

    @property
    def group(self) -> frozenset[str]:
        return self.known.group

    @property
    def subject(self) -> Subject:
        return self.known.subject

    @property
    def is_known(self) -> bool:
        """They wrote, consented, or gave their number with evidence (check 5)."""
        granted = any(event.type in _GRANTING and event.contact in self.group for event in self.events)
        return self.contact.last_inbound_at is not None or granted or bool(self.contact.gave_number)

    def recipient(self, address: str | None, *, unreachable: bool = False) -> RecipientFacts:
        """address: the one we would write to; the gate sees its token only, and asks nothing but whether it stands."""
        contact = self.contact
        zones = (contact.time_zone,) if contact.time_zone else time_zones_of(address or "")
        return RecipientFacts(
            id=contact.id,
            known=self.is_known,
            address=(self.known.token_of.get(address) or keyring().address_token(address)) if address else None,
            has_phone=bool(address and address.startswith("+")),
            address_current=address is None or address in self.known.token_of,
            country=country_of(address or ""),
            time_zones=zones,
            identity_hold=contact.identity_hold,
            suppression=self.suppression,
            paused_until=contact.paused_until,
            unreachable=unreachable,
            last_inbound_at=contact.last_inbound_at,
            subject=self.subject,
        )


def people(contact_ids: Iterable[str]) -> dict[str, Person]:
    """Three queries: contacts with their merged records and current aliases, ledger entries, suppressions."""
    return _with_entries(known(contact_ids))


def stranger(business_id: str, address: str) -> Person:
    """`+` and digits that no contact has; what was said from that address counts whoever it was."""
    nobody = Record(new_id("con"), business_id)
    return _with_entries({nobody.id: Known(nobody, {address: keyring().address_token(address)}, frozenset())})[
        nobody.id
    ]


def _with_entries(found: dict[str, Known]) -> dict[str, Person]:
    businesses = {one.contact.business_id for one in found.values()}
    contacts = {pk for one in found.values() for pk in one.group}
    tokens = {token for one in found.values() for token in one.tokens}
    entries = _Touching(touching(businesses, contacts, tokens))
    causes = _suppressions(businesses, contacts, tokens)
    return {pk: _person(one, entries.of(one), causes) for pk, one in found.items()}


class _Touching:
    """Entries by whom and by which address they name: in a batch everybody would else be held against everything."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            business_id, _, event = entry
            for named in {event.contact, event.address}:
                self._by[business_id, named].append(entry)

    def of(self, one: Known) -> list[tuple[int, ConsentEvent]]:
        """In the order of recording, each once."""
        named = (*one.group, *one.tokens)
        found = {seq: event for key in named for _, seq, event in self._by.get((one.contact.business_id, key), ())}
        return sorted(found.items())


def _person(one: Known, own: Sequence[tuple[int, ConsentEvent]], causes: Sequence[Suppression]) -> Person:
    standing = (
        row.cause
        for row in causes
        if row.business_id == one.contact.business_id
        and (row.contact_id in one.group or row.address_token in one.tokens)
    )
    return Person(
        known=one,
        events=tuple(event for _, event in own),
        ledger_seq=own[-1][0] if own else 0,
        suppression=next(standing, None),
    )


def _suppressions(businesses: Collection[str], contacts: Collection[str], tokens: Collection[str]) -> list[Suppression]:
    return _standing(businesses=businesses, contacts=contacts, tokens=tokens)


@Compiled
def _standing(*, businesses: Any, contacts: Any, tokens: Any) -> QuerySet[Suppression]:
    # A union, no OR: without statistics SQLite would read everything that stands in the business for that.
    rows = Suppression.objects.filter(business__in=businesses, lifted_at=None)
    of_contacts, at_addresses = rows.filter(contact__in=contacts), rows.filter(address_token__in=tokens)
    found = of_contacts.values("pk").union(at_addresses.values("pk"), all=True)
    return Suppression.objects.filter(pk__in=found).order_by("created_at", "id")


def entries_of(business_id: str, subject: Subject, *, until_seq: int) -> tuple[ConsentEvent, ...]:
    """The ledger as a verdict saw it: entries that touch `subject`, up to and with `until_seq`."""
    found = touching([business_id], subject.contacts, subject.addresses)
    return tuple(event for _, seq, event in found if seq <= until_seq)
