"""Somebody leaves the team, or a draft's time ends, while a worker or a tap is at the same, with real transactions."""

import threading

import pytest
from django.db import transaction

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_withdrawal_race import at_once, patiently
from wakeel.domain.buttons import parse_button_id
from wakeel.domain.outbox import LEASE
from wakeel.flows import dispatch_outbox
from wakeel.flows.deactivate_operator import Left, Outcome, deactivate_operator
from wakeel.flows.remind import remind_and_expire
from wakeel.flows.reply import Reply
from wakeel.flows.take_decision import take_decision
from wakeel.store.models import Approval, Card, Draft, Operator, Opportunity, OutboxMessage, Vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fahd(stage: Stage) -> Operator:
    return rows.operator(stage.firm, "فهد", wa_id="966500000002", bsuid="SA.operator2", last_inbound_at=rows.T0)


def leave(stage: Stage, who: Operator, *, may_leave_nobody: bool = False) -> Left | None:
    return deactivate_operator(
        stage.firm.business.id, who.id, by="admin", by_user_id=0, may_leave_nobody=may_leave_nobody, now=stage.now
    )


@pytest.mark.parametrize("what", ["to them", "approved by them", "approved by two"])
def test_what_a_claim_takes_while_its_operator_leaves_is_called_back_and_never_goes(stage: Stage, fahd, what: str):
    """The claim has read its facts and not committed yet when the administrator acts."""
    with transaction.atomic():
        if what == "to them":
            stage.person()
            stage.show_cards()
            stage.tap("opp:unknown:accept")
            message = OutboxMessage.objects.get(state="pending", operator=stage.operator)
        else:
            message = stage.approved(stage.person())
            if what == "approved by two":
                Approval.objects.update(operator=fahd)
                Vote.objects.create(
                    business=stage.firm.business, draft=message.draft, version=1, digest=message.digest,
                    operator=stage.operator, via="phone", at=stage.now,
                )  # fmt: skip
            stage.deliver()
    stage.wait(seconds=11)
    decided, claimed = threading.Event(), list[dispatch_outbox.Claimed]()

    def claim_slowly() -> None:
        with transaction.atomic():
            claimed.extend(dispatch_outbox.claim(lease=LEASE, now=stage.now))
            decided.set()
            threading.Event().wait(0.4)

    def end_it() -> object:
        decided.wait(10)
        return patiently(lambda: leave(stage, stage.operator))

    at_once(lambda: patiently(claim_slowly), end_it)
    [mine] = [one for one in claimed if one.outbox_id == message.id]
    assert dispatch_outbox.recalled([mine]) == {mine.attempt_id}
    dispatch_outbox.record_not_sent([mine.attempt_id], now=stage.now)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.attempts.exclude(outcome="not_sent").count()) == ("suppressed", 0)
    if what != "to them":
        assert Draft.objects.get().state == "awaiting_approval"
        assert Card.objects.filter(operator=fahd, draft=message.draft_id, closed_at=None).exists()
        assert stage.tap(f"msg:{message.draft_id}:approve", by=fahd).code == "approved"


def test_two_who_leave_at_once_do_not_leave_nobody(stage: Stage, fahd):
    """Each would have seen the other stay."""
    left: list[object] = []
    at_once(*(
        lambda who=who: left.append(patiently(lambda: leave(stage, who))) for who in (stage.operator, fahd)
    ))  # fmt: skip
    assert sorted(one.outcome for one in left if isinstance(one, Left)) == [Outcome.DONE, Outcome.NOBODY_LEFT]
    assert Operator.objects.filter(state="active").count() == 1


@pytest.mark.parametrize("who_leaves", [True, False])
def test_a_tap_in_the_last_moment_either_counts_or_is_told_that_it_is_over(stage: Stage, fahd, who_leaves: bool):
    """Against the end of the waiting, or against the deactivation of whoever tapped: one of both is true."""
    for number in range(4):
        operator = rows.operator(
            stage.firm, f"نورة {number}", wa_id=f"96650000010{number}", bsuid=f"SA.n{number}",
            last_inbound_at=stage.now,
        )  # fmt: skip
        with transaction.atomic():
            opportunity = stage.person(key=f"k{number}", name=f"ليلى {number}", phone=f"+96650977{number:04d}")
            draft = stage.accepted(opportunity)
            Draft.objects.filter(pk=draft.pk).update(waits_until=stage.now, nudge="expire", nudge_at=stage.now)
        button, digest = f"msg:{draft.id}:approve", Card.objects.get(draft=draft, closed_at=None).digest
        said: list[str] = []

        def tap(button=button, digest=digest, said=said, operator=operator, number=number) -> None:
            reply = patiently(lambda: take_decision(
                operator.id, parse_button_id(button), shown_digest=digest, tap_key=f"t{number}", via="phone",
                now=stage.now,
            ))  # fmt: skip
            assert isinstance(reply, Reply)
            said.append(reply.code)

        def end(operator=operator) -> object:
            act = (lambda: leave(stage, operator)) if who_leaves else (lambda: remind_and_expire(now=stage.now))
            return patiently(act)

        at_once(tap, end)
        draft.refresh_from_db()
        leaving = OutboxMessage.objects.filter(draft=draft, state="pending").exists()
        if who_leaves:
            # Approved before they left, it is asked again; afterwards, nothing was approved at all.
            assert said[0] in {"approved", "left_team"}
            assert (draft.state, leaving) == ("awaiting_approval", False)
        else:
            assert (said[0], draft.state, leaving) in {
                ("approved", "approved", True), ("draft_closed", "expired", False)
            }  # fmt: skip
        Opportunity.objects.filter(pk=opportunity.pk).update(state="skipped")
        Draft.objects.filter(pk=draft.pk).update(nudge_at=None)
