"""News of messages we sent: any order, any number of times; proof that settles what nobody answered."""

from itertools import permutations

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.flows import dispatch_outbox
from wakeel.flows.record_status import apply_status
from wakeel.flows.settle_message import settle
from wakeel.store.models import Attempt, ConsentEventRow, OutboxMessage, StatusEvent
from wakeel.whatsapp.answers import Accepted, NoAnswer


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])), ids="-".join)
def test_statuses_in_any_order_end_the_same(stage: Stage, order: tuple[str, ...]):
    message = stage.sent()
    assert message.wamid
    for status in (*order, *order):
        stage.status(message.wamid, status)
        stage.wait(seconds=1)
    message.refresh_from_db()
    assert (message.state, message.status) == ("accepted", "read")
    assert StatusEvent.objects.count() == 3


def test_a_failed_status_is_told_once_with_its_next_step_and_stays_accepted(stage: Stage):
    message = stage.sent()
    assert message.wamid
    for _ in range(2):
        stage.status(message.wamid, "failed", code=131047)
        stage.wait(seconds=1)
    message.refresh_from_db()
    assert (message.state, message.status, message.failure_code) == ("accepted", "failed", 131047)
    (told,) = [text for text in stage.told() if "تعذّر الإرسال" in text]
    assert "الخطوة التالية" in told
    stage.wait(days=1)
    assert [one for one in stage.claim() if one.outbox_id == message.id] == []


def test_a_delivery_proves_a_failure_wrong(stage: Stage):
    message = stage.sent()
    assert message.wamid
    stage.status(message.wamid, "failed", code=131026)
    stage.status(message.wamid, "delivered")
    message.refresh_from_db()
    assert message.status == "delivered"


def test_a_status_quicker_than_the_answer_is_kept_for_it(stage: Stage):
    """Without our id in it, it matches nothing yet."""
    message = stage.approved()
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    stage.status("wamid.EARLY", "delivered")
    assert StatusEvent.objects.get().attempt is None
    dispatch_outbox.record(claimed.attempt_id, Accepted("wamid.EARLY", "accepted", 200), now=stage.now)  # type: ignore[arg-type]
    message.refresh_from_db()
    assert (message.state, message.status) == ("accepted", "delivered")
    assert StatusEvent.objects.get().attempt_id == claimed.attempt_id


@pytest.mark.parametrize("before", ["sending", "unknown"])
def test_a_status_with_our_id_settles_what_nobody_answered(stage: Stage, before: str):
    message = stage.approved()
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    if before == "unknown":
        stage.record(claimed, NoAnswer("timeout"))
    stage.status("wamid.PROOF", "sent", attempt_id=claimed.attempt_id)
    message.refresh_from_db()
    assert (message.state, message.status, message.wamid) == ("accepted", "sent", "wamid.PROOF")
    assert message.draft
    message.draft.opportunity.refresh_from_db()
    assert message.draft.opportunity.state == "contacted"
    # The answer that comes after all changes nothing.
    stage.record(claimed, NoAnswer("timeout"))
    message.refresh_from_db()
    assert message.state == "accepted"


def test_a_status_settles_a_card_as_well(stage: Stage):
    """Its wamid is bound, so that taps on it count."""
    opportunity = stage.person()
    from wakeel.flows.show_card import fill_cards

    fill_cards(stage.operator, now=stage.now)
    (claimed,) = stage.claim()
    stage.record(claimed, NoAnswer("timeout"))
    assert stage.showings() == []
    stage.status("wamid.CARD", "delivered", attempt_id=claimed.attempt_id)
    assert stage.tap(f"opp:{opportunity.id}:skip", on="wamid.CARD").code == "skipped"


def test_somebody_elses_status_changes_nothing(stage: Stage):
    message = stage.sent()
    assert message.wamid
    foreign = rows.firm("أخرى", phone_number_id="105500000000009", waba_id="215500000000009")
    item = {"id": message.wamid, "status": "failed", "timestamp": "1763800000", "recipient_id": "9665"}
    item["biz_opaque_callback_data"] = Attempt.objects.get(outbox=message).id
    stage.webhook({"statuses": [item]}, number=foreign.number.phone_number_id)
    message.refresh_from_db()
    assert message.status == "accepted"


def test_a_word_we_do_not_know_is_kept_and_changes_nothing(stage: Stage):
    message = stage.sent()
    assert message.wamid
    stage.status(message.wamid, "held_by_meta")
    message.refresh_from_db()
    assert message.status == "accepted"
    assert StatusEvent.objects.get().status == "held_by_meta"


# what a person settles


def unanswered(stage: Stage) -> OutboxMessage:
    message = stage.approved()
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    stage.record(claimed, NoAnswer("timeout"))
    message.refresh_from_db()
    return message


