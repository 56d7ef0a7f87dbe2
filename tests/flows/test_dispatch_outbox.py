"""Claim, gate again, journal, record: what leaves, in which order, and what becomes of each attempt."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain import content_reading
from wakeel.domain.content_reading import as_kept
from wakeel.domain.fixed_texts import Intent
from wakeel.domain.outbox import LEASE
from wakeel.domain.policy import as_document, policy_from
from wakeel.domain.reasons import ReasonCode
from wakeel.flows import dispatch_outbox, fixed_text, policies
from wakeel.flows.confirm_identity import confirm_identity
from wakeel.flows.contact_replied import contact_replied
from wakeel.flows.correct_number import correct_number
from wakeel.flows.may_contact import may_contact
from wakeel.flows.merge_contacts import merge_contacts
from wakeel.flows.stop_sending import press
from wakeel.store import gate_facts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import (
    Approval,
    Attempt,
    Contact,
    ContactAlias,
    Draft,
    InboxRow,
    OutboxMessage,
    VerdictRow,
)
from wakeel.whatsapp.answers import Accepted, NoAnswer, Outcome, Refused
from wakeel.whatsapp.error_table import BACK_OFF_S
from wakeel.whatsapp.errors import JITTER, classify


def refused(code: int) -> Outcome:
    return Refused(classify(code, details="", http_status=400), before_wire=False)


def claim_the_message(stage: Stage, message: OutboxMessage) -> dispatch_outbox.Claimed:
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    assert claimed.outbox_id == message.id
    return claimed


# the gate inside the claim


def test_the_claim_journals_before_anything_is_posted(stage: Stage):
    message = stage.approved()
    claimed = claim_the_message(stage, message)
    message.refresh_from_db()
    attempt = Attempt.objects.get(pk=claimed.attempt_id)
    assert (message.state, message.fence, attempt.outcome, attempt.number) == ("sending", 1, "sending", 1)
    assert message.lease_until == stage.now + LEASE
    assert claimed.body == message.body
    assert VerdictRow.objects.get(outbox=message, phase="claim").code == "OK"
    assert stage.claim() == [], "nobody else may take it"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("معك أفق بنص لم يعتمده أحد\nلإيقاف الرسائل أرسل: إيقاف", "APPROVAL_STALE"),
        ("نص بلا مرسل ولا طريقة للإيقاف", "SENDER_NOT_NAMED"),
    ],
)
def test_a_body_that_drifted_is_asked_again(stage: Stage, text: str, code: str):
    """Whatever changed it: what would be POSTed is not what was approved."""
    message = stage.approved()
    body = message.body | {"text": message.body["text"] | {"body": text}}
    OutboxMessage.objects.filter(pk=message.pk).update(body=body)
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert VerdictRow.objects.get(outbox=message, phase="claim").code == code
    assert stage.to_contacts() == []
    assert Draft.objects.get().state == "awaiting_approval"
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"


def test_what_was_read_for_the_approval_is_not_read_again(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    message = stage.approved()
    monkeypatch.setattr(content_reading, "read_words", None)
    claim_the_message(stage, message)
    read = VerdictRow.objects.get(outbox=message, phase="claim").request["message"]
    assert (read["names_sender"], read["has_opt_out"], read["findings"]) == (True, True, [])


def test_what_was_read_of_another_text_counts_for_nothing(stage: Stage):
    message = stage.approved()
    Approval.objects.update(words_read=as_kept("نص بلا مرسل", "غيرنا"))
    claim_the_message(stage, message)


@pytest.mark.parametrize("fields", [{"category": "utility"}, {"purpose": "meetings"}])
def test_a_draft_whose_kind_changed_is_not_sent(stage: Stage, fields: dict):
    stage.approved()
    Draft.objects.update(**fields)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []


def test_without_a_standing_approval_nothing_leaves(stage: Stage):
    message = stage.approved()
    Approval.objects.update(revoked_at=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []
    message.refresh_from_db()
    assert message.state == "suppressed"


def test_an_approval_lives_a_day(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.wait(days=1, seconds=1)
    Contact.objects.update(last_inbound_at=stage.now)
    stage.operator.__class__.objects.update(last_inbound_at=stage.now)
    stage.deliver()
    assert stage.to_contacts() == []
    assert VerdictRow.objects.get(outbox=message, phase="claim").code == "APPROVAL_EXPIRED"


def test_a_window_that_closed_meanwhile_holds_and_says_so_once(stage: Stage):
    message = stage.approved()
    Contact.objects.update(last_inbound_at=stage.now - rows.DAY)
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "WINDOW_CLOSED")
    assert len([text for text in stage.told() if "أُوقفت الرسالة" in text]) == 1
    answer = stage.tap(f"msg:{message.draft_id}:approve")
    assert answer.code == "held_now"
    assert "نافذة الرد" in answer.text


def test_held_twice_is_told_twice(stage: Stage):
    """Nothing is silent: released by the operator and held again for another reason."""
    message = stage.approved()
    assert message.contact
    Contact.objects.update(last_inbound_at=stage.now - rows.DAY)
    stage.wait(seconds=11)
    stage.deliver()
    contact_replied(Contact.objects.get(), words="أهلًا", wamid="wamid.R", sent_at=stage.now, now=stage.now)
    stage.deliver()
    stage.wait(seconds=1)
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "released"
    Contact.objects.update(identity_hold=True)
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert message.hold_code == "IDENTITY_HOLD"
    assert len([text for text in stage.told() if "أُوقفت الرسالة" in text]) == 2


def test_a_changed_number_is_not_written_to(stage: Stage):
    """The address form is fixed at approval; that alias has closed."""
    message = stage.approved()
    stage.system({"type": "user_changed_number", "wa_id": "966509722299"}, sender={"from": "966509722233"})
    assert set(ContactAlias.objects.filter(valid_to=None).values_list("value", flat=True)) == {"+966509722299"}
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "IDENTITY_HOLD")
    assert stage.to_contacts() == []
    assert confirm_identity(stage.operator.id, message.contact_id or "", now=stage.now).carried_out
    message.refresh_from_db()
    assert (message.state, message.draft and message.draft.state) == ("suppressed", "awaiting_approval")


def test_what_could_not_be_delivered_is_shown_with_the_words_of_whoever_writes_again(stage: Stage):
    """Writing ends that hold: it does not stay for ever."""
    message = stage.approved()
    assert message.contact
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code="RECIPIENT_UNREACHABLE")
    stage.wait(minutes=1)
    stage.says("أنا هنا", by=message.contact)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "CONTACT_REPLIED")
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "released"


def test_a_corrected_number_is_not_written_to_before_somebody_made_sure(stage: Stage):
    contact = rows.contact(stage.firm)
    somebody = rows.contact(stage.firm, "نورة", phone="+966509722298")
    for taken in (stage.address_of(somebody), f"+{stage.operator.wa_id}"):
        assert correct_number(stage.operator.id, contact.id, taken, now=stage.now).code == "number_taken"
    assert may_contact(contact.id, now=stage.now)[0].verdict.code != "IDENTITY_HOLD", "nothing was changed"
    correct_number(stage.operator.id, contact.id, "+966509722299", now=stage.now)
    assert {line.verdict.code.value for line in may_contact(contact.id, now=stage.now)} == {"IDENTITY_HOLD"}
    assert confirm_identity(stage.operator.id, contact.id, now=stage.now).carried_out
    assert may_contact(contact.id, now=stage.now)[0].verdict.code == "OK"


def test_a_draft_refused_while_the_number_was_in_doubt_is_shown_once_it_is_not(stage: Stage):
    draft = stage.accepted()
    Contact.objects.update(identity_hold=True)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    before = len(stage.showings())
    confirm_identity(stage.operator.id, draft.contact_id, now=stage.now)
    stage.deliver()
    assert len(stage.showings()) == before + 1


def test_a_stop_between_approval_and_claim_stops(stage: Stage):
    message = stage.approved()
    press(message.business_id, "u1", now=stage.now)
    OutboxMessage.objects.filter(pk=message.pk).update(state="pending", hold_code="")
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "KILL_SWITCH")


# order


def test_to_one_phone_messages_leave_in_the_order_they_were_queued(stage: Stage):
    for i in range(3):
        stage.person(key=f"k{i}", phone=f"+96650972224{i}", title=f"فرصة {i}")
    from wakeel.flows.show_card import fill_cards

    fill_cards(stage.operator, now=stage.now)
    first = stage.claim()
    assert len(first) == 1, "one at a time to one phone"
    assert stage.claim() == []
    stage.record(first[0])
    assert [row.id for row in OutboxMessage.objects.order_by("id")][1] == stage.claim()[0].outbox_id


def test_an_answer_overtakes_cards(stage: Stage):
    for i in range(3):
        stage.person(key=f"k{i}", phone=f"+96650972224{i}", title=f"فرصة {i}")
    from wakeel.flows.show_card import fill_cards

    fill_cards(stage.operator, now=stage.now)
    stage.says("مرحبا")
    assert OutboxMessage.objects.get(pk=stage.claim()[0].outbox_id).lane == 0


def test_a_message_that_backs_off_blocks_its_followers(stage: Stage):
    stage.person()
    stage.person(key="k2", phone="+966509722244", title="الثانية")
    from wakeel.flows.show_card import fill_cards

    fill_cards(stage.operator, now=stage.now)
    (first,) = stage.claim()
    stage.record(first, refused(130429))
    stage.wait(seconds=1)
    assert stage.claim() == []
    stage.wait(seconds=2)
    assert stage.claim()[0].outbox_id == first.outbox_id


def test_a_held_message_blocks_nobody(stage: Stage):
    message = stage.approved()
    assert message.contact
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code="IDENTITY_HOLD")
    second = stage.approved(rows.opportunity(stage.firm, message.contact, key="k2", title="الثانية"))
    assert second.id != message.id
    stage.wait(seconds=11)
    assert [one.outbox_id for one in stage.claim()] == [second.id]


def test_what_was_tried_once_and_then_put_off_until_later_blocks_nobody(stage: Stage):
    """A follower of another kind may leave now; only a back-off keeps the order."""
    message = stage.approved()
    assert message.contact
    stage.wait(seconds=11)
    (first,) = stage.claim()
    stage.record(first, refused(130429))
    second = stage.approved(rows.opportunity(stage.firm, message.contact, key="k2", title="الثانية"))
    stage.wait(seconds=11)
    OutboxMessage.objects.filter(pk=message.id).update(due_at=stage.now + rows.HOUR, hold_code="")
    assert stage.claim() == [], "it backs off"
    message.refresh_from_db()
    outbox_verbs.put_off(message.id, due_at=stage.now + rows.HOUR, code=ReasonCode.QUIET_HOURS, now=stage.now)
    assert [one.outbox_id for one in stage.claim()] == [second.id]


def test_what_leaves_to_a_person_counts_before_the_next_one_is_decided(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Two records of one person with a number each, both due in the same batch, and one offer an hour."""
    once_an_hour = policy_from(
        as_document(policies.current()) | {"caps": [{"category": "marketing", "window_s": 3600, "max": 1}]}
    )
    monkeypatch.setattr(policies, "current", lambda: once_an_hour)
    first = stage.approved()
    text = "معك أفق مرة ثانية.\nلإيقاف الرسائل أرسل: إيقاف"
    second = stage.approved(stage.person(key="k2", phone="+966509722244", title="الثانية", draft_text=text))
    assert first.contact_id
    assert second.contact_id
    merge_contacts(stage.operator.id, first.contact_id, second.contact_id, now=stage.now)
    stage.wait(seconds=11)
    assert [one.outbox_id for one in stage.deliver()] == [first.id]
    second.refresh_from_db()
    assert (second.state, second.hold_code) == ("pending", "FREQUENCY_CAP")


