"""The ledger's flows: stop words, platform switches, entries by operators, and everything that follows from them."""

from typing import Any

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.flows.consent_proof import Proof, RefusedConsent
from wakeel.flows.record_consent import Recorded, record_by_operator
from wakeel.store import consent
from wakeel.store.models import Approval, ConsentEventRow, Contact, EvidenceFile, OutboxMessage


def record(stage: Stage, contact: Contact, **fields: Any) -> Recorded | RefusedConsent:
    scope = {"categories": ["marketing"], "purposes": ["offers"]}
    scope |= {name: fields.pop(name) for name in [*fields] if name in {*scope, "expires_at", "needs_confirmation"}}
    proof = {
        "at": stage.now - rows.DAY, "source": "phone_call", "wording": "أوافق على تلقي العروض",
        "evidence": "مكالمة مسجلة 17", **fields,
    }  # fmt: skip
    return record_by_operator(stage.operator.id, contact.id, Proof(**proof), now=stage.now, **scope)


# leaving


@pytest.mark.parametrize("text", ["إيقاف", "STOP", "الغاء الاشتراك", "لا ترسلون لو سمحتوا"])
def test_a_typed_stop_takes_back_what_was_pending_and_tells_the_approver(stage: Stage, text: str):
    message = stage.approved()
    assert message.contact
    assert message.draft
    stage.says(text, by=message.contact)
    message.refresh_from_db()
    message.draft.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert message.draft.state == "cancelled"
    assert not Approval.objects.filter(revoked_at=None).exists()
    entry = ConsentEventRow.objects.get(type="withdraw")
    assert set(entry.categories) == {"marketing", "utility"}
    assert (consent.details_of(entry)["evidence"], entry.clock) == (text, "whatsapp")
    assert any("سُحبت" in told and "إيقاف" in told for told in stage.told())
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


def test_cancelling_an_appointment_is_not_leaving(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.says("إلغاء الموعد", by=message.contact)
    assert not ConsentEventRow.objects.filter(type="withdraw").exists()


def test_stopping_offers_leaves_service_alone(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.says("إيقاف العروض", by=message.contact)
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert ConsentEventRow.objects.get(type="withdraw").categories == ["marketing"]


@pytest.mark.parametrize("payload", ["OPT_OUT_ALL", "OPT_OUT_MARKETING"])
def test_the_opt_out_buttons_are_a_stop_whatever_their_label(stage: Stage, payload: str):
    message = stage.approved()
    assert message.contact
    stage.tap(payload, on=None, by=message.contact)
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert ConsentEventRow.objects.get(type="withdraw").source == "whatsapp_button"


def test_a_stop_that_arrives_twice_is_one_entry(stage: Stage):
    contact = rows.contact(stage.firm)
    stage.says("إيقاف", by=contact, wamid="wamid.STOP")
    stage.wait(seconds=5)
    stage.webhook(
        {"messages": [stage.sender_of(contact) | {"id": "wamid.STOP", "timestamp": "1", "type": "text",
                                                  "text": {"body": "إيقاف"}}]}
    )  # fmt: skip
    assert ConsentEventRow.objects.count() == 1


def test_a_stop_recalls_what_is_leaving_this_moment(stage: Stage):
    from wakeel.flows import dispatch_outbox

    message = stage.approved()
    assert message.contact
    stage.wait(seconds=11)
    claimed = stage.claim()
    assert dispatch_outbox.recalled(claimed) == set()
    stage.says("إيقاف", by=message.contact)
    assert dispatch_outbox.recalled(claimed) == {claimed[0].attempt_id}
    dispatch_outbox.record_not_sent([claimed[0].attempt_id], now=stage.now)
    stage.deliver()
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert all(one.outcome == "not_sent" for one in message.attempts.all())


def test_whatsapps_own_switch_stops_and_resumes_offers_only(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.preference(message.contact, "stop")
    message.refresh_from_db()
    assert message.state == "suppressed"
    stage.wait(minutes=1)
    stage.preference(message.contact, "resume")
    assert list(ConsentEventRow.objects.order_by("seq").values_list("type", flat=True)) == [
        "grant", "withdraw", "resume",
    ]  # fmt: skip
    again = rows.opportunity(stage.firm, message.contact, key="k9")
    stage.deliver()
    draft = stage.accepted(again)
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_the_switch_does_not_lift_a_typed_stop(stage: Stage):
    opportunity = stage.person()
    stage.says("إيقاف", by=opportunity.contact)
    stage.wait(minutes=1)
    stage.preference(opportunity.contact, "resume")
    draft = stage.accepted(opportunity)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    assert draft.verdicts.latest("id").code == "OPTED_OUT"


def test_a_stop_of_another_person_from_the_same_number_is_found_at_the_claim(stage: Stage):
    """Withdrawals act on the address: the gate reads them again inside the claim."""
    message = stage.approved()
    other = rows.contact(stage.firm, "شريكتها", phone="+966509722299")
    rows.withdrawal(other, at=stage.now, address="+966509722233")
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert stage.to_contacts() == []
    assert any("أبدًا" in told for told in stage.told())


def test_what_the_gate_took_back_is_not_said_to_be_on_its_way(stage: Stage):
    message = stage.approved()
    rows.withdrawal(rows.contact(stage.firm, "شريكتها", phone="+966509722299"), at=stage.now, address="+966509722233")
    stage.wait(seconds=11)
    stage.deliver()
    answer = stage.tap(f"msg:{message.draft_id}:approve")
    assert answer.code != "already_approved"


# giving consent


def test_a_recorded_consent_cures_a_refused_draft_and_shows_it_once(stage: Stage):
    opportunity = stage.person(consent=False)
    draft = stage.accepted(opportunity)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    stage.deliver()
    before = len(stage.showings())
    assert isinstance(record(stage, opportunity.contact), Recorded)
    stage.deliver()
    assert len(stage.showings()) == before + 1
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    record(stage, opportunity.contact, evidence="مكالمة ثانية", purposes=["meetings"])
    stage.deliver()
    assert len(stage.showings()) == before + 1


def test_a_consent_for_another_purpose_cures_nothing(stage: Stage):
    opportunity = stage.person(consent=False)
    draft = stage.accepted(opportunity)
    stage.tap(f"msg:{draft.id}:approve")
    record(stage, opportunity.contact, purposes=["meetings"])
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"


def test_a_newer_consent_makes_the_approval_ask_again(stage: Stage):
    """The approval was bound to the consent it relied on."""
    message = stage.approved()
    assert message.contact
    assert message.draft
    record(stage, message.contact)
    message.refresh_from_db()
    message.draft.refresh_from_db()
    assert (message.state, message.draft.state) == ("suppressed", "awaiting_approval")
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_against_a_standing_withdrawal_nothing_can_be_entered(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact)
    refused = record(stage, contact, at=stage.now)
    assert isinstance(refused, RefusedConsent)
    assert ConsentEventRow.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"categories": []}, "categories"),
        ({"categories": ["service"]}, "categories"),
        ({"categories": ["*"]}, "categories"),
        ({"purposes": []}, "purposes"),
        ({"purposes": ["sales"]}, "purposes"),
        ({"source": "keyword"}, "source"),
        ({"at": None}, "happened_at"),
        ({"at": rows.T0 - 800 * rows.DAY}, "happened_at"),
        ({"expires_at": rows.T0 - rows.HOUR}, "expires_at"),
        ({"evidence": "", "file": b"MZ\x90\x00 a program"}, "evidence_file"),
        ({"file": b"%PDF-" + bytes(5 * 1024 * 1024)}, "evidence_file"),
        ({"wording": ""}, "wording"),
        ({"evidence": "\n"}, "evidence"),
        ({"at": rows.T0 + rows.DAY}, "happened_at"),
        ({"at": rows.T0.replace(tzinfo=None)}, "happened_at"),
    ],
)
def test_a_consent_without_its_evidence_is_refused_with_the_field(stage: Stage, fields: dict, field: str):
    refused = record(stage, rows.contact(stage.firm), **fields)
    assert isinstance(refused, RefusedConsent)
    assert refused.field == field
    assert not ConsentEventRow.objects.exists()


