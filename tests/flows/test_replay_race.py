"""Two clicks on one item, and a replay beside the worker, at the same moment, on both databases."""

import pytest

from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage
from tests.flows.test_replay import BY, LONG_AGO, PLACE, arrived, faulty, messages, stored, text_from, try_again
from tests.flows.test_withdrawal_race import at_once, patiently
from wakeel.flows.replay import replay
from wakeel.flows.settle_item import ItemAnswer, Settled, dismiss_item
from wakeel.store.models import ConsentEventRow, InboundMessage, InboxRow, Opportunity, OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def test_two_clicks_at_the_same_moment_have_one_effect(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    for number in range(ROUNDS):
        mend = faulty(monkeypatch)
        phone, wamid = f"96650111000{number}", f"wamid.CLICK{number}"
        row = arrived(stage, messages(text_from(phone, "إيقاف", wamid=wamid, at=stage.now)))
        mend()
        answers: list[ItemAnswer] = []

        def click(row: InboxRow = row, answers: list[ItemAnswer] = answers) -> None:
            answers.append(patiently(lambda: try_again(stage, row, PLACE.format(0))))  # type: ignore[arg-type]

        at_once(click, click)
        assert Settled.CARRIED_OUT in {answer.what for answer in answers}
        assert {answer.what for answer in answers} <= {Settled.CARRIED_OUT, Settled.DONE_BEFORE, Settled.ALREADY}
        row.refresh_from_db()
        assert (row.state, [note["kind"] for note in row.errors]) == ("done", ["replayed"])
        assert InboundMessage.objects.filter(wamid=wamid).count() == 1
    assert ConsentEventRow.objects.filter(type="withdraw").count() == ROUNDS


def test_a_click_on_each_button_settles_an_item_once(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    for number in range(ROUNDS):
        mend = faulty(monkeypatch)
        row = arrived(stage, messages(text_from("966501110002", "هلا", wamid=f"wamid.BOTH{number}", at=stage.now)))
        mend()
        at_once(
            lambda row=row: patiently(lambda: try_again(stage, row, PLACE.format(0))),
            lambda row=row: patiently(lambda: dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now)),
        )
        row.refresh_from_db()
        assert row.state == "done"
        assert len(row.errors) == 1


def test_a_replay_beside_the_worker_does_the_same_news_once(stage: Stage):
    """Meta repeats an update in another batch: one row is the worker's, the other is replayed."""
    deal = stage.person(consent=False)
    Opportunity.objects.filter(pk=deal.pk).update(state="contacted", owner=stage.operator)
    for number in range(ROUNDS):
        said = text_from("966509722233", f"رسالة {number}", wamid=f"wamid.SAME{number}", at=stage.now)
        stored(messages(said), at=stage.now)
        waiting = stored(messages(said, text_from("966501110002", "هلا", wamid=f"w.{number}")), state="received")
        before = OutboxMessage.objects.count()
        stage.wait(seconds=1)
        at_once(
            lambda: patiently(lambda: replay(since=LONG_AGO, now=stage.now)),
            lambda pk=waiting.pk: patiently(lambda: route_inbound(pk, now=stage.now)),
        )
        stage.wait(minutes=10)
        route_inbound(waiting.pk, now=stage.now)
        assert InboundMessage.objects.filter(wamid=f"wamid.SAME{number}").count() == 1
        assert OutboxMessage.objects.count() == before + 1  # the owner hears of it once
    assert not InboxRow.objects.exclude(state="done").exists()