def carry_out(stage: Stage, message: OutboxMessage, verb: str, *, key: str = "s1") -> str:
    code = settle(stage.operator.id, message.id, verb, tap_key=key, now=stage.now).code
    message.refresh_from_db()
    return code.value


def test_it_arrived(stage: Stage):
    message = unanswered(stage)
    assert carry_out(stage, message, "it_arrived") == "settled"
    assert message.state == "accepted"
    attempt = message.attempts.get()
    assert (attempt.outcome, attempt.settled_by) == ("accepted", stage.operator.id)


def test_send_again_only_after_lease_and_grace(stage: Stage):
    message = unanswered(stage)
    stage.wait(seconds=119)
    assert carry_out(stage, message, "send_again") == "already_decided"
    stage.wait(seconds=1)
    assert carry_out(stage, message, "send_again", key="s2") == "settled"
    assert (message.state, message.attempts.get().outcome) == ("pending", "failed")
    stage.deliver()
    message.refresh_from_db()
    assert message.state == "accepted"
    assert message.attempts.count() == 2


def test_the_same_click_twice_settles_once(stage: Stage):
    message = unanswered(stage)
    stage.wait(seconds=120)
    carry_out(stage, message, "send_again")
    stage.deliver()
    message.refresh_from_db()
    assert carry_out(stage, message, "send_again") == "already_decided"
    assert message.attempts.count() == 2


def test_proof_that_comes_before_the_second_try_stops_it(stage: Stage):
    """A person said it did not arrive; the status says that it did. Nothing is sent twice that we know of."""
    message = unanswered(stage)
    first = message.attempts.get()
    stage.wait(seconds=120)
    carry_out(stage, message, "send_again")
    stage.status("wamid.PROOF", "delivered", attempt_id=first.id)
    stage.deliver()
    assert message.attempts.count() == 1


def test_proof_that_is_read_while_a_person_says_send_again_stops_the_second_try(stage: Stage):
    """On PostgreSQL the status may have looked at the attempt before the click was committed."""
    message = unanswered(stage)
    seen = message.attempts.get()
    row = StatusEvent.objects.create(
        business_id=message.business_id, wamid="wamid.PROOF", status="delivered", recipient="", attempt=seen,
        at=stage.now, recorded_at=stage.now,
    )  # fmt: skip
    stage.wait(seconds=120)
    carry_out(stage, message, "send_again")
    apply_status(seen, row, now=stage.now)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.attempts.count()) == ("accepted", 1)


def test_giving_up_closes_it(stage: Stage):
    message = unanswered(stage)
    assert message.draft
    assert carry_out(stage, message, "give_up") == "settled"
    assert message.state == "failed"
    message.draft.refresh_from_db()
    assert message.draft.state == "cancelled"
    stage.wait(hours=1)
    stage.deliver()
    assert message.attempts.count() == 1


def test_retry_after_a_refusal_asks_the_gate_again(stage: Stage):
    from tests.flows.test_dispatch_outbox import refused

    message = stage.approved()
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    stage.record(claimed, refused(999_999))
    message.refresh_from_db()
    assert carry_out(stage, message, "send_again") == "already_decided"
    assert carry_out(stage, message, "retry", key="s2") == "settled"
    assert message.contact
    rows.withdrawal(message.contact, at=stage.now)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.attempts.count()) == ("suppressed", 1)


@pytest.mark.parametrize("verb", ["it_arrived", "send_again", "retry", "give_up"])
def test_what_arrived_cannot_be_settled(stage: Stage, verb: str):
    message = stage.sent()
    assert carry_out(stage, message, verb) == "already_decided"
    assert (message.state, message.attempts.count()) == ("accepted", 1)


def test_an_unknown_verb_or_a_foreign_message_changes_nothing(stage: Stage):
    message = unanswered(stage)
    assert carry_out(stage, message, "explode") == "unknown_button"
    foreign = rows.operator(rows.firm("أخرى", phone_number_id="105500000000009"), "غريب", wa_id="966500000007")
    assert settle(foreign.id, message.id, "it_arrived", tap_key="x", now=stage.now).code == "unknown_button"
    message.refresh_from_db()
    assert message.state == "unknown"


@pytest.mark.parametrize("times", [1, 2])
def test_a_person_who_stopped_our_marketing_at_whatsapp_is_in_the_ledger_once(stage: Stage, times: int):
    """Code 131050 is their own word: the next approval says that they are never written to."""
    message = stage.sent()
    for _ in range(times):
        stage.status(str(message.wamid), "failed", code=131050)
    [event] = ConsentEventRow.objects.filter(type="withdraw")
    assert (event.source, event.categories) == ("whatsapp_error_131050", ["marketing"])
