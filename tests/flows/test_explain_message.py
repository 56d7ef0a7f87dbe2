"""Every verdict that was given can be given again from what is kept."""

from datetime import timedelta

import pytest
from django.db import connection

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.policy import as_document, policy_from
from wakeel.flows import policies
from wakeel.flows.explain_message import Explanation, explain, in_words
from wakeel.store.models import ConsentEventRow, OutboxMessage, PolicyRow, VerdictRow


def explained(name: str) -> Explanation:
    found = explain(name)
    assert found is not None
    return found


def test_a_sent_message_is_explained_by_both_of_its_verdicts(stage: Stage):
    message = stage.sent()
    found = explained(message.id)
    assert [(one.row.phase, one.row.code) for one in found.verdicts] == [("plan", "OK"), ("claim", "OK")]
    assert found.is_proven
    grant = ConsentEventRow.objects.get(type="grant")
    assert {one.row.grant_id for one in found.verdicts} == {grant.id}
    assert [attempt.outcome for attempt in found.attempts] == ["accepted"]


def test_it_is_found_by_its_draft_and_its_wamid_too(stage: Stage):
    message = stage.sent()
    assert explained(message.draft_id or "").message == explained(message.wamid or "").message == message
    assert explain("out_nobody") is None


def test_a_later_withdrawal_does_not_change_what_was_decided_before(stage: Stage):
    """The ledger is read up to the place where it stood."""
    message = stage.sent()
    assert message.contact is not None
    rows.withdrawal(message.contact, at=stage.now)
    assert explained(message.id).is_proven


def test_a_policy_of_later_does_not_change_it_either(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    message = stage.sent()
    closed = policy_from(as_document(policies.current()) | {"send_windows": {"marketing": []}, "calendars": {}})
    monkeypatch.setattr(policies, "current", lambda: closed)
    assert explained(message.id).is_proven
    assert PolicyRow.objects.count() == 1


def test_a_changed_verdict_is_named(stage: Stage):
    message = stage.sent()
    VerdictRow.objects.filter(outbox=message, phase="claim").update(code="QUIET_HOURS")
    found = explained(message.id)
    assert not found.is_proven
    assert [one.differences for one in found.verdicts] == [(), ("code",)]
    assert any("REPLAY DIFFERS in code" in line for line in in_words(found, language="en"))


def test_a_ledger_entry_removed_by_hand_changes_the_replay(stage: Stage):
    message = stage.sent()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_payload")
    found = explained(message.id)
    assert [one.again and one.again.code.value for one in found.verdicts] == ["NO_CONSENT", "NO_CONSENT"]


def test_a_refusal_is_explained_as_well(stage: Stage):
    """Approved, then a stop: the claim's own verdict says why it never left."""
    message = stage.approved()
    assert message.contact is not None
    rows.withdrawal(message.contact, at=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    found = explained(message.id)
    assert [one.row.code for one in found.verdicts] == ["OK", "OPTED_OUT"]
    assert found.is_proven


def test_send_as_it_is_is_part_of_the_explanation(stage: Stage):
    """The reply was read and the text released: that decision is what let it leave."""
    message = stage.approved()
    assert message.contact is not None
    stage.wait(seconds=3)
    stage.says("متى؟", by=message.contact)
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "released"
    stage.wait(seconds=11)
    stage.deliver()
    found = explained(message.id)
    assert [one.row.phase for one in found.verdicts] == ["plan", "plan", "claim"]
    assert found.is_proven


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_words_name_nobody(stage: Stage, language: str):
    message = stage.sent()
    said = "\n".join(in_words(explained(message.id), language=language))
    assert "مريم" not in said
    assert "9722233" not in said
    assert rows.DRAFT_TEXT not in said
    assert OutboxMessage.objects.get(audience="contact").id in said
    assert str(policies.current().version) in said


def test_a_taken_back_approval_is_not_part_of_another_message(stage: Stage):
    """Plan verdicts after the message was made belong to its successor."""
    first = stage.approved()
    stage.tap(f"msg:{first.draft_id}:cancel")
    stage.wait(seconds=int(timedelta(minutes=1).total_seconds()))
    assert [one.row.phase for one in explained(first.id).verdicts] == ["plan"]
