"""What was parked in the moment in which its send's answer was written down is found afterwards."""

from datetime import datetime, timedelta

import pytest

from tests.flows.stage import Stage
from wakeel.flows import match_late
from wakeel.flows.match_late import FIRST_LOOK, LateMatches
from wakeel.flows.record_status import match_parked
from wakeel.store.models import Attempt, OutboxMessage, StatusEvent


def park(message: OutboxMessage, word: str, stage: Stage, *, wamid: str | None = None) -> None:
    """As the worker that decodes left it on PostgreSQL, when it did not see yet that the wamid is known: written a
    second before it was committed.
    """
    begun = stage.now - timedelta(seconds=1)
    StatusEvent.objects.create(
        business_id=message.business_id, wamid=wamid or str(message.wamid), status=word, recipient="", attempt=None,
        at=begun, recorded_at=begun,
    )  # fmt: skip


def test_a_status_that_nobody_saw_is_applied_once(stage: Stage):
    message, late = stage.sent(), LateMatches()
    assert late.match(now=stage.now) == 0
    park(message, "delivered", stage)
    park(message, "read", stage)
    park(message, "read", stage, wamid="wamid.SOMEBODY_ELSES")
    stage.wait(seconds=2)
    assert late.match(now=stage.now) == 1
    message.refresh_from_db()
    assert message.status == "read"
    assert StatusEvent.objects.filter(attempt=None).count() == 1
    assert late.match(now=stage.now) == 0


def test_a_failure_that_nobody_saw_is_told(stage: Stage):
    message = stage.sent()
    park(message, "failed", stage)
    stage.wait(hours=3)
    assert LateMatches().match(now=stage.now) == 1
    message.refresh_from_db()
    assert message.status == "failed"
    assert [text for text in stage.told() if "تعذّر الإرسال" in text]


def test_what_was_parked_long_ago_is_not_gone_through_again_and_again(stage: Stage):
    message = stage.sent()
    park(message, "read", stage)
    stage.wait(seconds=FIRST_LOOK.total_seconds() + 1)
    assert LateMatches().match(now=stage.now) == 0


def test_one_that_cannot_be_applied_keeps_no_other_from_it(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    odd, message = stage.sent(), stage.sent(stage.person(key="k2", phone="+966509722299", title="عرض"))
    for one in (odd, message):
        park(one, "read", stage)

    def fails_for_one(attempt: Attempt, **given: datetime) -> None:
        if attempt.outbox_id == odd.id:
            raise KeyError(odd.id)
        match_parked(attempt, **given)

    monkeypatch.setattr(match_late, "match_parked", fails_for_one)
    assert LateMatches().match(now=stage.now) == 2
    message.refresh_from_db()
    assert message.status == "read"
