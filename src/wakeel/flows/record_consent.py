"""A consent that a person gave, entered by an operator with its evidence; what follows commits with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.chat_links import how_to_reopen
from wakeel.domain.consent import ConsentType, Standing
from wakeel.domain.consent_sources import GRANT_SOURCES, GRANTABLE, default_end
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.consent_proof import Proof, RefusedConsent, refuse_proof
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.store import businesses, consent, subjects
from wakeel.store.contacts import address_of
from wakeel.store.models import Contact, Operator
from wakeel.store.retry import whole_transaction


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ledger entries' ids: one for each purpose."""

    event_ids: tuple[str, ...]


@whole_transaction
def record_by_operator(
    operator_id: str,
    contact_id: str,
    proof: Proof,
    *,
    categories: Collection[str],
    purposes: Collection[str],
    now: datetime,
    expires_at: datetime | None = None,
    needs_confirmation: bool = False,
) -> Recorded | RefusedConsent:
    """An operator enters a consent that the person gave directly: one entry for each purpose, each with the evidence.

    expires_at: None for 24 months after it was given. needs_confirmation: somebody else may have typed the number, so
    that it counts only when the person confirms it from there. Against a standing withdrawal nothing can be entered:
    only the person reopens (design section 6).
    """
    with transaction.atomic():
        operator, contact = people_of(operator_id, contact_id)
        if contact is None:
            return NO_CONTACT
        kinds, aims = sorted(set(categories)), sorted(set(purposes))
        refused = _refuse(contact, kinds, aims, proof, expires_at, now=now)
        if refused is not None or proof.at is None:
            return refused or RefusedConsent("happened_at", Text("لا موافقة دون وقتها.", "A consent needs its time."))
        entry = proof.entry()
        until = expires_at or default_end(proof.at)
        ids = []
        for aim in aims:
            row = consent.append(
                contact.business_id,
                contact_id=contact.id,
                type=ConsentType.GRANT,
                address=address_of(contact.id) or "",
                recorded_at=now,
                actor=operator.id,
                occurrence=proof.occurrence("grant", *kinds, aim, until.isoformat()),
                categories=kinds,
                purposes=[aim],
                explicit=True,
                collected_directly=True,
                needs_confirmation=needs_confirmation,
                expires_at=until,
                **entry,
            )
            ids.append(row.id)
            entry = _same_file(entry, row)
        show_what_is_cured(contact, now=now)
        return Recorded(tuple(ids))


def people_of(operator_id: str, contact_id: str) -> tuple[Operator, Contact | None]:
    """The operator, and the contact if it is of the same business and still a person."""
    operator = Operator.objects.get(pk=operator_id)
    contact = Contact.objects.filter(business_id=operator.business_id, pk=contact_id, erased_at=None).first()
    return operator, contact


NO_CONTACT = RefusedConsent("", Text("جهة الاتصال غير موجودة.", "There is no such contact."))


def _same_file(entry: dict[str, Any], row: Any) -> dict[str, Any]:
    """The other entries name the file that the first one keeps."""
    file = entry["evidence_file"]
    if file is None:
        return entry
    return {
        **entry,
        "evidence_file": None,
        "evidence": "",
        "proof_ref": row.proof_ref,
        "details": {**consent.details_of(row), "evidence": entry["evidence"]},
    }


def _refuse(
    contact: Contact,
    categories: list[str],
    purposes: list[str],
    proof: Proof,
    expires_at: datetime | None,
    *,
    now: datetime,
) -> RefusedConsent | None:
    if address_of(contact.id) is None:
        return RefusedConsent("", REASONS[ReasonCode.RECIPIENT_INVALID].text)
    if not categories or not set(categories) <= {category.value for category in GRANTABLE}:
        return RefusedConsent(
            "categories",
            Text("اختر نوعًا واحدًا على الأقل: تسويق أو تحديثات.", "Choose at least one kind: marketing or updates."),
        )
    if not purposes or not set(purposes) <= PURPOSE_WORDS.keys():
        return RefusedConsent("purposes", Text("اختر غرضًا واحدًا على الأقل.", "Choose at least one purpose."))
    refused = refuse_proof(proof, sources=GRANT_SOURCES, now=now, needs_wording=True)
    if refused is not None:
        return refused
    if proof.at is not None and (expires_at or default_end(proof.at)) <= max(now, proof.at):
        return RefusedConsent("expires_at" if expires_at else "happened_at", ENDED)
    return refuse_reopening(contact, categories, purposes, now=now)


ENDED = Text(
    "انتهت هذه الموافقة (24 شهرًا ما لم يذكر نصها غير ذلك).",
    "This consent has ended (24 months, unless its wording says otherwise).",
)


def refuse_reopening(
    contact: Contact, categories: Collection[str], purposes: Collection[str], *, now: datetime
) -> RefusedConsent | None:
    """Against a standing withdrawal: that nothing was recorded, and how the person can reopen by themselves."""
    found, policy = subjects.read([contact.id])[contact.id], policies.current()
    for category in categories:
        for purpose in purposes:
            state = found.state(category, purpose, policy=policy, as_of=now)
            if state.standing is Standing.OPTED_OUT:
                return RefusedConsent("", how_to_reopen(businesses.our_phone(contact.business_id)))
    return None
