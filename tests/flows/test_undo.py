"""Taking a message back: for as long as nobody claimed it, whatever the grace; afterwards the truth. Walk 2."""

import threading

import pytest
from django.db import transaction

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_withdrawal_race import at_once, patiently
from wakeel.domain.buttons import parse_button_id
from wakeel.domain.outbox import LEASE
from wakeel.domain.stop_switches import Stop
from wakeel.flows import dispatch_outbox, release_stop, settle_message
from wakeel.flows.stop_sending import press
from wakeel.flows.take_decision import take_decision
from wakeel.store.models import Card, Draft, Opportunity, OutboxMessage
from wakeel.store.screens import outgoing


@pytest.mark.parametrize("verb", ["cancel", "edit"])
def test_a_message_that_waits_hours_is_taken_back_long_after_the_grace(stage: Stage, verb: str):
    """The grace is only the least: what waits for its hour, or for a worker, can still be taken back."""
    message = stage.approved()
    stage.wait(minutes=20)
    assert stage.tap(f"msg:{message.draft_id}:{verb}").code == {"cancel": "undone", "edit": "ask_text"}[verb]
    stage.deliver()
    assert stage.to_contacts() == []


@pytest.mark.parametrize("verb", ["cancel", "edit"])
def test_after_the_claim_the_answer_is_that_it_cannot_be_taken_back(stage: Stage, verb: str):
    message = stage.approved()
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    answer = stage.tap(f"msg:{message.draft_id}:{verb}")
    assert (answer.code, answer.text) == ("already_left", "أُرسلت ولا يمكن سحبها.")
    stage.record(claimed)
    message.refresh_from_db()
    assert message.state == "accepted"


def cancelled(stage: Stage, message: OutboxMessage, *, key: str = "page") -> str:
    """As the page of what is on its way does it: with the digest of the message itself."""
    button = parse_button_id(f"msg:{message.draft_id}:cancel")
    reply = take_decision(
        stage.operator.id, button, shown_digest=message.digest, tap_key=key, via="screen", now=stage.now
    )
    return reply.code.value


def test_the_page_takes_back_what_was_approved_also_when_its_consent_changed_meanwhile(stage: Stage):
    message = stage.approved()
    assert message.contact
    rows.grant(message.contact, at=stage.now)
    # As if it had been approved on the screen while no card of it was on any phone.
    Card.objects.update(digest="of another version")
    assert cancelled(stage, message) == "undone"
    message.refresh_from_db()
    assert message.state == "suppressed"


@pytest.mark.parametrize("code", ["KILL_SWITCH", "NO_CONSENT", "RESTORED", "CONTACT_REPLIED"])
def test_whatever_holds_it_the_page_offers_to_take_it_back(stage: Stage, code: str):
    message = stage.approved()
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code=code)
    [row] = outgoing.read(message.business_id).rows
    assert (row.may_be_undone, row.wait_code) == (True, code)
    assert cancelled(stage, message) == "undone"
    assert outgoing.read(message.business_id).rows == ()


def test_a_fixed_text_is_taken_back_too_and_no_card_of_an_operator_is_offered(stage: Stage):
    message = stage.approved()
    assert message.contact
    OutboxMessage.objects.filter(pk=message.pk).update(draft=None, draft_version=None, intent="help")
    [row] = outgoing.read(message.business_id).rows
    assert row.id == message.id
    reply = settle_message.settle(stage.operator.id, message.id, "give_up", tap_key="k", now=stage.now)
    assert reply.carried_out
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


def test_a_release_does_not_shorten_the_time_for_taking_back(stage: Stage):
    message = stage.approved()
    press(message.business_id, "7", now=stage.now)
    stage.wait(seconds=1)
    release_stop.release_stop(Stop.of_business(message.business_id), send=True, now=stage.now)
    assert stage.deliver() == []
    stage.wait(seconds=10)
    assert [one.outbox_id for one in stage.deliver()] == [message.id]


@pytest.mark.django_db(transaction=True)
def test_of_a_cancel_and_a_claim_at_the_same_moment_exactly_one_wins(stage: Stage):
    """Two connections; on PostgreSQL they really are at work at once."""
    for number in range(5):
        with transaction.atomic():
            person = {"name": f"ليلى {number}", "phone": f"+96650977{number:04d}"}
            message = stage.approved(stage.person(key=f"k{number}", title=f"عرض رقم {number}", **person))
        stage.wait(seconds=11)
        found: dict[str, object] = {}

        def cancel() -> None:
            found["said"] = patiently(lambda: cancelled(stage, message, key=f"race-{message.id}"))  # noqa: B023

        def claim() -> None:
            taken = patiently(lambda: dispatch_outbox.claim(lease=LEASE, now=stage.now))
            found["claimed"] = [one.outbox_id for one in taken]  # type: ignore[attr-defined] # noqa: B023

        at_once(cancel, claim)
        message.refresh_from_db()
        was_claimed = found["claimed"] == [message.id]
        assert (message.state, found["said"]) == (
            ("sending", "already_left") if was_claimed else ("suppressed", "undone")
        )
        draft = Draft.objects.get(pk=message.draft_id)
        assert draft.state == ("approved" if was_claimed else "cancelled")
        # Its card would stand in the way of the next one's.
        Opportunity.objects.filter(pk=draft.opportunity_id).update(state="skipped")
        Card.objects.filter(opportunity=draft.opportunity_id).update(closed_at=stage.now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["claim", "cancel"])
def test_whoever_is_first_keeps_the_other_waiting_and_wins(stage: Stage, first: str):
    """Each order on purpose: the second one comes while the first has not committed yet."""
    with transaction.atomic():
        message = stage.approved()
    stage.wait(seconds=11)
    holds, said = threading.Event(), list[object]()

    def claim() -> object:
        return [one.outbox_id for one in dispatch_outbox.claim(lease=LEASE, now=stage.now)]

    acts = {"claim": claim, "cancel": lambda: cancelled(stage, message)}
    second = {"claim": "cancel", "cancel": "claim"}[first]

    def slowly() -> None:
        with transaction.atomic():
            said.append(acts[first]())
            holds.set()
            threading.Event().wait(0.3)

    def after() -> None:
        holds.wait(10)
        said.append(patiently(acts[second]))

    at_once(lambda: patiently(slowly), after)
    assert said == ([[message.id], "already_left"] if first == "claim" else ["undone", []])
