"""What was parked in the moment in which its send's answer was written down is found afterwards."""

from datetime import timedelta

from tests.flows.stage import Stage
from wakeel.flows.match_late import FIRST_LOOK, LateMatches
from wakeel.store.models import OutboxMessage, StatusEvent


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
