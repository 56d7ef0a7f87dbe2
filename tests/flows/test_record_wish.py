"""What a person told somebody of ours: a stop by phone, a renewal, an end, their number."""

from typing import Any

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.consent import Standing
from wakeel.flows.consent_proof import Proof, RefusedConsent
from wakeel.flows.policies import current
from wakeel.flows.record_consent import Recorded
from wakeel.flows.record_wish import end_consent, note_gave_number, record_withdrawal, renew_consent
from wakeel.store import consent
from wakeel.store.models import ConsentEventRow, Contact, EvidenceFile, OutboxMessage
from wakeel.store.screens.consents import standings


def said(stage: Stage, **fields: Any) -> Proof:
    values = {
        "at": stage.now - rows.MINUTE,
        "source": "phone_call",
        "evidence": "مكالمة 9",
        "wording": "أجدّد",
        **fields,
    }
    return Proof(**values)


def standing(stage: Stage, contact: Contact) -> list[Standing]:
    return [row.standing for row in standings(contact.id, purpose="offers", policy=current(), now=stage.now)]


def test_a_stop_said_on_the_phone_is_a_stop(stage: Stage):
    message = stage.approved()
    assert message.contact
    done = record_withdrawal(stage.operator.id, message.contact.id, said(stage), categories=[], now=stage.now)
    assert isinstance(done, Recorded)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    entry = ConsentEventRow.objects.get(type="withdraw")
    assert (entry.source, entry.method, entry.purposes) == ("phone_call", "oral", None)
    assert consent.details_of(entry)["actor"] == stage.operator.id
    assert standing(stage, message.contact) == [Standing.OPTED_OUT, Standing.OPTED_OUT]


def test_a_stop_of_offers_on_paper_leaves_updates_and_keeps_the_scan(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    proof = said(stage, at=None, source="paper", evidence="", file=b"\xff\xd8\xff a photo")
    record_withdrawal(stage.operator.id, contact.id, proof, categories=["marketing"], now=stage.now)
    assert standing(stage, contact) == [Standing.OPTED_OUT, Standing.ACTIVE]
    entry = ConsentEventRow.objects.get(type="withdraw")
    assert entry.at is None, "a stop without a time counts from when we learnt it"
    assert entry.proof_ref == EvidenceFile.objects.get().id


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"evidence": " "}, "evidence"), ({"source": "keyword"}, "source"), ({"at": rows.T0 + rows.DAY}, "happened_at")],
)
def test_a_stop_needs_its_evidence_too(stage: Stage, fields: dict[str, Any], field: str):
    contact = rows.contact(stage.firm)
    refused = record_withdrawal(stage.operator.id, contact.id, said(stage, **fields), categories=[], now=stage.now)
    assert isinstance(refused, RefusedConsent)
    assert refused.field == field
    assert not ConsentEventRow.objects.exists()


def test_a_renewal_moves_the_end_of_a_standing_consent(stage: Stage):
    contact = rows.contact(stage.firm)
    grant = rows.grant(contact, expires_at=stage.now + rows.DAY)
    until = stage.now + 30 * rows.DAY
    assert isinstance(
        renew_consent(stage.operator.id, contact.id, grant.id, said(stage), until=until, now=stage.now), Recorded
    )
    stage.wait(days=2)
    assert standing(stage, contact) == [Standing.ACTIVE, Standing.ACTIVE]
    stage.wait(days=29)
    assert standing(stage, contact) == [Standing.EXPIRED, Standing.EXPIRED]


def test_what_an_ended_consent_held_goes_on_with_its_renewal(stage: Stage):
    """Said in time, written down late: the same consent, the same words, nothing to ask again."""
    contact = rows.contact(stage.firm)
    grant = rows.grant(contact, expires_at=stage.now + rows.HOUR)
    message = stage.approved(rows.opportunity(stage.firm, contact, draft_text=rows.DRAFT_TEXT))
    OutboxMessage.objects.filter(pk=message.pk).update(due_at=stage.now + 2 * rows.HOUR)
    stage.wait(hours=3)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "CONSENT_EXPIRED")
    in_time = said(stage, at=stage.now - 3 * rows.HOUR)
    renew_consent(stage.operator.id, contact.id, grant.id, in_time, until=stage.now + rows.DAY, now=stage.now)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_what_they_agreed_to_after_the_end_is_a_new_consent_and_no_renewal(stage: Stage):
    contact = rows.contact(stage.firm)
    grant = rows.grant(contact, expires_at=stage.now - rows.DAY)
    until = stage.now + rows.DAY
    refused = renew_consent(stage.operator.id, contact.id, grant.id, said(stage), until=until, now=stage.now)
    assert isinstance(refused, RefusedConsent)
    assert refused.field == "happened_at"
    in_time = said(stage, at=stage.now - 2 * rows.DAY)
    assert isinstance(
        renew_consent(stage.operator.id, contact.id, grant.id, in_time, until=until, now=stage.now), Recorded
    )


def test_nothing_is_renewed_against_a_withdrawal(stage: Stage):
    contact = rows.contact(stage.firm)
    grant = rows.grant(contact)
    rows.withdrawal(contact)
    until = stage.now + rows.DAY
    refused = renew_consent(stage.operator.id, contact.id, grant.id, said(stage), until=until, now=stage.now)
    assert isinstance(refused, RefusedConsent)
    assert "wa.me" in refused.reason.ar
    assert not ConsentEventRow.objects.filter(type="renew").exists()


def test_only_a_consent_of_this_person_can_be_renewed_or_ended(stage: Stage):
    mine = rows.grant(rows.contact(stage.firm))
    other = rows.contact(stage.firm, "نورة", phone="+966509722244")
    renewed = renew_consent(
        stage.operator.id, other.id, mine.id, said(stage), until=stage.now + rows.DAY, now=stage.now
    )
    ended = end_consent(stage.operator.id, other.id, mine.id, reason="x", now=stage.now)
    assert isinstance(renewed, RefusedConsent)
    assert isinstance(ended, RefusedConsent)
    assert ConsentEventRow.objects.count() == 1


def test_a_consent_that_is_ended_lets_nothing_through_and_stops_nobody(stage: Stage):
    opportunity = stage.person()
    grant = ConsentEventRow.objects.get()
    draft = stage.accepted(opportunity)
    refused = end_consent(stage.operator.id, opportunity.contact.id, grant.id, reason=" ", now=stage.now)
    assert isinstance(refused, RefusedConsent)
    end_consent(stage.operator.id, opportunity.contact.id, grant.id, reason="صيغة قديمة", now=stage.now)
    stage.wait(seconds=1)
    assert stage.tap(f"msg:{draft.id}:approve").code == "stale", "the card showed a consent that is over"
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    assert standing(stage, opportunity.contact) == [Standing.EXPIRED, Standing.EXPIRED]


def test_a_number_that_was_given_makes_a_person_known(stage: Stage):
    """Check 5 of the gate: without it the answer is UNKNOWN_CONTACT whatever else is there."""
    contact = rows.contact(stage.firm, last_inbound_at=None)
    assert isinstance(note_gave_number(stage.operator.id, contact.id, evidence=" ", now=stage.now), RefusedConsent)
    assert note_gave_number(stage.operator.id, contact.id, evidence="بطاقة في معرض", now=stage.now) is None
    contact.refresh_from_db()
    assert contact.gave_number.startswith("بطاقة في معرض")
    assert stage.operator.name in contact.gave_number
    assert not ConsentEventRow.objects.exists()