def test_cards_wait_while_the_operators_window_is_closed(stage: Stage):
    stage.person()
    rows.Operator.objects.update(last_inbound_at=stage.now - timedelta(hours=24) + timedelta(seconds=120))
    stage.show_cards()
    assert OutboxMessage.objects.get().state == "pending"
    rows.Operator.objects.update(last_inbound_at=stage.now - timedelta(hours=24) + timedelta(seconds=121))
    stage.deliver()
    assert OutboxMessage.objects.get().state == "accepted"


def test_contacts_wait_while_an_undecoded_webhook_is_older_than_five_seconds(stage: Stage):
    """It may be their STOP."""
    message = stage.approved()
    stage.wait(seconds=11)
    InboxRow.objects.create(digest=b"x" * 32, body=b"{}", received_at=stage.now - timedelta(seconds=6))
    assert stage.claim() == []
    InboxRow.objects.update(received_at=stage.now - timedelta(seconds=5))
    assert [one.outbox_id for one in stage.claim()] == [message.id]


def test_operators_are_answered_while_contacts_wait(stage: Stage):
    InboxRow.objects.create(digest=b"x" * 32, body=b"{}", received_at=stage.now - timedelta(minutes=1))
    stage.says("مرحبا")
    assert len(stage.claim()) == 1


