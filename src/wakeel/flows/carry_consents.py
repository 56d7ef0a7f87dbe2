"""A person changed their number: what they stopped stays with them, their consent to updates goes along. Reference 3.6.

Withdrawals follow by themselves: they hang on the person. Grants hang on the address too, so utility is written again
for the new one, with the time at which it was given; for offers they are asked again.
"""

from collections.abc import Mapping
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category, ConsentType, Standing, state_of
from wakeel.flows import policies
from wakeel.flows.tell_owners import tell_owners
from wakeel.store import consent, contacts, subjects
from wakeel.store.entries import wordings_of
from wakeel.store.models import Contact

SOURCE = "number_change"


def utility_grants(contact: Contact, *, now: datetime) -> dict[str, frozenset[str]]:
    """Purposes for which updates may be sent now, by the id of the grant each rests on. Ask before the number moves."""
    asked, policy = subjects.read([contact.id])[contact.id], policies.current()
    found: dict[str, frozenset[str]] = {}
    for purpose in {purpose for event in asked.events for purpose in event.purposes or ()}:
        state = state_of(
            asked.events, category=Category.UTILITY, purpose=purpose, subject=asked.subject, as_of=now,
            permanent=policy.permanent_opt_out, tolerance=policy.clock_skew_tolerance,
        )  # fmt: skip
        if state.standing is Standing.ACTIVE and state.grant_id is not None:
            found[state.grant_id] = found.get(state.grant_id, frozenset()) | {purpose}
    return found


def carry(contact: Contact, before: Mapping[str, frozenset[str]], *, key: str, now: datetime) -> None:
    """Write what stood before and does not stand at the new address, inside the caller's transaction, and tell it.

    before: of `utility_grants`. key: of the notice that told of the change.
    """
    address = contacts.address_of(contact.id)
    still = utility_grants(contact, now=now)
    if address is None:
        return
    for grant_id, purposes in before.items():
        if grant_id not in still:
            _write_again(contact, grant_id, purposes, address=address, key=key, now=now)
    tell_owners(contact, AnswerCode.NUMBER_CHANGED, {}, key=f"number-changed:{key}", now=now)


def _write_again(
    contact: Contact, grant_id: str, purposes: frozenset[str], *, address: str, key: str, now: datetime
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
        occurrence=f"{SOURCE}:{key}:{grant_id}",
        wording=wordings_of([given]).get(given.wording_sha256, ""),
        language=given.language,
        details={"grant": grant_id},
        categories=[Category.UTILITY.value],
        purposes=sorted(purposes),
        explicit=given.explicit,
        collected_directly=given.collected_directly,
        expires_at=given.expires_at,
        lawful_basis=given.lawful_basis,
        method=given.method,
        notice_version=given.notice_version,
        clock=given.clock,
    )
