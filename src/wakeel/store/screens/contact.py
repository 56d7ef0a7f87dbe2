"""One person: ways to reach them, window, consent, ledger and their opportunities."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.consent import Standing
from wakeel.domain.gate import window_closes_at
from wakeel.store.models import Contact, ContactAlias, Opportunity
from wakeel.store.screens.consents import CategoryStanding, LedgerRow, ledger, standings
from wakeel.store.screens.people import Person, masked, owns, person

PURPOSE = "offers"


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to reach them; value is masked where it is a phone the viewer does not own, BSUIDs are never shown."""

    kind: str
    value: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class OpportunityLine:
    id: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """window_closes_at: None if they never wrote; may lie in the past."""

    person: Person
    aliases: tuple[Alias, ...]
    window_closes_at: datetime | None
    identity_hold: bool
    standings: tuple[CategoryStanding, ...]
    ledger: tuple[LedgerRow, ...]
    opportunities: tuple[OpportunityLine, ...]

    @property
    def is_opted_out(self) -> bool:
        """True if they stopped everything that could be granted: only they can reopen."""
        return all(row.standing is Standing.OPTED_OUT for row in self.standings)


def read(business_id: str, contact_id: str, *, viewer: str | None, now: datetime) -> ContactPage | None:
    """None if this business has no such contact."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    if contact is None:
        return None
    own = owns(contact, viewer)
    aliases = ContactAlias.objects.filter(contact=contact).order_by("-valid_from", "-id")
    opportunities = Opportunity.objects.filter(contact=contact).order_by("-created_at")[:50]
    return ContactPage(
        person=person(contact, viewer=viewer),
        aliases=tuple(Alias(a.kind, _shown(a, own=own), a.valid_from, a.valid_to) for a in aliases),
        window_closes_at=window_closes_at(contact.last_inbound_at),
        identity_hold=contact.identity_hold,
        standings=standings(contact.id, purpose=PURPOSE, now=now),
        ledger=ledger(contact.id),
        opportunities=tuple(OpportunityLine(o.id, o.title, o.state) for o in opportunities),
    )


def _shown(alias: ContactAlias, *, own: bool) -> str:
    if alias.kind == ContactAlias.Kind.BSUID:
        return ""
    return alias.value if own else masked(alias.value)
