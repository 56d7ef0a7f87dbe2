"""What else a person told somebody of ours: stop, go on for longer, it is over, here is my number. With evidence."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wakeel.domain.consent import ConsentType
from wakeel.domain.consent_sources import GRANT_SOURCES, STOPPABLE, WITHDRAWAL_SOURCES
from wakeel.domain.text import plain
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.consent_proof import Proof, RefusedConsent, refuse_proof
from wakeel.flows.record_consent import ENDED, NO_CONTACT, Recorded, people_of, refuse_reopening
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.withdraw_consent import withdraw
from wakeel.store import consent, subjects
from wakeel.store.contacts import address_of
from wakeel.store.models import ConsentEventRow, Contact
from wakeel.store.retry import whole_transaction

_GRANTS = frozenset({ConsentType.GRANT.value, ConsentType.RE_PERMISSION.value, ConsentType.IMPORT.value})
_OVER = Text(
    "هذه الموافقة ليست سارية، فلا تُجدَّد. سجّل موافقة جديدة إن وافق من جديد.",
    "This consent does not stand, so it cannot be renewed. Record a new one if they agreed again.",
)
_NO_GRANT = RefusedConsent("", Text("لا توجد هذه الموافقة.", "There is no such consent."))


@whole_transaction
def record_withdrawal(
    operator_id: str, contact_id: str, proof: Proof, *, categories: Collection[str], now: datetime
) -> Recorded | RefusedConsent:
    """A stop that was said on the phone, in person or on paper: the same as one typed on WhatsApp, at once.

    categories: what they want to stop; empty for everything. proof.at: None if nobody knows; it counts from now then.
    """
    with transaction.atomic():
        operator, contact = people_of(operator_id, contact_id)
        if contact is None:
            return NO_CONTACT
        refused = refuse_proof(proof, sources=WITHDRAWAL_SOURCES, now=now, needs_wording=False)
        if refused is not None:
            return refused
        kinds = [kind for kind in STOPPABLE if kind.value in categories] if categories else list(STOPPABLE)
        occurrence = proof.occurrence("withdraw", *kinds)
        entry = {**proof.entry(), "occurrence": occurrence}
        withdraw([contact], kinds, actor=operator.id, now=now, **entry)
        row = consent.recorded(contact.id, occurrence)
        return Recorded((row.id,) if row else ())


@whole_transaction
def renew_consent(
    operator_id: str, contact_id: str, grant_id: str, proof: Proof, *, until: datetime, now: datetime
) -> Recorded | RefusedConsent:
    """The person agreed, before its end, that a consent goes on until then. What has ended needs a new consent."""
    with transaction.atomic():
        operator, contact = people_of(operator_id, contact_id)
        grant = _grant(contact, grant_id)
        if contact is None or grant is None:
            return NO_CONTACT if contact is None else _NO_GRANT
        refused = refuse_proof(proof, sources=GRANT_SOURCES, now=now, needs_wording=True)
        refused = refused or refuse_reopening(contact, grant.categories, grant.purposes or [], now=now)
        if refused is not None:
            return refused
        end = _end_of(contact, grant, now=now)
        if proof.at is None or proof.at < (grant.at or proof.at) or (end is not None and proof.at >= end):
            return RefusedConsent("happened_at", _OVER)
        if until <= now:
            return RefusedConsent("expires_at", ENDED)
        row = consent.append(
            contact.business_id,
            contact_id=contact.id,
            type=ConsentType.RENEW,
            address=address_of(contact.id) or "",
            recorded_at=now,
            actor=operator.id,
            occurrence=proof.occurrence("renew", grant.id, until.isoformat()),
            categories=grant.categories,
            purposes=grant.purposes,
            explicit=True,
            collected_directly=True,
            grant_id=grant.id,
            expires_at=until,
            **proof.entry(),
        )
        show_what_is_cured(contact, now=now)
        return Recorded((row.id,))


@whole_transaction
def end_consent(
    operator_id: str, contact_id: str, grant_id: str, *, reason: str, now: datetime
) -> Recorded | RefusedConsent:
    """The business stops relying on a consent from now on. The person said nothing, and can agree again at any time."""
    with transaction.atomic():
        operator, contact = people_of(operator_id, contact_id)
        grant = _grant(contact, grant_id)
        if contact is None or grant is None:
            return NO_CONTACT if contact is None else _NO_GRANT
        if not reason.strip():
            return RefusedConsent("evidence", Text("اكتب السبب.", "Write the reason."))
        row = consent.append(
            contact.business_id,
            contact_id=contact.id,
            type=ConsentType.EXPIRE,
            address=address_of(contact.id) or "",
            at=now,
            recorded_at=now,
            source="operator",
            actor=operator.id,
            evidence=reason.strip(),
            occurrence=f"expire|{grant.id}",
            categories=grant.categories,
            purposes=grant.purposes,
            grant_id=grant.id,
        )
        show_what_is_cured(contact, now=now)
        return Recorded((row.id,))


@whole_transaction
def note_gave_number(operator_id: str, contact_id: str, *, evidence: str, now: datetime) -> RefusedConsent | None:
    """They gave us their number, and how we know: what makes a person known who never wrote (check 5 of the gate).

    It is no consent: it only opens the question whether there is one.
    """
    with transaction.atomic():
        operator, contact = people_of(operator_id, contact_id)
        if contact is None:
            return NO_CONTACT
        if not evidence.strip():
            return RefusedConsent("evidence", Text("اكتب كيف أعطانا رقمه.", "Write how they gave us their number."))
        words = plain(evidence, keep_newlines=True).strip()
        contact.gave_number = f"{words}\n({operator.name}, {now:%Y-%m-%d})"
        contact.save(update_fields=["gave_number"])
        show_what_is_cured(contact, now=now)
        return None


def _grant(contact: Contact | None, grant_id: str) -> ConsentEventRow | None:
    if contact is None:
        return None
    rows = ConsentEventRow.objects.filter(pk=grant_id, payload__contact=contact, type__in=_GRANTS)
    return rows.first()


def _end_of(contact: Contact, grant: ConsentEventRow, *, now: datetime) -> datetime | None:
    """When it ends as things are now, renewals counted; long ago if another consent has taken its place."""
    found, policy = subjects.read([contact.id])[contact.id], policies.current()
    for category in grant.categories:
        for purpose in grant.purposes or []:
            state = found.state(category, purpose, policy=policy, as_of=now)
            if state.grant_id == grant.id:
                return state.ends_at
    return grant.at
