"""Webhooks taken in hand together: the same effects as one by one, in order of arrival per conversation."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import rows
from tests.flows.inbox_stage import batch_of_waiting, carry_out, carry_out_one_by_one, put, stamp, status, text
from tests.flows.stage import Stage, words
from wakeel.flows import quiet_statuses, quiet_texts, route_batch, show_card, take_taps
from wakeel.flows.inbox_batch import still_blocked, unfold
from wakeel.flows.person_wrote import Postponed
from wakeel.flows.show_card import fill_cards, show_opportunity
from wakeel.store import inbox, status_batches
from wakeel.store.models import (
    Attempt,
    Card,
    ConsentEventRow,
    Contact,
    Decision,
    Draft,
    InboundMessage,
    InboxRow,
    Operator,
    Opportunity,
    OutboxMessage,
    Showing,
    StatusEvent,
)

LEILA, HUDA, STRANGER, OWNED = "966507770001", "966507770002", "966507770003", "966507770004"
MARIAM = "966509722233"


@pytest.fixture
def sent(stage: Stage) -> OutboxMessage:
    """A message that left to a contact, accepted."""
    return stage.sent()


@pytest.fixture
def quiet(stage: Stage) -> Contact:
    return rows.contact(stage.firm, name="ليلى", phone=f"+{LEILA}")


def states() -> list[str]:
    return list(InboxRow.objects.order_by("id").values_list("state", flat=True))


def said_by(contact: Contact) -> list[str]:
    return list(InboundMessage.objects.filter(contact=contact).order_by("id").values_list("text", flat=True))


def no_route_item(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: Any, **named: Any) -> None:
        raise AssertionError("went one by one")

    monkeypatch.setattr(route_batch, "route_item", never)


# what is quiet


def test_statuses_of_known_messages_move_their_ticks_without_being_looked_at_one_by_one(
    stage: Stage, sent: OutboxMessage, monkeypatch: pytest.MonkeyPatch
):
    no_route_item(monkeypatch)
    attempt = Attempt.objects.get(outbox=sent)
    for word in ("read", "sent", "delivered", "delivered"):
        put(stage, status(stage, str(sent.wamid), word, biz_opaque_callback_data=attempt.id))
    carry_out(stage)
    sent.refresh_from_db()
    assert (sent.status, sent.state) == ("read", "accepted")
    assert sorted(attempt.statuses.values_list("status", flat=True)) == ["delivered", "read", "sent"]
    assert states() == ["done"] * 4 + ["done"] * (InboxRow.objects.count() - 4)


def test_what_meta_charges_is_kept_with_the_status(stage: Stage, sent: OutboxMessage):
    pricing = {"category": "marketing", "type": "regular", "billable": True, "pricing_model": "PMP"}
    put(stage, status(stage, str(sent.wamid), "sent", pricing=pricing))
    put(stage, status(stage, str(sent.wamid), "failed", code=131049, pricing=pricing))
    carry_out(stage)
    kept = StatusEvent.objects.values_list("status", "pricing_category", "pricing_type").order_by("status")
    assert list(kept) == [("failed", "marketing", "regular"), ("sent", "marketing", "regular")]


def test_a_status_in_a_batch_never_moves_a_message_backwards(stage: Stage, sent: OutboxMessage):
    OutboxMessage.objects.filter(pk=sent.pk).update(status="read")
    put(stage, status(stage, str(sent.wamid), "delivered"))
    carry_out(stage)
    sent.refresh_from_db()
    assert sent.status == "read"


def test_news_of_an_earlier_attempt_stays_history(stage: Stage, sent: OutboxMessage):
    OutboxMessage.objects.filter(pk=sent.pk).update(fence=2)
    put(stage, status(stage, str(sent.wamid), "delivered"))
    carry_out(stage)
    sent.refresh_from_db()
    assert sent.status == "accepted"
    assert StatusEvent.objects.get().attempt is not None


def test_a_message_claimed_again_after_the_batch_was_read_keeps_its_ticks(stage: Stage, sent: OutboxMessage):
    """The facts are read before the lock is taken: the statement itself asks whether the attempt is the last."""
    put(stage, status(stage, str(sent.wamid), "delivered"))
    batch = batch_of_waiting(stage)
    OutboxMessage.objects.filter(pk=sent.pk).update(fence=2)
    assert batch.quiet_step(now=stage.now)
    sent.refresh_from_db()
    assert sent.status == "accepted"


def test_a_repeated_status_has_no_effect_after_a_person_had_it_sent_again(stage: Stage, sent: OutboxMessage):
    """Sending again begins without news; a repetition from the seven days before must not fill it in."""
    put(stage, status(stage, str(sent.wamid), "sent"))
    carry_out(stage)
    OutboxMessage.objects.filter(pk=sent.pk).update(status=None)
    put(stage, status(stage, str(sent.wamid), "sent"))
    carry_out(stage)
    sent.refresh_from_db()
    assert sent.status is None
    assert StatusEvent.objects.count() == 1


def test_statuses_that_match_nothing_are_parked_together_and_matched_by_the_answer(stage: Stage):
    message = stage.approved()
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    wamid = stage.new_wamid("OUT")
    for word in ("sent", "delivered"):
        put(stage, status(stage, wamid, word))
    carry_out(stage)
    assert list(StatusEvent.objects.values_list("attempt", flat=True)) == [None, None]
    stage._wamids = iter([int(wamid.removeprefix("wamid.OUT"))])
    stage.record(claimed)
    message.refresh_from_db()
    assert message.status == "delivered"


def test_a_status_is_not_parked_if_its_answer_came_after_the_batch_was_read(stage: Stage):
    message = stage.approved()
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    put(stage, status(stage, f"wamid.OUT{next(stage._wamids) + 1}", "delivered"))
    batch = batch_of_waiting(stage)
    stage.record(claimed)
    while batch.quiet_step(now=stage.now):
        pass
    for queue in batch.queues():
        while batch.step(queue, now=stage.now):
            pass
    message.refresh_from_db()
    assert message.status == "delivered"


def test_a_contact_with_nothing_open_opens_the_window_without_being_looked_at_alone(
    stage: Stage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    no_route_item(monkeypatch)
    put(stage, text(stage, "متى يناسبكم الاتصال؟", by=LEILA, wamid="wamid.A"))
    stage.wait(seconds=30)
    put(stage, text(stage, "شكرًا جزيلًا", by=LEILA, wamid="wamid.B"))
    put(stage, text(stage, "متى يناسبكم الاتصال؟", by=LEILA, wamid="wamid.A"))
    carry_out(stage)
    quiet.refresh_from_db()
    assert said_by(quiet) == ["متى يناسبكم الاتصال؟", "شكرًا جزيلًا"]
    assert quiet.last_inbound_at == stage.now
    assert states() == ["done"] * 3


def test_an_answer_to_what_we_wrote_reaches_its_owner_without_being_looked_at_alone(
    stage: Stage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    owned(stage, quiet)
    no_route_item(monkeypatch)
    put(stage, text(stage, "متى يناسبكم الاتصال؟", by=LEILA, wamid="wamid.A"))
    put(stage, text(stage, "شكرًا جزيلًا", by=LEILA, wamid="wamid.B"))
    put(stage, text(stage, "متى يناسبكم الاتصال؟", by=LEILA, wamid="wamid.A"))
    carry_out(stage)
    [told] = OutboxMessage.objects.filter(operator=stage.operator)
    said = words(told.body)
    assert said.count("متى يناسبكم الاتصال؟") == 1
    assert "شكرًا جزيلًا" in said
    assert "ليلى" in said
    assert told.about == quiet
    assert Opportunity.objects.get().state == "replied"


def test_a_late_text_does_not_close_a_window_that_was_opened_later(stage: Stage, quiet: Contact):
    late = text(stage, "شكرًا", by=LEILA, wamid="wamid.A")
    stage.wait(hours=1)
    Contact.objects.filter(pk=quiet.pk).update(last_inbound_at=stage.now)
    put(stage, late)
    carry_out(stage)
    quiet.refresh_from_db()
    assert quiet.last_inbound_at == stage.now


def owned(stage: Stage, contact: Contact) -> None:
    opportunity = rows.opportunity(stage.firm, contact, key="owned")
    opportunity.owner, opportunity.state = stage.operator, "contacted"
    opportunity.save()


LOUD: dict[str, Callable[[Stage, Contact], Any]] = {
    "a question": lambda stage, who: Contact.objects.filter(pk=who.pk).update(
        expecting="optin_confirm", expecting_since=stage.now
    ),
    "no name": lambda stage, who: Contact.objects.filter(pk=who.pk).update(name=""),
    "erased": lambda stage, who: Contact.objects.filter(pk=who.pk).update(erased_at=stage.now),
    "a doubt": lambda stage, who: Contact.objects.filter(pk=who.pk).update(identity_doubt="former_unknown"),
    "an unconfirmed consent": lambda stage, who: rows.grant(who, needs_confirmation=True),
    "an operator": lambda stage, who: rows.operator(stage.firm, "نورة", wa_id=LEILA, bsuid="SA.other"),
    "a merged record": lambda stage, who: Contact.objects.filter(
        pk=rows.contact(stage.firm, phone=f"+{HUDA}").pk
    ).update(merged_into=who),
    "a later alias": lambda stage, who: who.aliases.update(valid_from=stage.now + timedelta(minutes=1)),
    "a former owner": lambda stage, who: former(stage),
}


def former(stage: Stage) -> None:
    other = rows.contact(stage.firm, phone=None)
    other.aliases.create(
        business=stage.firm.business, kind="phone", value=f"+{LEILA}", valid_from=rows.T0 - 9 * rows.DAY,
        valid_to=rows.T0 - 2 * rows.DAY,
    )  # fmt: skip


@pytest.mark.parametrize("why", LOUD)
def test_a_text_of_somebody_for_whom_more_is_to_be_done_goes_by_itself(
    stage: Stage, quiet: Contact, why: str, monkeypatch: pytest.MonkeyPatch
):
    LOUD[why](stage, quiet)
    seen: list[str] = []
    really = route_batch.route_item

    def noted(event: Any, *arguments: Any, **named: Any) -> Any:
        seen.append(event.wamid)
        return really(event, *arguments, **named)

    monkeypatch.setattr(route_batch, "route_item", noted)
    put(stage, text(stage, "شكرًا جزيلًا", by=LEILA, wamid="wamid.A"))
    carry_out(stage)
    assert seen == ["wamid.A"]
    assert states() == ["done"]


@pytest.mark.parametrize("state", ["pending", "held", "sending", "failed"])
def test_a_text_of_somebody_with_an_unsettled_message_goes_by_itself(stage: Stage, state: str):
    """What is held, recalled or asked again by it is done in the way for one; here it is enough that it is taken."""
    message = stage.approved()
    OutboxMessage.objects.filter(pk=message.pk).update(state=state, lease_until=stage.now)
    put(stage, text(stage, "شكرًا جزيلًا", by=MARIAM, wamid="wamid.A"))
    batch = batch_of_waiting(stage)
    while batch.quiet_step(now=stage.now):
        pass
    assert not InboundMessage.objects.filter(wamid="wamid.A").exists()
    assert [len(queue.items) for queue in batch.queues()] == [1]


@pytest.mark.parametrize("words", ["إيقاف", "STOP", "START", "stop these messages", "لا", "نعم", "مساعدة", "AB23CD45"])
def test_words_that_may_be_a_wish_or_a_code_are_never_quiet(stage: Stage, quiet: Contact, words: str):
    put(stage, text(stage, words, by=LEILA, wamid="wamid.A"))
    batch = batch_of_waiting(stage)
    loud = sum(len(queue.items) for queue in batch.queues())
    if words in {"لا", "نعم"}:
        # They mean something only as an answer, and then the contact is not quiet.
        assert loud == 0
    else:
        assert loud == 1


# order


def test_everything_of_one_conversation_is_carried_out_in_order_of_arrival(
    stage: Stage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    for number, said in enumerate(("سؤال أول", "إيقاف", "سؤال ثان", "START", "سؤال ثالث")):
        put(stage, text(stage, said, by=LEILA, wamid=f"wamid.{number}"))
        stage.wait(seconds=2)
    carry_out(stage)
    assert said_by(quiet) == ["سؤال أول", "إيقاف", "سؤال ثان", "START", "سؤال ثالث"]


def test_a_tap_that_waits_keeps_what_its_operator_said_later_waiting_also_in_later_batches(stage: Stage):
    """Somebody else's items go on meanwhile."""
    opportunity = stage.person()
    stage.show_cards()
    stage.accepted(opportunity)
    stage.person(key="k2", phone="+966507770009")
    fill_cards(stage.operator, now=stage.now)
    assert stage.claim()
    tap = {"type": "interactive", "interactive": {
        "type": "button_reply", "button_reply": {"id": f"opp:{opportunity.id}:skip", "title": "تخطي"}}}  # fmt: skip
    sender = stage.sender_of(stage.operator)
    message = {"id": "wamid.TAP", "timestamp": str(int(stage.now.timestamp())), "context": {"id": "wamid.UNBOUND"}}
    put(stage, {"messages": [sender | message | tap]})
    later = text(stage, "أوقف الكل", by=str(stage.operator.wa_id), wamid="wamid.LATER")
    later["messages"][0]["from_user_id"] = stage.operator.bsuid
    put(stage, later)
    put(stage, text(stage, "شكرًا", by=HUDA, wamid="wamid.HUDA"))
    blocked = carry_out(stage)
    assert states()[-3:] == ["received", "received", "done"]
    assert set(blocked) == {str(stage.operator.wa_id), stage.operator.bsuid}
    newest = text(stage, "السلام عليكم", by=str(stage.operator.wa_id), wamid="wamid.NEWEST")
    newest["messages"][0]["from_user_id"] = stage.operator.bsuid
    put(stage, newest)
    carry_out(stage, blocked)
    assert states()[-4:] == ["received", "received", "done", "received"]
    stage.wait(seconds=11)
    carry_out(stage)
    assert states()[-4:] == ["done"] * 4
    kept = InboundMessage.objects.filter(wamid__in=["wamid.TAP", "wamid.LATER", "wamid.NEWEST"]).order_by("id")
    assert list(kept.values_list("wamid", flat=True)) == ["wamid.TAP", "wamid.LATER", "wamid.NEWEST"]


