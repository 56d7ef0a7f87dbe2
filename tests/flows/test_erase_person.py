"""Destroying a person's data: what stands against it, what is closed first, and how the person stays recognised."""

import json
from datetime import timedelta
from pathlib import Path

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.consent import ConsentType, Standing
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.rights import CameBy, ErasureReason, Right
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows import policies, preview_draft
from wakeel.flows.erase_person import HINDRANCE_WORDS, Erased, Hindrance, RefusedErasure, erase
from wakeel.flows.import_consents import import_consents
from wakeel.flows.import_opportunities import import_opportunities
from wakeel.flows.lift_erasure import lift_erasure
from wakeel.flows.merge_contacts import merge_contacts
from wakeel.flows.new_owner import new_owner
from wakeel.flows.verify_ledger import verify
from wakeel.store import contacts, raw_bodies, rights, suppressions
from wakeel.store.models import (
    ConsentEventRow,
    ConsentPayload,
    Contact,
    Draft,
    InboundMessage,
    InboxRow,
    Opportunity,
    OutboxMessage,
    StatusEvent,
    SubjectKey,
    Suppression,
)
from wakeel.store.screens.consents import standings

PHONE = "+966509722233"


def destroy(stage: Stage, contact: Contact) -> Erased | RefusedErasure:
    return erase(contact.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now)


def gone(stage: Stage, contact: Contact) -> Erased:
    found = destroy(stage, contact)
    assert isinstance(found, Erased), found
    return found


def why_not(stage: Stage, contact: Contact) -> Hindrance:
    found = destroy(stage, contact)
    assert isinstance(found, RefusedErasure)
    contact.refresh_from_db()
    assert contact.name == "مريم", "nothing may be half destroyed"
    assert ConsentPayload.objects.filter(contact=contact).exists()
    return found.why


# what stands against it


def test_a_legal_suppression_refuses_it_until_it_is_lifted(stage: Stage):
    contact = stage.person().contact
    row = suppressions.add(contact.business_id, cause=SuppressionCause.LEGAL, contact_id=contact.id, actor="x",
                           now=stage.now)  # fmt: skip
    assert why_not(stage, contact) is Hindrance.LEGAL
    suppressions.lift(row.id, by="x", note="", now=stage.now)
    gone(stage, contact)


def test_a_request_under_hold_refuses_it_and_a_closed_one_does_not(stage: Stage):
    contact = stage.person().contact
    request = rights.keep(contact, right=Right.ACCESS, came_by=CameBy.LETTER, words="", received_at=stage.now, by="1")
    rights.change(request, held_because="دعوى قائمة")
    assert why_not(stage, contact) is Hindrance.HELD
    rights.change(request, state="refused")
    gone(stage, contact)
    request.refresh_from_db()
    assert request.held_because == "", "why it was held may name the person"


def test_a_message_on_the_wire_or_without_an_answer_refuses_it(stage: Stage):
    message = stage.approved()
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    assert why_not(stage, message.contact) is Hindrance.LEAVING
    OutboxMessage.objects.filter(pk=message.pk).update(state="unknown", lease_until=None)
    assert why_not(stage, message.contact) is Hindrance.LEAVING
    OutboxMessage.objects.filter(pk=message.pk).update(state="failed")
    gone(stage, message.contact)
    assert claimed.body["to"] not in json.dumps(OutboxMessage.objects.get(pk=message.pk).body)


def test_a_notice_that_nobody_has_read_yet_refuses_it(stage: Stage):
    """It may be a STOP, or bring them back a moment after they were destroyed."""
    contact = stage.person().contact
    body = json.dumps({"x": PHONE[1:]}).encode()
    waiting = InboxRow.objects.create(digest=b"0" * 32, body=body, received_at=stage.now)
    assert why_not(stage, contact) is Hindrance.UNREAD
    InboxRow.objects.filter(pk=waiting.pk).update(state="done")
    gone(stage, contact)