def test_a_batch_of_any_size_reads_its_facts_in_a_handful_of_queries(stage: Stage):
    def facts_of(found: list[OutboxMessage]) -> int:
        with CaptureQueriesContext(connection) as queries:
            gate_facts.of_messages(found, live_send=True, policy=policies.current(), now=stage.now)
        return len(queries)

    for i in range(6):
        opportunity = stage.person(key=f"k{i}", phone=f"+96650972224{i}", title=f"فرصة {i}")
        stage.approved(opportunity)
    fixed_text.say(Contact.objects.first(), Intent.HELP, number=stage.firm.number, key="k", now=stage.now)
    everything = list(OutboxMessage.objects.select_related("number__business", "draft", "operator"))
    contacts = [message for message in everything if message.audience == "contact"]
    assert len(contacts) == 7
    assert len(everything) > 7, "operators too"
    assert facts_of(contacts[:1]) == facts_of(contacts) == facts_of(everything) == 6
    joined, kept = contacts[0].contact_id or "", contacts[1].contact_id or ""
    merge_contacts(stage.operator.id, kept, joined, now=stage.now)
    assert facts_of(contacts[:1]) == 6, "also of somebody whose record was merged into another"


# what became of an attempt


def test_accepted_means_contacted(stage: Stage):
    message = stage.sent()
    assert message.draft
    message.draft.opportunity.refresh_from_db()
    assert (message.state, message.status, message.draft.opportunity.state) == ("accepted", "accepted", "contacted")
    assert Attempt.objects.get(outbox=message).outcome == "accepted"