def test_a_fault_of_the_database_keeps_the_later_items_of_that_conversation_waiting_and_nobody_elses(
    stage: Stage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    rows.contact(stage.firm, phone=f"+{HUDA}", name="هدى")
    put(stage, text(stage, "إيقاف", by=LEILA, wamid="wamid.STOP"), text(stage, "إيقاف", by=HUDA, wamid="wamid.HUDA"))
    put(stage, text(stage, "شكرًا", by=LEILA, wamid="wamid.AFTER"))
    really = route_batch.route_item

    def fails(event: Any, *arguments: Any, **named: Any) -> Any:
        if event.wamid == "wamid.STOP":
            raise OperationalError("deadlock detected")
        return really(event, *arguments, **named)

    with monkeypatch.context() as broken:
        broken.setattr(route_batch, "route_item", fails)
        blocked = carry_out(stage)
    assert states() == ["received", "received"]
    assert still_blocked(real_now=stage.now) == {
        HUDA: stage.now + timedelta(seconds=1), LEILA: stage.now + timedelta(seconds=1)
    }  # fmt: skip
    assert still_blocked(real_now=stage.now + timedelta(seconds=1)) == {}
    assert list(InboxRow.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0]
    assert list(InboundMessage.objects.values_list("wamid", flat=True)) == ["wamid.HUDA"]
    assert set(blocked) == {LEILA}
    stage.wait(seconds=2)
    carry_out(stage)
    assert states() == ["done", "done"]
    assert said_by(quiet) == ["إيقاف", "شكرًا"]
    assert ConsentEventRow.objects.filter(type="withdraw").count() == 2


def test_what_waits_in_a_webhook_beside_a_longer_wait_is_not_overtaken(
    stage: Stage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    rows.contact(stage.firm, phone=f"+{HUDA}", name="هدى")
    put(stage, text(stage, "إيقاف", by=LEILA, wamid="wamid.ONE"), text(stage, "إيقاف", by=HUDA, wamid="wamid.HUDA"))
    put(stage, text(stage, "START", by=LEILA, wamid="wamid.TWO"))
    faults = {"wamid.ONE": Postponed(), "wamid.HUDA": OperationalError("deadlock detected")}
    really = route_batch.route_item

    def fails(event: Any, *arguments: Any, **named: Any) -> Any:
        if event.wamid in faults:
            raise faults[event.wamid]
        return really(event, *arguments, **named)

    with monkeypatch.context() as broken:
        broken.setattr(route_batch, "route_item", fails)
        blocked = carry_out(stage)
    stage.wait(seconds=0.5)
    carry_out(stage, {address: until for address, until in blocked.items() if until > stage.now})
    assert said_by(quiet) == ["إيقاف", "START"]
    stage.wait(seconds=1)
    carry_out(stage)
    assert states() == ["done", "done"]
    assert InboundMessage.objects.filter(wamid="wamid.HUDA").exists()


# when it goes wrong


@pytest.mark.parametrize("broken", [(quiet_statuses, "prepare"), (quiet_texts, "record_quiet")])
def test_a_fault_of_ours_among_many_is_looked_for_item_by_item(
    stage: Stage, sent: OutboxMessage, quiet: Contact, broken: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
):
    """It would end the worker, and the next one, and the next one: nobody's STOP would be heard any more."""

    def fails(*arguments: Any, **named: Any) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(*broken, fails)
    put(stage, status(stage, str(sent.wamid), "delivered"), text(stage, "شكرًا", by=LEILA, wamid="wamid.A"))
    carry_out(stage)
    sent.refresh_from_db()
    assert (sent.status, said_by(quiet), states()[-1]) == ("delivered", ["شكرًا"], "done")


def test_a_slice_that_the_database_refuses_is_carried_out_item_by_item(
    stage: Stage, sent: OutboxMessage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    def refuses(*arguments: Any, **named: Any) -> Any:
        raise DatabaseError("no")

    monkeypatch.setattr(quiet_statuses, "record_quiet", refuses)
    monkeypatch.setattr(quiet_texts, "record_quiet", refuses)
    put(stage, status(stage, str(sent.wamid), "delivered"), text(stage, "شكرًا", by=LEILA, wamid="wamid.A"))
    put(stage, status(stage, str(sent.wamid), "read"))
    carry_out(stage)
    sent.refresh_from_db()
    assert sent.status == "read"
    assert said_by(quiet) == ["شكرًا"]
    assert states()[-2:] == ["done", "done"]


def test_a_lock_that_is_not_had_in_time_leaves_the_batch_as_it_was(
    stage: Stage, sent: OutboxMessage, monkeypatch: pytest.MonkeyPatch
):
    """The database thread tries the step again as a whole."""
    put(stage, status(stage, str(sent.wamid), "delivered"))
    batch = batch_of_waiting(stage)
    with monkeypatch.context() as busy:
        busy.setattr(inbox, "finish_all", _is_locked)
        with pytest.raises(OperationalError):
            batch.quiet_step(now=stage.now)
    assert not StatusEvent.objects.exists()
    assert batch.quiet_step(now=stage.now)
    assert not batch.quiet_step(now=stage.now)
    assert StatusEvent.objects.count() == 1
    assert states()[-1] == "done"


def _is_locked(*arguments: Any, **named: Any) -> None:
    raise OperationalError("database is locked")


def test_a_commit_that_fails_is_tried_again_item_by_item_and_only_the_culprit_waits(
    stage: Stage, quiet: Contact, monkeypatch: pytest.MonkeyPatch
):
    rows.contact(stage.firm, phone=f"+{HUDA}", name="هدى")
    bad = put(stage, text(stage, "إيقاف", by=LEILA, wamid="wamid.BAD"))
    put(stage, text(stage, "إيقاف", by=HUDA, wamid="wamid.GOOD"))
    really = inbox.finish_all

    def refuses(ids: Any, **named: Any) -> None:
        if bad.pk in ids:
            raise DatabaseError("no")
        really(ids, **named)

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "finish_all", refuses)
        batch = batch_of_waiting(stage)
        [queue] = batch.queues()
        while batch.step(queue, now=stage.now):
            pass
        batch.end()
    assert states() == ["received", "done"]
    assert list(InboundMessage.objects.values_list("wamid", flat=True)) == ["wamid.GOOD"]
    stage.wait(seconds=2)
    carry_out(stage)
    assert states() == ["done", "done"]


def test_a_worker_that_ends_between_two_commits_has_repeated_nothing_when_it_starts_again(
    stage: Stage, sent: OutboxMessage, quiet: Contact
):
    put(
        stage, status(stage, str(sent.wamid), "delivered"), text(stage, "شكرًا", by=LEILA, wamid="wamid.A"),
        text(stage, "إيقاف", by=LEILA, wamid="wamid.B"),
    )  # fmt: skip
    batch = batch_of_waiting(stage)
    assert batch.quiet_step(now=stage.now)
    assert batch.quiet_step(now=stage.now)
    assert states()[-1] == "received"
    carry_out(stage)
    assert states()[-1] == "done"
    assert StatusEvent.objects.count() == 1
    assert said_by(quiet) == ["شكرًا", "إيقاف"]
    assert ConsentEventRow.objects.filter(type="withdraw").count() == 1


def test_one_item_that_cannot_be_read_is_noted_alone_and_its_neighbours_go_on(
    stage: Stage, sent: OutboxMessage, quiet: Contact
):
    bad: Any = {"messages": [{"from": STRANGER, "id": "wamid.X", "timestamp": "soon", "type": "text"}]}
    put(stage, bad, status(stage, str(sent.wamid), "delivered"), text(stage, "شكرًا", by=LEILA, wamid="wamid.A"))
    put(stage, text(stage, "شكرًا", by=HUDA, wamid="wamid.N"), number="999")
    carry_out(stage)
    assert states()[-2:] == ["quarantined", "quarantined"]
    first, second = InboxRow.objects.order_by("id").values_list("errors", flat=True)[InboxRow.objects.count() - 2 :]
    assert [note["kind"] for note in first] == ["malformed"]
    assert [note["kind"] for note in second] == ["not_ours"]
    sent.refresh_from_db()
    assert sent.status == "delivered"
    assert said_by(quiet) == ["شكرًا"]


def test_a_body_that_says_nothing_is_done(stage: Stage):
    row = InboxRow.objects.create(
        digest=b"e" * 32, body=b'{"object": "whatsapp_business_account", "entry": []}', received_at=stage.now
    )
    carry_out(stage)
    row.refresh_from_db()
    assert (row.state, row.errors) == ("done", [])


def test_the_page_hears_that_webhooks_come(stage: Stage, sent: OutboxMessage):
    put(stage, status(stage, str(sent.wamid), "delivered"))
    carry_out(stage)
    stage.firm.number.refresh_from_db()
    assert stage.firm.number.webhook_seen_at == stage.now


# taps


def on_the_phone(stage: Stage) -> None:
    """Three cards on the operator's phone, and one opportunity that waits."""
    for number in range(4):
        stage.person(key=f"tapped {number}", title=f"فرصة {number}", phone=f"+96650888000{number}")
    stage.show_cards()


def tap(stage: Stage, showing: Showing, action: str, *, wamid: str, by: Operator | None = None) -> Any:
    operator = by or stage.operator
    reply = {
        "type": "button_reply",
        "button_reply": {"id": f"opp:{showing.card.opportunity_id}:{action}", "title": "x"},
    }
    message = {"from": operator.wa_id, "from_user_id": operator.bsuid, "id": wamid, "timestamp": stamp(stage.now)}
    context = {"from": "966110000001", "id": showing.wamid}
    return {"messages": [{**message, "type": "interactive", "interactive": reply, "context": context}]}


def test_taps_are_decided_together_and_each_is_answered(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    on_the_phone(stage)
    no_route_item(monkeypatch)
    first, second, third = stage.showings()
    put(stage, tap(stage, first, "skip", wamid="wamid.A"), tap(stage, second, "accept", wamid="wamid.B"))
    put(stage, tap(stage, third, "draft", wamid="wamid.C"), tap(stage, first, "accept", wamid="wamid.D"))
    put(stage, tap(stage, first, "skip", wamid="wamid.A"))
    carry_out(stage)
    kept = dict(InboundMessage.objects.values_list("wamid", "handled"))
    assert kept == {
        "wamid.A": "skipped", "wamid.B": "accepted", "wamid.C": "drafting", "wamid.D": "already_decided_by"
    }  # fmt: skip
    assert len(stage.told()) == 4
    decided = Opportunity.objects.filter(pk__in=[one.card.opportunity_id for one in (first, second, third)])
    assert sorted(decided.values_list("state", flat=True)) == ["accepted", "drafting", "skipped"]
    # The two drafts, and the opportunity that waited.
    assert stage.open_cards() == 3
    assert Draft.objects.count() == 2
    assert states()[-3:] == ["done"] * 3


def test_of_two_operators_who_tap_in_one_batch_the_first_decides(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000009", bsuid="SA.other")
    stage.person()
    stage.show_cards()
    [mine] = stage.showings()
    show_opportunity(other, mine.card.opportunity, now=stage.now)
    stage.deliver()
    [theirs] = stage.showings(other)
    no_route_item(monkeypatch)
    put(stage, tap(stage, theirs, "skip", wamid="wamid.B", by=other), tap(stage, mine, "accept", wamid="wamid.A"))
    carry_out(stage)
    assert dict(Decision.objects.values_list("tap_key", "carried_out")) == {"wamid.A": False, "wamid.B": True}
    assert "نورة" in stage.told()[-1]


def test_a_tap_on_the_card_of_somebody_else_decides_nothing(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000009", bsuid="SA.other")
    on_the_phone(stage)
    put(stage, tap(stage, stage.showings()[0], "skip", wamid="wamid.A", by=other))
    carry_out(stage)
    assert not Decision.objects.exists()
    assert InboundMessage.objects.get().operator == other


def test_taps_of_somebody_suspended_after_they_were_read_decide_nothing(stage: Stage):
    """They are read before the lock is taken; nobody is trusted for what they were a moment ago."""
    on_the_phone(stage)
    put(stage, tap(stage, stage.showings()[0], "skip", wamid="wamid.A"))
    items = unfold(inbox.take(real_now=stage.now, limit=1)).items
    looked = take_taps.Looked(items, now=stage.now)
    Operator.objects.update(state="suspended")
    with transaction.atomic():
        assert looked.take(items, now=stage.now) == []
    assert not Decision.objects.exists()


def test_what_was_shown_to_another_after_it_was_read_is_not_brought_too(stage: Stage):
    on_the_phone(stage)
    put(stage, tap(stage, stage.showings()[0], "skip", wamid="wamid.A"))
    items = unfold(inbox.take(real_now=stage.now, limit=1)).items
    looked = take_taps.Looked(items, now=stage.now)
    fill_cards(rows.operator(stage.firm, "نورة", wa_id="966500000009", bsuid="SA.other"), now=stage.now)
    with transaction.atomic():
        assert looked.take(items, now=stage.now) == items
    assert stage.open_cards() == 2


def test_one_reading_serves_several_commits_and_each_brings_what_the_one_before_left(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(show_card, "SPARE", 0)
    on_the_phone(stage)
    for number in range(4, 12):
        stage.person(key=f"tapped {number}", title=f"فرصة {number}", phone=f"+9665088800{number:02d}", score=40)
    put(stage, *(tap(stage, one, "skip", wamid=f"wamid.{one.pk}") for one in stage.showings()))
    items = unfold(inbox.take(real_now=stage.now, limit=1)).items
    looked = take_taps.Looked(items, now=stage.now)
    assert looked.has(items)
    for item in items:
        with transaction.atomic():
            assert looked.take([item], now=stage.now) == [item]
        assert stage.open_cards() == 3
    shown = Card.objects.order_by("id").values_list("opportunity__title", flat=True)
    assert list(shown) == [f"فرصة {number}" for number in range(6)]


def test_a_fault_among_taps_is_one_taps_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    on_the_phone(stage)
    first, second, _ = stage.showings()
    really = take_taps.operators_tapped

    def fails(tapped: Any, **named: Any) -> Any:
        if "wamid.A" in {one.event.wamid for one in tapped}:
            raise ValueError
        return really(tapped, **named)

    monkeypatch.setattr(take_taps, "operators_tapped", fails)
    put(stage, tap(stage, first, "skip", wamid="wamid.A"))
    put(stage, tap(stage, second, "skip", wamid="wamid.B"))
    carry_out(stage)
    assert states()[-2:] == ["quarantined", "done"]
    assert list(Decision.objects.values_list("tap_key", flat=True)) == ["wamid.B"]


# together and one by one


ITEMS = st.one_of(
    st.tuples(st.just("status"), st.integers(0, 2), st.sampled_from(["sent", "delivered", "read", "failed", "odd"])),
    st.tuples(st.just("text"), st.sampled_from([LEILA, MARIAM, STRANGER, OWNED]),
              st.sampled_from(["شكرًا", "إيقاف", "START", "نعم", "لا شكرا"])),
    st.tuples(st.just("operator"), st.integers(0, 1), st.sampled_from(["أوقف الكل", "قبول", "؟"])),
    st.tuples(st.just("tap"), st.integers(0, 2), st.sampled_from(["skip", "accept", "draft"])),
    st.tuples(st.just("junk"), st.integers(0, 1), st.just("")),
)  # fmt: skip


@pytest.mark.timeout(300)
@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(webhooks=st.lists(st.lists(ITEMS, min_size=1, max_size=3), min_size=1, max_size=8))
def test_a_batch_leaves_the_same_rows_as_one_item_after_the_other(stage: Stage, webhooks: list[list[Any]]):
    with transaction.atomic():
        message = stage.sent()
        rows.contact(stage.firm, name="ليلى", phone=f"+{LEILA}")
        owned(stage, rows.contact(stage.firm, name="هدى", phone=f"+{OWNED}"))
        on_the_phone(stage)
        wamids = [str(message.wamid), "wamid.OTHERS", "wamid.NOBODYS"]
        for number, items in enumerate(webhooks):
            put(stage, *(_value(stage, item, wamids, f"wamid.{number}.{at}") for at, item in enumerate(items)))
        found = []
        for way in (carry_out, carry_out_one_by_one):
            with transaction.atomic():
                way(stage)
                found.append(_rows())
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    assert found[0] == found[1]


def _value(stage: Stage, item: Any, wamids: list[str], wamid: str) -> Any:
    kind, who, word = item
    if kind == "status":
        return status(stage, wamids[who], word, code=131026 if word == "failed" else None)
    if kind == "text":
        return text(stage, word, by=who, wamid=wamid)
    if kind == "tap":
        return tap(stage, stage.showings()[who], word, wamid=wamid)
    if kind == "operator":
        value = text(stage, word, by=str(stage.operator.wa_id), wamid=wamid)
        if who:
            value["messages"][0]["from_user_id"] = stage.operator.bsuid
        return value
    return {"messages": [{"from": LEILA if who else 7, "id": wamid, "type": "text", "timestamp": "soon"}]}


_DRAWN = re.compile(r"\b(?:con|out|drf|cns|att|crd)_[0-9a-z]{15,}")
_WAITS = re.compile("cards_coming|nothing_open|which_one")
"""What an operator hears who only asks: it depends on what others wrote before, whose order is not fixed."""


def _rows() -> dict[str, list[Any]]:
    """Everything that may differ, without ids that are drawn by lot."""

    def of(query: Any, *columns: str) -> list[Any]:
        return sorted(_DRAWN.sub("id", repr(row)) for row in query.values_list(*columns))

    asked = InboundMessage.objects.filter(handled__regex=_WAITS.pattern).values_list("wamid", flat=True)
    said = OutboxMessage.objects.exclude(request_key__in=[f"answer:{wamid}" for wamid in asked])
    messages = of(InboundMessage.objects, "wamid", "contact__name", "operator", "kind", "text", "handled")
    return {
        "inbox": of(InboxRow.objects.all(), "id", "state", "errors"),
        "statuses": of(StatusEvent.objects, "wamid", "status", "recipient", "attempt", "failure_code", "details", "at"),
        "outbox": of(said, "request_key", "state", "status", "hold_code", "failure_code", "body"),
        "messages": [_WAITS.sub("waits", row) for row in messages],
        "contacts": of(Contact.objects, "name", "last_inbound_at", "expecting", "aliases__value"),
        "consents": of(ConsentEventRow.objects, "type", "at", "source", "categories"),
        "decisions": of(Decision.objects, "tap_key", "action", "answer"),
        "opportunities": of(Opportunity.objects, "external_key", "state", "owner"),
        "cards": of(Card.objects, "operator", "kind", "opportunity", "version", "closed_at", "showings__number"),
        "drafts": of(Draft.objects, "opportunity", "state", "version", "reshow_when_cured", "versions__text"),
    }


def test_the_columns_of_the_statement_are_the_models(stage: Stage):
    columns = {field.column for field in StatusEvent._meta.concrete_fields}
    assert set(status_batches.COLUMNS) == columns - {"id"}


def test_a_status_kept_in_a_batch_reads_as_one_kept_alone(stage: Stage, sent: OutboxMessage):
    errors = [{"code": 131060, "title": "x", "error_data": {"details": "ملاحظة"}}]
    item = status(stage, str(sent.wamid), "delivered", errors=errors, recipient_user_id="SA.1")
    found = []
    for way in (carry_out, carry_out_one_by_one):
        with transaction.atomic():
            put(stage, item)
            way(stage)
            found.append(StatusEvent.objects.values().get())
            transaction.set_rollback(True)
    for row in found:
        del row["id"]
    assert found[0] == found[1]
    assert found[0]["failure_code"] == 131060