def test_a_body_that_cannot_be_opened_refuses_it(stage: Stage):
    """It may hold the person: nobody is told that everything is gone while that is not known."""
    contact = stage.person().contact
    sealed = InboxRow.objects.create(
        digest=b"1" * 32, body=b"sealed", key_epoch=9, received_at=stage.now, state="done"
    )  # fmt: skip
    assert why_not(stage, contact) is Hindrance.SEALED
    sealed.delete()
    gone(stage, contact)


def test_nobody_is_destroyed_twice_and_every_refusal_has_its_words(stage: Stage):
    contact = stage.person().contact
    gone(stage, contact)
    assert destroy(stage, contact) == RefusedErasure(Hindrance.ALREADY)
    assert erase("con_nobody", by="7", reason=ErasureReason.UNLAWFUL, now=stage.now) == RefusedErasure(
        Hindrance.NO_SUCH_CONTACT
    )
    assert set(HINDRANCE_WORDS) == set(Hindrance)


# what is closed


def test_what_waits_is_closed_first_and_nobody_is_asked_about_them_again(stage: Stage):
    message = stage.approved()
    waiting = rows.opportunity(stage.firm, message.contact, key="k2", title="فرصة ثانية")
    stage.show_cards()
    gone(stage, message.contact)
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert set(Draft.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(Opportunity.objects.values_list("state", flat=True)) == {"expired"}
    stage.wait(minutes=5)
    stage.show_cards()
    assert stage.open_cards() == 0
    assert waiting.title not in " ".join(stage.told())


def test_every_record_of_a_merged_person_goes(stage: Stage):
    first = stage.person().contact
    second = rows.contact(stage.firm, "مريم ق", phone="+966509722244")
    rows.grant(second)
    assert merge_contacts(stage.operator.id, first.id, second.id, now=stage.now).carried_out
    found = gone(stage, second)
    assert set(found.contact_ids) == {first.id, second.id}
    assert set(Contact.objects.values_list("name", flat=True)) == {""}
    assert SubjectKey.objects.count() == 0
    assert Suppression.objects.filter(cause="erased").count() == 2


# the ledger


def test_the_chain_verifies_and_says_that_and_why_data_was_destroyed(stage: Stage, tmp_path: Path):
    contact, other = stage.person().contact, stage.person(phone="+966501110001", key="o").contact
    before = ConsentEventRow.objects.count()
    gone(stage, contact)
    assert verify(now=stage.now, anchors_dir=tmp_path).findings == ()
    assert ConsentEventRow.objects.count() == before + 1
    last = ConsentEventRow.objects.order_by("-seq")[0]
    assert (last.type, last.source) == ("erase", ErasureReason.ON_REQUEST)
    assert not ConsentPayload.objects.filter(contact=contact).exists()
    assert ConsentPayload.objects.filter(contact=other).exists()


def test_a_withdrawal_said_from_a_shared_number_still_binds_who_has_it_now(stage: Stage):
    """It acts on the address: destroying who said it must not reopen the next person."""
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact)
    contacts.close(contact.id, PHONE, now=stage.now)
    other = rows.contact(stage.firm, "ليلى", phone=PHONE)
    rows.grant(other, at=stage.now - timedelta(days=9))
    before = [row.standing for row in standings(other.id, purpose="offers", policy=policies.current(), now=stage.now)]
    gone(stage, contact)
    after = [row.standing for row in standings(other.id, purpose="offers", policy=policies.current(), now=stage.now)]
    assert before == after == [Standing.OPTED_OUT] * 2
    assert not Suppression.objects.filter(cause="erased").exists(), "the number is somebody else's now"
    assert contacts.address_of(other.id) == PHONE


def test_a_withdrawal_without_a_time_does_not_become_that_of_the_numbers_new_owner(stage: Stage):
    """It was said before the number changed hands; carrying it must not make it newer than it is."""
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact, at=None, recorded_at=stage.now - timedelta(days=3))
    _, owner_id = new_owner(stage.operator.id, contact.id, now=stage.now - timedelta(days=1))
    gone(stage, contact)
    after = [row.standing for row in standings(owner_id, purpose="offers", policy=policies.current(), now=stage.now)]
    assert after == [Standing.NONE] * 2


# how they stay recognised


