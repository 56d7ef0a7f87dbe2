"""The whole life of one message: everything that happened to it, in order, in the reader's language, naming nobody."""

from datetime import datetime

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.stop_switches import Stop
from wakeel.flows import release_stop, settle_message
from wakeel.flows.explain_message import as_document, explain, in_words
from wakeel.flows.stop_sending import press
from wakeel.store.models import Approval, OutboxMessage
from wakeel.whatsapp.answers import NoAnswer


def told(message: OutboxMessage) -> list[tuple[str, dict]]:
    found = explain(message.id)
    assert found is not None
    document = as_document(found)
    life = document["life"]
    assert isinstance(life, list)
    assert [one["at"] for one in life] == sorted(one["at"] for one in life)
    return [(one["what"], one) for one in life]


def sent_and_read(stage: Stage) -> OutboxMessage:
    """Edited once, stopped and released, then sent; delivered with its price."""
    draft = stage.accepted()
    stage.wait(seconds=1)
    assert stage.tap(f"msg:{draft.id}:edit").code == "ask_text"
    stage.wait(seconds=1)
    stage.says("أهلًا مريم، هل يناسبك الغد؟")
    stage.deliver()
    stage.wait(seconds=1)
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    stage.wait(seconds=1)
    press(draft.business_id, "7", now=stage.now)
    stage.wait(seconds=1)
    release_stop.release_stop(Stop.of_business(draft.business_id), send=True, now=stage.now, by="admin")
    stage.wait(seconds=11)
    stage.deliver()
    message = OutboxMessage.objects.get(draft=draft)
    stage.wait(seconds=2)
    price = {"type": "regular", "category": "marketing"}
    item = {
        "id": message.wamid,
        "status": "delivered",
        "timestamp": str(int(stage.now.timestamp())),
        "recipient_id": "9",
    }
    stage.webhook({"statuses": [item | {"pricing": price}]})
    return message


def test_the_life_of_a_message_is_told_in_order_with_its_proofs(stage: Stage):
    message = sent_and_read(stage)
    life = told(message)
    happened = [what for what, _ in life if what not in {"decision", "version"}]
    assert happened == [
        "verdict", "approval", "queued", "stop_pressed", "stop_released", "verdict", "attempt", "answer", "status",
    ]  # fmt: skip
    facts = dict(life)
    approval = Approval.objects.get()
    assert facts["approval"]["digest"] == approval.digest == message.digest
    assert facts["approval"]["is_of_this_message"] is True
    assert [one["version"] for what, one in life if what == "version"] == [1, 2]
    assert [one["action"] for what, one in life if what == "decision"] == ["edit", "text", "approve"]
    assert (facts["answer"]["http_status"], facts["answer"]["wamid"]) == (200, message.wamid)
    assert facts["attempt"]["attempt"] == message.attempts.get().id
    assert facts["status"]["pricing_type"] == "regular"
    assert (facts["stop_released"]["send"], facts["stop_released"]["by"]) == (True, "admin")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_is_said_in_the_readers_language_by_the_business_clock_naming_nobody(stage: Stage, language: str):
    message = sent_and_read(stage)
    found = explain(message.id)
    assert found is not None
    said = list(in_words(found, language=language))
    for secret in ("مريم", "سارة", "9722233", "يناسبك"):
        assert secret not in "\n".join(said)
    assert all(datetime.fromisoformat(line.split("  ")[1]).utcoffset().total_seconds() == 3 * 3600 for line in said[1:])  # type: ignore[union-attr]
    assert any(("تسويق، بمقابل" if language == "ar" else "charged as marketing, charged") in line for line in said)
    assert any(approval in line for line in said for approval in [Approval.objects.get().digest])
    if language == "en":
        assert not any("\u0600" <= letter <= "\u06ff" for letter in "".join(said))
    else:
        assert all(any("\u0600" <= letter <= "\u06ff" for letter in line) for line in said)


def test_an_arrival_after_somebody_said_it_did_not_arrive_is_an_incident(stage: Stage):
    message = stage.approved()
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    stage.record(claimed, NoAnswer("timeout"))
    stage.wait(minutes=5)
    reply = settle_message.settle(stage.operator.id, message.id, "send_again", tap_key="k", now=stage.now)
    assert reply.carried_out
    stage.wait(seconds=7)
    stage.deliver()
    stage.wait(seconds=1)
    stage.status("wamid.LATE", "delivered", attempt_id=claimed.attempt_id)
    life = told(message)
    assert [one["attempt"] for what, one in life if what == "incident"] == [claimed.attempt_id]
    assert [one["by"] for what, one in life if what == "settled"] == [stage.operator.id]
    assert "send_again" in [one["action"] for what, one in life if what == "decision"]


def test_a_message_taken_back_after_a_stop_says_what_held_it(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.wait(seconds=3)
    stage.says("متى؟", by=message.contact)
    stage.wait(seconds=1)
    rows.withdrawal(message.contact, at=stage.now)
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:cancel").code == "undone"
    whats = [what for what, _ in told(message)]
    assert "contact_wrote" in whats
    assert whats[-1] in {"decision", "approval_revoked"}