def test_a_refusal_that_passes_is_tried_again_with_growing_waits_and_then_not(stage: Stage):
    message = stage.approved()
    stage.wait(seconds=11)
    waits = []
    for _ in BACK_OFF_S:
        (claimed,) = stage.claim()
        stage.record(claimed, refused(130429))
        message.refresh_from_db()
        assert message.state == "pending"
        waits.append((message.due_at - stage.now).total_seconds())
        assert stage.claim() == []
        stage.now = message.due_at
    assert all(least <= wait <= least * (1 + JITTER) for least, wait in zip(BACK_OFF_S, waits, strict=True))
    (claimed,) = stage.claim()
    stage.record(claimed, refused(130429))
    message.refresh_from_db()
    assert (message.state, message.failure_code) == ("failed", 130429)
    assert len([text for text in stage.told() if "تعذّر الإرسال" in text]) == 1
    numbers = list(message.attempts.order_by("number").values_list("number", "outcome"))
    assert numbers == [(i, "failed") for i in range(1, len(BACK_OFF_S) + 2)]


def test_the_pair_rate_has_waits_of_its_own(stage: Stage):
    message = stage.approved()
    stage.record(claim_the_message(stage, message), refused(131056))
    message.refresh_from_db()
    assert timedelta(seconds=1) <= message.due_at - stage.now <= timedelta(seconds=1 + JITTER)


@pytest.mark.parametrize("code", [131047, 131026, 190, 100, 999_999])
def test_a_refusal_for_good_is_told_once_and_never_tried_again(stage: Stage, code: int):
    message = stage.approved()
    stage.record(claim_the_message(stage, message), refused(code))
    message.refresh_from_db()
    assert (message.state, message.failure_code) == ("failed", code)
    assert len([text for text in stage.told() if "تعذّر الإرسال" in text]) == 1
    stage.wait(days=1)
    stage.deliver()
    assert message.attempts.count() == 1


def test_after_a_refusal_the_text_can_be_changed(stage: Stage):
    """It certainly did not leave."""
    message = stage.approved()
    stage.record(claim_the_message(stage, message), refused(100))
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:edit").code == "ask_text"
    stage.says("نص أقصر")
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts()[-1] == "نص أقصر" + rows.ADDED_LINES


@pytest.mark.parametrize("why", ["timeout", "http_500", "unreadable_answer", "connection_lost"])
def test_no_answer_is_never_resent_by_the_machine(stage: Stage, why: str):
    message = stage.approved()
    stage.record(claim_the_message(stage, message), NoAnswer(why))
    message.refresh_from_db()
    assert (message.state, message.attempts.get().outcome) == ("unknown", "unknown")
    assert len([text for text in stage.told() if "لم تتأكد" in text]) == 1
    stage.wait(days=1)
    stage.deliver()
    assert message.attempts.count() == 1
    assert stage.tap(f"msg:{message.draft_id}:approve").code in {"send_unknown", "late", "stale_nothing"}


