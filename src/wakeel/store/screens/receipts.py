"""One consent as its receipt tells it, and whether it can be renewed."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.consent import ConsentState, ConsentType, Standing
from wakeel.domain.policy import Policy
from wakeel.domain.receipts import Receipt
from wakeel.store import businesses, subjects
from wakeel.store.entries import wordings_of
from wakeel.store.models import Business, ConsentEventRow, Contact
from wakeel.store.screens.people import Sight, person

GRANTS = frozenset({ConsentType.GRANT.value, ConsentType.RE_PERMISSION.value, ConsentType.IMPORT.value})


@dataclass(frozen=True, slots=True)
class GrantPage:
    """stands: it is what messages rest on now, so that it can be renewed or ended."""

    contact_id: str
    receipt: Receipt
    stands: bool


def read(business_id: str, event_id: str, *, sight: Sight, policy: Policy, now: datetime) -> GrantPage | None:
    """A grant, re-permission or import of this business; None for anything else, and after its person was erased."""
    rows = ConsentEventRow.objects.filter(pk=event_id, business_id=business_id, type__in=GRANTS)
    row = rows.filter(payload__isnull=False).select_related("payload__contact").first()
    if row is None:
        return None
    contact = row.payload.contact
    states = _states(row, contact, policy, now=now)
    own = next((state for state in states if state.grant_id == row.id), None)
    standing = _standing(row, states, own)
    receipt = Receipt(
        id=row.id,
        seq=row.seq,
        recorded_at=row.recorded_at,
        given_at=row.at or row.recorded_at,
        ends_at=own.ends_at if own else row.expires_at,
        standing=standing,
        controller=Business.objects.get(pk=business_id).name,
        our_phone=businesses.our_phone(business_id),
        person=person(contact, sight=sight).phone,
        categories=tuple(row.categories),
        purposes=tuple(row.purposes or ()),
        source=row.source,
        method=row.method,
        wording=wordings_of([row]).get(row.wording_sha256, ""),
        language=row.language,
        notice_version=row.notice_version,
        lawful_basis=row.lawful_basis,
    )
    return GrantPage(contact.id, receipt, stands=own is not None and standing is Standing.ACTIVE)


def _states(row: ConsentEventRow, contact: Contact, policy: Policy, *, now: datetime) -> list[ConsentState]:
    """Where the person stands in every category and purpose that the entry names."""
    asked = subjects.read([contact.id])[contact.id]
    scopes = [(category, purpose) for category in row.categories for purpose in row.purposes or []]
    return [asked.state(category, purpose, policy=policy, as_of=now) for category, purpose in scopes]


def _standing(row: ConsentEventRow, states: list[ConsentState], own: ConsentState | None) -> Standing:
    """own: where it decides; else a withdrawal, a missing confirmation or a newer consent has taken its place."""
    if own is not None:
        return own.standing
    if any(state.standing is Standing.OPTED_OUT for state in states):
        return Standing.OPTED_OUT
    return Standing.PENDING if row.needs_confirmation else Standing.NONE
