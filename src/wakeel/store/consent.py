"""The ledger's verbs: append and read. Nothing here changes a row."""

import hashlib
from datetime import datetime

from django.db.models import Max

from wakeel.domain.consent import ConsentEvent, ConsentType
from wakeel.store.models import Business, ConsentEventRow


def append(
    business_id: str,
    *,
    contact_id: str,
    type: ConsentType,
    address: str,
    at: datetime | None,
    recorded_at: datetime,
    source: str,
    actor: str,
    evidence: str = "",
    **fields: object,
) -> ConsentEventRow:
    """Write one entry; the business row's lock makes `seq` gap-free. evidence: the text that proves it, hashed too."""
    Business.objects.select_for_update().get(pk=business_id)
    last = ConsentEventRow.objects.filter(business_id=business_id).aggregate(last=Max("seq"))["last"] or 0
    return ConsentEventRow.objects.create(
        business_id=business_id,
        seq=last + 1,
        contact_id=contact_id,
        type=type.value,
        address=address,
        at=at,
        recorded_at=recorded_at,
        source=source,
        actor=actor,
        proof_ref=evidence,
        proof_sha256=hashlib.sha256(evidence.encode()).hexdigest() if evidence else "",
        **fields,
    )


def same_entry(
    contact_id: str, *, type: ConsentType, at: datetime, evidence: str, categories: list[str], purposes: list[str]
) -> ConsentEventRow | None:
    """The entry that says exactly this already, if there is one."""
    rows = ConsentEventRow.objects.filter(contact=contact_id, type=type.value, at=at, proof_ref=evidence)
    return next((row for row in rows if row.categories == categories and row.purposes == purposes), None)


def as_event(row: ConsentEventRow) -> ConsentEvent:
    return ConsentEvent(
        id=row.id,
        type=ConsentType(row.type),
        at=row.at,
        recorded_at=row.recorded_at,
        contact=row.contact_id,
        address=row.address,
        channel=row.channel,
        categories=frozenset(row.categories),
        purposes=None if row.purposes is None else frozenset(row.purposes),
        explicit=row.explicit,
        needs_confirmation=row.needs_confirmation,
        expires_at=row.expires_at,
        grant_id=row.grant_id,
        withdraw_id=row.withdraw_id,
        source=row.source,
        collected_directly=row.collected_directly,
        proof_ref=row.proof_ref or None,
        clock=row.clock,
    )
