"""A person changed their number: what they stopped stays with them, their consent to updates goes along. Reference 3.6.

Withdrawals follow by themselves: they hang on the person. Grants hang on the address too, so utility is written again
for the new one, with the time at which it was given; for offers they are asked again, unless the policy says otherwise.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import product

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category, ConsentType, Standing
from wakeel.flows import policies
from wakeel.flows.tell_owners import tell_owners
from wakeel.store import consent, contacts, subjects
from wakeel.store.entries import wordings_of
from wakeel.store.keyring import keyring
from wakeel.store.models import Contact

SOURCE = "number_change"


Grants = Mapping[tuple[Category, str], frozenset[str]]
"""Purposes that may be written for now, by category and the id of the grant they rest on."""


def standing_grants(contact: Contact, *, now: datetime, address: str | None = None) -> Grants:
    """What goes along with a changed number. Ask before the number moves. address: a former one; None for today's."""
    asked, policy = subjects.read([contact.id])[contact.id], policies.current()
    if address is not None:
        subject = replace(asked.subject, addresses=frozenset({keyring().address_token(address)}))
        asked = replace(asked, subject=subject)
    categories = [Category.UTILITY, *([Category.MARKETING] if policy.carry_grants_on_number_change else [])]
    found: dict[tuple[Category, str], frozenset[str]] = {}
    for category, purpose in product(
        categories, {purpose for event in asked.events for purpose in event.purposes or ()}
    ):
        state = asked.state(category, purpose, policy=policy, as_of=now)
        if state.standing is Standing.ACTIVE and state.grant_id is not None:
            key = category, state.grant_id
            found[key] = found.get(key, frozenset()) | {purpose}
    return found


def carry(contact: Contact, before: Grants, *, key: str, now: datetime) -> None:
    """Write what stood before and does not stand at the new address, inside the caller's transaction, and tell it.

    before: of `standing_grants`. key: of the notice that told of the change.
    """
    if _write_missing(contact, before, key=key, now=now):
        tell_owners(contact, AnswerCode.NUMBER_CHANGED, {}, key=f"number-changed:{key}", now=now)


def carry_late(contact: Contact, *, said_at: datetime, key: str, now: datetime) -> None:
    """A consent that comes to light after the notice of a changed number was given before it, at the former one: what
    may go along goes along, as if everything had arrived in order. key: of the message that gave it."""
    then = contacts.address_at(contact.id, said_at)
    if then is not None and then != contacts.address_of(contact.id):
        _write_missing(contact, standing_grants(contact, now=now, address=then), key=key, now=now)


def _write_missing(contact: Contact, before: Grants, *, key: str, now: datetime) -> bool:
    """False if there is no address to write them for."""
    address = contacts.address_of(contact.id)
    if address is None:
        return False
    still = standing_grants(contact, now=now)
    for (category, grant_id), purposes in before.items():
        if (category, grant_id) not in still:
            _write_again(contact, category, grant_id, purposes, address=address, key=key, now=now)
    return True


def _write_again(
    contact: Contact,
    category: Category,
    grant_id: str,
    purposes: frozenset[str],
    *,
    address: str,
    key: str,
    now: datetime,
) -> None:
    given = consent.find(contact.business_id, grant_id)
    if given is None:
        return
    consent.append(
        contact.business_id,
        contact_id=contact.id,
        type=ConsentType(given.type),
        address=address,
        at=given.at,
        recorded_at=now,
        source=SOURCE,
        actor="machine",
        evidence=consent.details_of(given).get("evidence") or f"ledger entry {grant_id}",
        occurrence=f"{SOURCE}:{key}:{category}:{grant_id}",
        wording=wordings_of([given]).get(given.wording_sha256, ""),
        language=given.language,
        details={"grant": grant_id},
        categories=[category.value],
        purposes=sorted(purposes),
        explicit=given.explicit,
        collected_directly=given.collected_directly,
        expires_at=given.expires_at,
        lawful_basis=given.lawful_basis,
        method=given.method,
        notice_version=given.notice_version,
        clock=given.clock,
    )
