"""One person: ways to reach them, window, consent, ledger, what keeps them from being written to, opportunities."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.consent import Standing
from wakeel.domain.gate import window_closes_at
from wakeel.domain.outbox import OutboxState
from wakeel.domain.policy import Policy
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.recognition import DOUBT_WORDS, IdentityDoubt
from wakeel.domain.suppression import CAUSE_WORDS, SuppressionCause
from wakeel.domain.words import Text
from wakeel.store.contacts import address_of, group_of
from wakeel.store.models import Contact, ContactAlias, Operator, Opportunity, OutboxMessage, Suppression
from wakeel.store.phone_regions import time_zones_of
from wakeel.store.screens.consents import USUAL_POLICY, CategoryStanding, LedgerRow, all_standings, ledger
from wakeel.store.screens.people import Person, Sight, masked, person, sees

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to reach them; value is masked where it is a phone that may not be seen in full, BSUIDs are never shown.

    record: whose alias it is, '' for this record's own.
    """

    kind: str
    value: str
    valid_from: datetime
    valid_to: datetime | None
    record: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Why this person is never written to. who: an operator's name, '' for the machine. lifted_at: None: it stands."""

    cause: Text
    note: str
    who: str
    created_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpportunityLine:
    id: str
    title: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """window_closes_at: None if they never wrote; may lie in the past. identity_hold: somebody has to make sure who has
    the number. identity_doubt: why, None if nobody said. paused_until: None unless it is still to come.

    time_zone: as an operator set it, '' if the number decides; zones_of_number: what it tells. merged_into: the record
    that speaks for this one; merged: those this one speaks for. records: ids of all of this person's.
    epoch_started_at: the number is theirs since then.
    """

    person: Person
    aliases: tuple[Alias, ...]
    window_closes_at: datetime | None
    identity_hold: bool
    identity_doubt: Text | None
    bars: tuple[Bar, ...]
    paused_until: datetime | None
    time_zone: str
    zones_of_number: tuple[str, ...]
    epoch_started_at: datetime | None
    erased_at: datetime | None
    merged_into: Person | None
    merged: tuple[Person, ...]
    records: tuple[str, ...]
    standings: tuple[CategoryStanding, ...]
    ledger: tuple[LedgerRow, ...]
    opportunities: tuple[OpportunityLine, ...]

    @property
    def is_opted_out(self) -> bool:
        """True if they stopped everything that could be granted: only they can reopen."""
        return all(row.standing is Standing.OPTED_OUT for row in self.standings)

    @property
    def standing_bars(self) -> tuple[Bar, ...]:
        return tuple(bar for bar in self.bars if bar.lifted_at is None)

    @property
    def has_phone(self) -> bool:
        return bool(self.person.phone)


def read(
    business_id: str, contact_id: str, *, sight: Sight, now: datetime, policy: Policy = USUAL_POLICY
) -> ContactPage | None:
    """None if this business has no such contact. policy: by which the consents are read, where they are shown."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    if contact is None:
        return None
    group = {row.id: row for row in Contact.objects.filter(pk__in=group_of(contact))}
    speaks = contact.merged_into_id
    others = [row for row in group.values() if row.merged_into_id == contact.id]
    paused = contact.paused_until is not None and contact.paused_until > now
    return ContactPage(
        person=person(contact, sight=sight),
        aliases=_aliases(contact, [contact, *others], sight),
        window_closes_at=window_closes_at(contact.last_inbound_at),
        identity_hold=contact.identity_hold or _is_held_for_identity(contact),
        identity_doubt=DOUBT_WORDS[IdentityDoubt(contact.identity_doubt)] if contact.identity_doubt else None,
        bars=_bars(group),
        paused_until=contact.paused_until if paused else None,
        time_zone=contact.time_zone,
        zones_of_number=time_zones_of(address_of(contact.id) or ""),
        epoch_started_at=contact.epoch_started_at,
        erased_at=contact.erased_at,
        merged_into=person(group[speaks], sight=sight) if speaks else None,
        merged=tuple(person(row, sight=sight) for row in others),
        records=tuple(group),
        standings=all_standings(contact.id, policy=policy, now=now),
        ledger=ledger(contact.id, policy=policy),
        opportunities=_opportunities([contact, *others]),
    )


def _aliases(contact: Contact, records: Iterable[Contact], sight: Sight) -> tuple[Alias, ...]:
    found = []
    for record in records:
        own, name = sees(record, sight), "" if record.pk == contact.pk else record.name or record.id
        for row in ContactAlias.objects.filter(contact=record).order_by("-valid_from", "-id"):
            found.append(Alias(row.kind, _shown(row, own=own), row.valid_from, row.valid_to, name))
    return tuple(found)


def _shown(alias: ContactAlias, *, own: bool) -> str:
    if alias.kind == ContactAlias.Kind.BSUID:
        return ""
    return alias.value if own else masked(alias.value)


def _is_held_for_identity(contact: Contact) -> bool:
    """Something approved waits because it was addressed to a number that is theirs no longer."""
    rows = OutboxMessage.objects.filter(contact=contact, state=OutboxState.HELD)
    return rows.filter(hold_code=ReasonCode.IDENTITY_HOLD).exists()


def _bars(group: Iterable[str]) -> tuple[Bar, ...]:
    """Those that stand first, then the newest."""
    rows = Suppression.objects.filter(contact__in=list(group)).order_by("-created_at", "-id")
    names = dict(Operator.objects.filter(pk__in=[row.actor for row in rows]).values_list("pk", "name"))
    bars = [
        Bar(CAUSE_WORDS[SuppressionCause(row.cause)], row.note, names.get(row.actor, ""), row.created_at, row.lifted_at)
        for row in rows
    ]
    return tuple(sorted(bars, key=lambda bar: bar.lifted_at is not None))


def _opportunities(records: Iterable[Contact]) -> tuple[OpportunityLine, ...]:
    rows = Opportunity.objects.filter(contact__in=list(records)).order_by("-created_at")[:SHOWN]
    return tuple(OpportunityLine(row.id, row.title, row.state) for row in rows)