def test_a_repeated_message_in_another_body_changes_nothing(stage: Stage):
    contact = stage.person().contact
    stage.says("أين طلبي؟", by=contact, wamid="wamid.SAID")
    sender = stage.sender_of(contact)
    gone(stage, contact)
    before = InboundMessage.objects.count(), Contact.objects.count()
    item = sender | {"id": "wamid.SAID", "timestamp": "1795338000", "type": "text", "text": {"body": "أين طلبي؟"}}
    stage.webhook({"messages": [item]})
    assert (InboundMessage.objects.count(), Contact.objects.count()) == before


def test_late_news_of_a_message_to_them_is_merged_without_naming_them(stage: Stage):
    message = stage.sent()
    wamid = message.wamid
    gone(stage, message.contact)
    stage.status(wamid, "read", to=PHONE[1:])
    message.refresh_from_db()
    assert message.status == "read"
    news = StatusEvent.objects.get(status="read")
    assert wamid not in news.wamid
    assert PHONE[1:] not in news.recipient
    bodies = [raw_bodies.opened(row) for row in InboxRow.objects.all()]
    assert not any(PHONE[1:].encode() in body for body in bodies), "nor the body it came in"


def test_an_import_cannot_bring_them_back_and_says_why(stage: Stage):
    gone(stage, stage.person().contact)
    opportunities = f"title,phone\nتجديد,{PHONE}\n".encode()
    report = import_opportunities(stage.firm.business.id, opportunities, accept_valid=True, now=stage.now)
    assert report.imported == 0
    assert [(fault.line, fault.column) for fault in report.faults] == [(2, "phone")]
    consents = (
        "phone,name,categories,purpose,happened_at,wording,evidence,collected_directly\n"
        f"{PHONE},مريم,marketing,offers,2026-06-01T10:00,أوافق,نموذج,yes\n"
    ).encode()
    report = import_consents(stage.firm.business.id, consents, accept_valid=True, now=stage.now)
    assert (report.imported, [fault.line for fault in report.faults]) == (0, [2])
    assert Contact.objects.count() == 1
    assert Contact.objects.get().name == ""


def test_whoever_writes_again_is_a_new_contact_that_nobody_may_write_to(stage: Stage):
    contact = stage.person(bsuid="SA.1").contact
    gone(stage, contact)
    stage.says("مرحبا", by=stage.operator, sender={"from": PHONE[1:], "from_user_id": "SA.1"})
    again = Contact.objects.exclude(pk=contact.pk).get()
    deal = rows.opportunity(stage.firm, again, key="again")
    draft = stage.accepted(deal)
    verdict = preview_draft.of(draft, now=stage.now).verdict
    assert verdict.code is ReasonCode.SUPPRESSED


def test_a_lifted_erasure_needs_a_reason_and_gives_no_consent_back(stage: Stage):
    gone(stage, stage.person(bsuid="SA.1").contact)
    again = rows.contact(stage.firm, phone=PHONE, bsuid="SA.1")
    business_id = stage.firm.business.id
    assert lift_erasure(business_id, again.id, reason="نعم", by="7", now=stage.now) is not None
    assert lift_erasure(business_id, again.id, reason="كتب لنا اليوم وطلب عرضًا", by="7", now=stage.now) is None
    assert not Suppression.objects.filter(lifted_at=None).exists()
    assert lift_erasure(business_id, again.id, reason="كتب لنا اليوم وطلب عرضًا", by="7", now=stage.now) is not None
    draft = stage.accepted(rows.opportunity(stage.firm, again, key="again"))
    assert preview_draft.of(draft, now=stage.now).verdict.code is not ReasonCode.SUPPRESSED
    assert all(
        row.standing is Standing.NONE
        for row in standings(again.id, purpose="offers", policy=policies.current(), now=stage.now)
    )


def test_the_ledger_takes_no_more_entries_for_an_erased_record(stage: Stage):
    """A new entry would make a new key for somebody who is gone."""
    contact = stage.person().contact
    gone(stage, contact)
    stage.preference(rows.contact(stage.firm, phone="+966501110009"), "stop")
    assert not ConsentEventRow.objects.filter(payload__contact=contact).exists()
    assert ConsentEventRow.objects.filter(type=ConsentType.ERASE).count() == 1