def test_each_purpose_is_a_consent_of_its_own_with_the_same_evidence(stage: Stage):
    contact = rows.contact(stage.firm)
    pdf = b"%PDF-1.7 signed form"
    done = record(stage, contact, purposes=["offers", "meetings"], file=pdf, file_name="نموذج.pdf", source="paper")
    assert isinstance(done, Recorded)
    entries = list(ConsentEventRow.objects.order_by("seq"))
    assert [row.purposes for row in entries] == [["meetings"], ["offers"]]
    assert {row.id for row in entries} == set(done.event_ids)
    [file] = EvidenceFile.objects.all()
    assert {row.proof_ref for row in entries} == {file.id}
    assert file.media_type == "application/pdf"
    assert pdf not in bytes(file.sealed)
    said = [consent.details_of(row) for row in entries]
    assert said[0]["evidence_sha256"] == said[1]["evidence_sha256"]
    assert [details["evidence"] for details in said] == ["مكالمة مسجلة 17"] * 2
    assert [row.method for row in entries] == ["written", "written"]


def test_the_same_entry_by_a_second_click_is_one_entry(stage: Stage):
    contact = rows.contact(stage.firm)
    assert record(stage, contact, file=b"%PDF-1") == record(stage, contact, file=b"%PDF-1")
    assert (ConsentEventRow.objects.count(), EvidenceFile.objects.count()) == (1, 1)


def test_a_consent_lasts_24_months_unless_the_words_say_otherwise(stage: Stage):
    contact = rows.contact(stage.firm)
    record(stage, contact)
    entry = ConsentEventRow.objects.get()
    assert entry.at is not None
    assert entry.expires_at == entry.at.replace(year=entry.at.year + 2)
    record(stage, contact, expires_at=stage.now + rows.DAY)
    assert ConsentEventRow.objects.order_by("-seq")[0].expires_at == stage.now + rows.DAY


def test_a_consent_whose_number_somebody_else_typed_lets_nothing_through_yet(stage: Stage):
    opportunity = stage.person(consent=False)
    record(stage, opportunity.contact, source="web_form", needs_confirmation=True)
    draft = stage.accepted(opportunity)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"


def test_the_refusal_says_how_the_person_can_reopen(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact)
    refused = record(stage, contact, at=stage.now)
    assert isinstance(refused, RefusedConsent)
    assert "«ابدأ»" in refused.reason.ar
    assert "https://wa.me/966110000001?text=" in refused.reason.en


def test_a_contact_of_another_business_cannot_be_entered(stage: Stage):
    foreign = rows.contact(rows.firm("أخرى", phone_number_id="105500000000009"))
    assert isinstance(record(stage, foreign), RefusedConsent)


def test_the_ledgers_numbers_have_no_gaps(stage: Stage):
    contact = rows.contact(stage.firm)
    for evidence in ("أ", "ب", "ج"):
        record(stage, contact, evidence=evidence)
    stage.says("إيقاف", by=contact)
    assert list(ConsentEventRow.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert OutboxMessage.objects.filter(audience="contact", intent="").count() == 0
