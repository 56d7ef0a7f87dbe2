"""What WhatsApp tells about a person's will and number: its own switch, code 131050, a changed number."""

from dataclasses import replace

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.consent import Standing, state_of
from wakeel.flows import policies
from wakeel.flows.decide_stop import cancel_inferred
from wakeel.store import contacts, subjects
from wakeel.store.models import ConsentEventRow, Contact, OutboxMessage
from wakeel.whatsapp.answers import Refused
from wakeel.whatsapp.errors import classify

NEW = "966509722277"


def standing(contact: Contact, category: str, stage: Stage, *, purpose: str = "offers") -> Standing:
    asked = subjects.read([contact.id])[contact.id]
    return state_of(
        asked.events, category=category, purpose=purpose, subject=asked.subject, as_of=stage.now
    ).standing  # fmt: skip


def refused(code: int) -> Refused:
    return Refused(classify(code, details="", http_status=400), before_wire=False)


def moved(stage: Stage, contact: Contact, **system: str) -> None:
    changed = {"type": "user_changed_number", "wa_id": NEW, "body": "x", **system}
    stage.system(changed, sender=stage.sender_of(contact))


# 131050


def test_a_stop_learnt_from_a_refusal_and_again_from_a_status_is_one_entry(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    stage.record(claimed, refused(131050))
    stage.status("wamid.X131050", "failed", attempt_id=claimed.attempt_id, code=131050)
    [entry] = ConsentEventRow.objects.filter(type="withdraw")
    assert (entry.source, entry.categories) == ("whatsapp_error_131050", ["marketing"])
    assert standing(message.contact, "marketing", stage) is Standing.OPTED_OUT
    assert standing(message.contact, "utility", stage) is Standing.ACTIVE


def test_a_failed_status_131050_is_an_entry_of_its_own_with_whatsapps_time(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.wait(minutes=1)
    stage.status(message.wamid or "", "failed", code=131050)
    [entry] = ConsentEventRow.objects.filter(type="withdraw")
    assert (entry.source, entry.clock, entry.at) == ("whatsapp_error_131050", "whatsapp", stage.now)


def test_131050_counts_for_everybody_with_that_address(stage: Stage):
    """The record that the other was merged into, and what waits for it, too."""
    message = stage.approved()
    assert message.contact
    other = rows.contact(stage.firm, "مريم ق.", phone="+966509722299")
    rows.grant(other)
    waiting = stage.approved(rows.opportunity(stage.firm, other, key="k2", title="عرض آخر"))
    Contact.objects.filter(pk=other.pk).update(merged_into=message.contact)
    OutboxMessage.objects.filter(pk=waiting.pk).update(due_at=stage.now + rows.HOUR)
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    stage.record(claimed, refused(131050))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.hold_code) == ("suppressed", "OPTED_OUT")
    assert standing(other, "marketing", stage) is Standing.OPTED_OUT


@pytest.mark.parametrize("code", [131026, 131047, 131049, 130472])
def test_no_other_code_is_ever_an_opt_out(stage: Stage, code: int):
    """131026 says that a message could not be delivered; nothing about anybody's will."""
    message = stage.sent()
    stage.status(message.wamid or "", "failed", code=code)
    second = stage.approved(stage.person(key="k2", phone="+966509722299"))
    stage.wait(seconds=11)
    [claimed] = [one for one in stage.claim() if one.outbox_id == second.id]
    stage.record(claimed, refused(code))
    assert not ConsentEventRow.objects.filter(type="withdraw").exists()


# WhatsApp's own switch


def test_the_switch_lifts_what_131050_taught_us_and_shows_the_draft_again(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.wait(minutes=1)
    stage.status(message.wamid or "", "failed", code=131050)
    draft = stage.accepted(rows.opportunity(stage.firm, message.contact, key="k2", title="عرض آخر"))
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    before = len(stage.showings())
    stage.wait(minutes=1)
    stage.preference(message.contact, "resume")
    stage.deliver()
    assert standing(message.contact, "marketing", stage) is Standing.ACTIVE
    assert len(stage.showings()) == before + 1


@pytest.mark.parametrize("text", ["إيقاف", "وقفوا هذي الرسايل لو تكرمتم"])
def test_the_switch_lifts_neither_their_word_nor_a_guess(stage: Stage, text: str):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    stage.says(text, by=contact)
    stage.wait(minutes=1)
    stage.preference(contact, "resume")
    assert standing(contact, "marketing", stage) is Standing.OPTED_OUT


def test_a_platform_stop_cannot_be_cancelled_by_an_operator(stage: Stage):
    contact = rows.contact(stage.firm)
    stage.preference(contact, "stop")
    entry = ConsentEventRow.objects.get()
    assert cancel_inferred(stage.operator.id, entry.id, reason="x", now=stage.now).code == "stop_stands"


def test_the_same_switch_told_twice_is_one_entry(stage: Stage):
    contact = rows.contact(stage.firm)
    at = int(stage.now.timestamp())
    for extra in ({}, {"detail": "again"}):
        who = {"wa_id": stage.sender_of(contact)["from"]}
        item = who | {"category": "marketing_messages", "value": "stop", "timestamp": at} | extra
        stage.webhook({"contacts": [who], "user_preferences": [item]}, kind="user_preferences")
    assert ConsentEventRow.objects.count() == 1


# a changed number


def test_updates_follow_to_the_new_number_and_offers_are_asked_again(stage: Stage):
    contact = rows.contact(stage.firm)
    given = rows.grant(contact, wording="أوافق", method="electronic")
    moved(stage, contact)
    assert contacts.address_of(contact.id) == f"+{NEW}"
    assert standing(contact, "utility", stage) is Standing.ACTIVE
    assert standing(contact, "marketing", stage) is Standing.NONE
    carried = ConsentEventRow.objects.get(source="number_change")
    assert (carried.at, carried.categories, carried.type) == (given.at, ["utility"], "grant")
    assert (carried.wording_sha256, carried.method) == (given.wording_sha256, "electronic")


def test_a_policy_may_let_consent_to_offers_follow_too(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    policy = replace(policies.current(), carry_grants_on_number_change=True)
    monkeypatch.setattr(policies, "current", lambda: policy)
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    moved(stage, contact)
    assert standing(contact, "marketing", stage) is Standing.ACTIVE
    assert standing(contact, "utility", stage) is Standing.ACTIVE
    assert {tuple(row.categories) for row in ConsentEventRow.objects.filter(source="number_change")} == {
        ("utility",), ("marketing",),
    }  # fmt: skip


def test_what_they_stopped_stays_stopped_at_the_new_number(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    rows.withdrawal(contact)
    moved(stage, contact)
    assert not ConsentEventRow.objects.filter(source="number_change").exists()
    assert standing(contact, "marketing", stage) is Standing.OPTED_OUT
    assert standing(contact, "utility", stage) is Standing.OPTED_OUT


def test_the_owner_hears_of_a_changed_number(stage: Stage):
    message = stage.sent()
    assert message.contact
    moved(stage, message.contact)
    assert any("غيّر" in told and "موافقة جديدة" in told for told in stage.told())


def test_a_person_whose_number_is_hidden_now_keeps_their_updates(stage: Stage):
    contact = rows.contact(stage.firm, bsuid="SA.old1")
    rows.grant(contact)
    changed = {"type": "user_changed_user_id", "previous_user_id": "SA.old1", "user_id": "SA.new1", "body": "x"}
    stage.system(changed, sender=stage.sender_of(contact))
    assert contacts.address_of(contact.id) == "SA.new1"
    assert standing(contact, "utility", stage) is Standing.ACTIVE
    assert standing(contact, "marketing", stage) is Standing.NONE


def test_the_same_notice_twice_carries_once(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    sender = stage.sender_of(contact)
    for body in ("x", "y"):
        system = {"type": "user_changed_number", "wa_id": NEW, "body": body}
        stage.webhook(
            {"messages": [sender | {"id": "wamid.SYS", "timestamp": "1", "type": "system", "system": system}]}
        )
    assert ConsentEventRow.objects.filter(source="number_change").count() == 1


def test_a_number_that_is_somebody_elses_carries_nothing(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    other = rows.contact(stage.firm, "غيرها", phone=f"+{NEW}")
    moved(stage, contact)
    assert not ConsentEventRow.objects.filter(source="number_change").exists()
    assert standing(other, "utility", stage) is Standing.NONE


@pytest.mark.parametrize("bsuid", [None, "SA.before"])
def test_a_stop_from_the_number_they_had_then_still_is_theirs(stage: Stage, bsuid: str | None):
    """Its webhook comes after the notice of the new number."""
    contact = rows.contact(stage.firm, bsuid=bsuid)
    rows.grant(contact)
    sender, stopped_at = stage.sender_of(contact), stage.now
    stage.wait(minutes=1)
    moved(stage, contact)
    assert standing(contact, "utility", stage) is Standing.ACTIVE
    stage.says("إيقاف", by=contact, sender=sender, sent_at=stopped_at)
    assert standing(contact, "utility", stage) is Standing.OPTED_OUT


def test_a_stop_of_whoever_has_the_number_now_is_not_the_former_owners(stage: Stage):
    former = rows.contact(stage.firm, bsuid="SA.former")
    rows.grant(former)
    said_at = stage.now
    stage.wait(minutes=1)
    contacts.close(former.id, "+966509722233", now=stage.now)
    stage.says("إيقاف", by=former, sender={"from": "966509722233", "from_user_id": "SA.other"}, sent_at=said_at)
    assert not ConsentEventRow.objects.filter(payload__contact=former, type="withdraw").exists()
