"""What the database knows about the people of a part of a file, read set-based: a handful of queries for a slice."""

from collections.abc import Collection, Iterable
from datetime import datetime

from wakeel.domain.addresses import canonical, spellings
from wakeel.domain.consent import ConsentEvent, ConsentState, Subject
from wakeel.flows import policies
from wakeel.store import operators, subjects
from wakeel.store.consent import as_event
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentPayload, Contact, ContactAlias
from wakeel.store.subjects import Asked
from wakeel.store.suppressions import ErasedPeople


class KnownPeople:
    """Answers about the addresses of one slice; `look_up` reads them all at once."""

    def __init__(self, business_id: str) -> None:
        self._business_id = business_id
        self._erased = ErasedPeople(business_id)
        self._operators = operators.addresses(business_id)
        self._found: dict[str, Contact] = {}
        self._asked: dict[str, Asked] = {}

    def look_up(self, addresses: Iterable[str]) -> None:
        """addresses: `+` and digits, or BSUIDs. Forgets the slice before."""
        by_key = {canonical(address): address for address in addresses}
        every = {spelling for address in by_key for spelling in spellings(address)}
        aliases = ContactAlias.objects.filter(business_id=self._business_id, value__in=every, valid_to=None)
        self._found = {}
        for alias in aliases.select_related("contact").order_by("id"):
            self._found.setdefault(canonical(alias.value), alias.contact)
        read = subjects.read({contact.id for contact in self._found.values()})
        self._asked = {key: read[row.id] for key, row in self._found.items()}
        self._asked |= self._strangers(by_key.keys() - self._found.keys())

    def _strangers(self, keys: Collection[str]) -> dict[str, Asked]:
        """What was said from an address counts whoever has it: a withdrawal acts on the address (reference 3.6)."""
        tokens = {keyring().address_token(key): key for key in keys}
        rows = ConsentPayload.objects.filter(business_id=self._business_id, address_token__in=list(tokens))
        events: dict[str, list[ConsentEvent]] = {key: [] for key in keys}
        for payload in rows.select_related("event"):
            events[tokens[payload.address_token]].append(as_event(payload.event))
        return {
            key: Asked(
                self._business_id, Subject(contacts=frozenset(), addresses=frozenset({token})), tuple(events[key]), 0
            )
            for token, key in tokens.items()
        }

    def contact(self, address: str) -> Contact | None:
        return self._found.get(canonical(address))

    def is_operator(self, address: str) -> bool:
        return canonical(address) in self._operators

    def is_erased(self, address: str) -> bool:
        return self._erased.has(address)

    def state(self, address: str, *, category: str, purpose: str, now: datetime) -> ConsentState:
        return self._asked[canonical(address)].state(category, purpose, policy=policies.current(), as_of=now)

    def recorded(self, happenings: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which of these (address, occurrence) stand in the ledger already."""
        wanted = {
            (contact.id, keyring().occurrence(occurrence)): (address, occurrence)
            for address, occurrence in happenings
            if (contact := self.contact(address)) is not None
        }
        rows = ConsentPayload.objects.filter(
            business_id=self._business_id, contact__in={contact for contact, _ in wanted},
            occurrence__in={token for _, token in wanted},
        )  # fmt: skip
        return {wanted[key] for key in rows.values_list("contact", "occurrence") if key in wanted}
