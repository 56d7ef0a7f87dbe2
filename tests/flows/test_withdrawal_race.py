"""A withdrawal and the claim of a message at the same moment, with real transactions, on both databases.

Either the message was already leaving, and that is said, or it never leaves.
"""

import hashlib
import json
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connections, transaction

from tests import rows
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage
from wakeel.domain.outbox import LEASE
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows import dispatch_outbox
from wakeel.flows.new_owner import new_owner
from wakeel.flows.stop_sending import press
from wakeel.flows.suppress_contact import suppress_contact
from wakeel.store.models import Attempt, Card, Contact, InboxRow, Opportunity, OutboxMessage
from wakeel.whatsapp.answers import Accepted

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12
TOO_LATE = ("فلم يمكن سحبها", "ولا يمكن سحبها")
LOCKED = "lock"


def stop_of(stage: Stage, contact: Contact, number: int) -> InboxRow:
    sender = stage.sender_of(contact)
    message = sender | {"id": f"wamid.RACE{number}", "timestamp": str(int(stage.now.timestamp())), "type": "text"}
    value = {"metadata": {"phone_number_id": rows.NUMBER_ID}, "messages": [message | {"text": {"body": "إيقاف"}}]}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", **value}}
    entry = {"id": rows.WABA_ID, "changes": [change]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    return InboxRow.objects.create(digest=hashlib.sha256(body).digest(), body=body, received_at=stage.now)


def at_once(*acts: Callable[[], object]) -> None:
    """Run each in a thread of its own with its own connection; a fault of one is a fault of the test."""
    start, faults = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not faults


def patiently(act: Callable[[], object]) -> object:
    """SQLite in memory answers "locked" at once where a file would wait."""
    for _ in range(2000):
        try:
            return act()
        except OperationalError as busy:
            if LOCKED not in str(busy):
                raise
            threading.Event().wait(0.002)
    raise AssertionError("never unlocked")


def worker(stage: Stage) -> Callable[[], None]:
    """What the dispatcher does: claim, look for a recall immediately before the request, post, write down."""

    def dispatch() -> None:
        claimed = patiently(lambda: dispatch_outbox.claim(lease=LEASE, now=stage.now))
        assert isinstance(claimed, list)
        for one in claimed:
            recalled = patiently(lambda: dispatch_outbox.recalled([one]))  # noqa: B023 - called at once
            assert isinstance(recalled, set)
            if one.attempt_id in recalled:
                patiently(lambda: dispatch_outbox.record_not_sent([one.attempt_id], now=stage.now))  # noqa: B023
            else:
                accepted = Accepted(f"wamid.{one.attempt_id}", "accepted", 200)  # type: ignore[arg-type]
                patiently(lambda: dispatch_outbox.record(one.attempt_id, accepted, now=stage.now))  # noqa: B023

    return dispatch


def test_a_message_either_was_leaving_and_that_is_said_or_it_never_leaves(stage: Stage):
    for number in range(ROUNDS):
        with transaction.atomic():
            opportunity = stage.person(
                key=f"k{number}", title=f"عرض رقم {number}", name=f"ليلى {number}", phone=f"+96650977{number:04d}"
            )
            message = stage.approved(opportunity)
        stage.wait(seconds=11)
        stop = stop_of(stage, opportunity.contact, number)
        at_once(worker(stage), lambda: patiently(lambda: decoded(stop, stage)))  # noqa: B023 - called at once
        stage.wait(seconds=5)
        stage.deliver()
        message.refresh_from_db()
        posted = Attempt.objects.filter(outbox=message, outcome="accepted").exists()
        told = [text for text in stage.told() if f"ليلى {number}" in text]
        if posted:
            assert any(words in text for text in told for words in TOO_LATE), told
        else:
            assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
        assert not OutboxMessage.objects.filter(contact=opportunity.contact, intent="", state="pending").exists()
        Opportunity.objects.filter(pk=opportunity.pk).update(state="skipped")
        Card.objects.filter(opportunity=opportunity).update(closed_at=stage.now)


def decoded(row: InboxRow, stage: Stage) -> None:
    """As the worker does it: a row that met a fault of the database is taken up again."""
    for _ in range(500):
        if route_inbound(row.id, now=stage.now):
            return
        InboxRow.objects.filter(pk=row.pk).update(next_try_at=None)
    raise AssertionError("never decoded")


@pytest.mark.parametrize("what", ["suppressed", "stopped", "new owner"])
def test_what_a_claim_takes_while_somebody_ends_it_is_recalled(stage: Stage, what: str):
    """The claim has read its facts and not committed yet when the operator acts."""
    with transaction.atomic():
        message = stage.approved(stage.person())
    stage.wait(seconds=11)
    contact_id, operator_id = message.contact_id or "", stage.operator.id
    decided = threading.Event()

    def claim_slowly() -> None:
        with transaction.atomic():
            assert dispatch_outbox.claim(lease=LEASE, now=stage.now)
            decided.set()
            threading.Event().wait(0.5)

    def end_it() -> object:
        decided.wait(10)
        match what:
            case "suppressed":
                cause = SuppressionCause.COMPLAINT
                return patiently(
                    lambda: suppress_contact(operator_id, contact_id, cause=cause, note="شكوى", now=stage.now)
                )
            case "stopped":
                return patiently(lambda: press(message.business_id, "admin", now=stage.now))
            case _:
                return patiently(lambda: new_owner(operator_id, contact_id, now=stage.now))

    at_once(lambda: patiently(claim_slowly), end_it)
    message.refresh_from_db()
    assert (message.state, message.recalled_at) == ("sending", stage.now)