@pytest.mark.parametrize("action", ["approve", "edit", "cancel"])
def test_nothing_can_be_done_on_the_phone_about_what_may_have_left(stage: Stage, action: str):
    message = stage.approved()
    stage.record(claim_the_message(stage, message), NoAnswer("timeout"))
    assert stage.tap(f"msg:{message.draft_id}:{action}").code == "send_unknown"
    assert Approval.objects.filter(revoked_at=None).count() == 1


def test_a_lease_that_ended_is_unknown_and_a_late_answer_still_counts(stage: Stage):
    message = stage.approved()
    claimed = claim_the_message(stage, message)
    stage.wait(seconds=59)
    assert dispatch_outbox.expire_leases(now=stage.now) == 0
    stage.wait(seconds=1)
    assert dispatch_outbox.expire_leases(now=stage.now) == 1
    message.refresh_from_db()
    assert message.state == "unknown"
    stage.record(claimed)
    message.refresh_from_db()
    assert message.state == "accepted"


def test_a_worker_that_lost_its_place_overwrites_nothing(stage: Stage):
    """Fenced: the first attempt was settled by a person, the second one is on the wire."""
    from wakeel.flows.settle_message import settle

    message = stage.approved()
    first = claim_the_message(stage, message)
    stage.wait(seconds=121)
    dispatch_outbox.expire_leases(now=stage.now)
    settle(stage.operator.id, message.id, "send_again", tap_key="s1", now=stage.now)
    (second,) = [one for one in stage.claim() if one.outbox_id == message.id]
    dispatch_outbox.record(first.attempt_id, refused(100), now=stage.now)
    message.refresh_from_db()
    assert (message.state, message.fence) == ("sending", 2)
    dispatch_outbox.record(second.attempt_id, Accepted("wamid.2", "accepted", 200), now=stage.now)  # type: ignore[arg-type]
    message.refresh_from_db()
    assert (message.state, message.wamid) == ("accepted", "wamid.2")


def test_recording_twice_changes_nothing(stage: Stage):
    message = stage.approved()
    claimed = claim_the_message(stage, message)
    stage.record(claimed)
    stage.record(claimed, NoAnswer("timeout"))
    stage.record(claimed, refused(100))
    message.refresh_from_db()
    assert message.state == "accepted"
    assert Attempt.objects.get(outbox=message).outcome == "accepted"


def test_what_was_not_written_goes_back_to_the_queue(stage: Stage):
    message = stage.approved()
    claimed = claim_the_message(stage, message)
    dispatch_outbox.record_not_sent([claimed.attempt_id], now=stage.now)
    message.refresh_from_db()
    assert message.state == "pending"
    (again,) = stage.claim()
    stage.record(again)
    assert message.attempts.count() == 2
    message.refresh_from_db()
    assert message.state == "accepted"


@pytest.mark.parametrize("outcome", ["sending", "accepted", "unknown"])
def test_a_version_that_may_have_left_is_never_claimed_again(stage: Stage, outcome: str):
    """Whoever put the message back into the queue: the history of attempts decides, inside the claim."""
    message = stage.approved()
    stage.record(claim_the_message(stage, message), NoAnswer("timeout"))
    Attempt.objects.filter(outbox=message).update(outcome=outcome)
    OutboxMessage.objects.filter(pk=message.pk).update(state="pending", lease_until=None)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code, message.attempts.count()) == ("suppressed", "DUPLICATE_REQUEST", 1)


def test_late_proof_of_the_first_try_does_not_end_the_second(stage: Stage):
    """Fenced: the second one is on the wire; its own answer is still to come."""
    from wakeel.flows.settle_message import settle

    message = stage.approved()
    first = claim_the_message(stage, message)
    stage.record(first, NoAnswer("timeout"))
    stage.wait(seconds=120)
    settle(stage.operator.id, message.id, "send_again", tap_key="s1", now=stage.now)
    (second,) = [one for one in stage.claim() if one.outbox_id == message.id]
    stage.status("wamid.FIRST", "sent", attempt_id=first.attempt_id)
    message.refresh_from_db()
    assert (message.state, message.fence) == ("sending", 2)
    wamid = stage.record(second)
    message.refresh_from_db()
    assert (message.state, message.wamid) == ("accepted", wamid)


def test_a_refusal_with_values_that_no_column_holds_is_recorded_all_the_same(stage: Stage):
    message = stage.approved()
    stage.wait(seconds=11)
    stage.deliver(lambda _: Refused(classify(99_999_999_999, details="a\0b", http_status=400), before_wire=False))
    message.refresh_from_db()
    assert (message.state, message.failure_code, message.failure_details) == ("failed", None, "ab")
