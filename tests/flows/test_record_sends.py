"""Many outcomes in one commit: each message as if it had been written down alone, and no neighbour is harmed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.flows.stage import Stage
from tests.flows.test_dispatch_outbox import refused
from wakeel.flows import dispatch_outbox, record_sends
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.store.models import Attempt, Opportunity, OutboxMessage
from wakeel.store.records import End
from wakeel.whatsapp.answers import Accepted, NoAnswer, Outcome


def accepted(wamid: str) -> Outcome:
    return Accepted(wamid, "accepted", 200)  # type: ignore[arg-type]


def claimed(stage: Stage, many: int) -> list[Claimed]:
    """So many messages to people, on the wire."""
    for number in range(many):
        stage.approved(stage.person(key=f"k{number}", phone=f"+9665097222{number:02d}", title=f"عرض {number}"))
    stage.wait(seconds=11)
    found = stage.claim()
    assert len(found) == many
    return found


def states(found: list[Claimed]) -> list[str]:
    kept = dict(OutboxMessage.objects.values_list("pk", "state"))
    return [kept[one.outbox_id] for one in found]


def outcomes(found: list[Claimed]) -> list[str]:
    kept = dict(Attempt.objects.values_list("pk", "outcome"))
    return [kept[one.attempt_id] for one in found]


def test_each_outcome_of_a_batch_has_its_own_effects(stage: Stage):
    found = claimed(stage, 4)
    said = [accepted("wamid.1"), refused(100), NoAnswer("timeout"), refused(131056)]
    landed = [(one.attempt_id, outcome) for one, outcome in zip(found, said, strict=True)]
    dispatch_outbox.record_all([*landed, ("att_of_nobody", NoAnswer("timeout"))], now=stage.now)
    assert states(found) == ["accepted", "failed", "unknown", "pending"]
    assert outcomes(found) == ["accepted", "failed", "unknown", "failed"]
    assert len([text for text in stage.told() if "تعذّر الإرسال" in text]) == 1
    assert len([text for text in stage.told() if "لم تتأكد" in text]) == 1
    contacted = Opportunity.objects.filter(state="contacted").values_list("contact__outbox", flat=True)
    assert list(contacted) == [found[0].outbox_id]
    dispatch_outbox.record_all(landed, now=stage.now)
    assert states(found) == ["accepted", "failed", "unknown", "pending"], "once is enough"


@pytest.mark.parametrize("wamid", ["wamid.SAME", "w" * 201, "wamid.\0"])
def test_an_answer_that_cannot_be_true_is_no_answer_and_harms_no_neighbour(stage: Stage, wamid: str):
    first, *others = claimed(stage, 3)
    stage.record(first, accepted("wamid.SAME"))
    landed = [(others[0].attempt_id, accepted(wamid)), (others[1].attempt_id, accepted("wamid.OTHER"))]
    dispatch_outbox.record_all(landed, now=stage.now)
    assert states([first, *others]) == ["accepted", "unknown", "accepted"]
    assert Attempt.objects.get(pk=others[0].attempt_id).details == "unreadable_answer"


def test_a_fault_of_ours_in_one_answer_is_raised_when_all_others_are_written_down(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    found = claimed(stage, 3)
    odd = found[0].outbox_id

    def fails_for_one(ends: list[End], **_: object) -> None:
        if odd in {end.posted.outbox_id for end in ends}:
            raise KeyError(odd)

    monkeypatch.setattr(record_sends, "note_acceptances", fails_for_one)
    landed = [(one.attempt_id, accepted(f"wamid.{one.attempt_id}")) for one in found]
    with pytest.raises(KeyError):
        dispatch_outbox.record_all(landed, now=stage.now)
    assert states(found) == ["sending", "accepted", "accepted"]


def test_a_batch_of_answers_costs_as_many_statements_as_one(stage: Stage):
    found = claimed(stage, 9)
    costs = []
    for some in (found[:1], found[1:]):
        with CaptureQueriesContext(connection) as queries:
            dispatch_outbox.record_all(
                [(one.attempt_id, accepted(f"wamid.{one.attempt_id}")) for one in some], now=stage.now
            )
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert set(states(found)) == {"accepted"}
