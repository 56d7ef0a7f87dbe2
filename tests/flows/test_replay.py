"""Stored webhooks through today's code once more: nothing is done twice, nothing that waited is forgotten."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import rows
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Json, Stage
from wakeel.domain.audit import Action, login
from wakeel.domain.events import Malformed
from wakeel.domain.fixed_texts import Intent
from wakeel.domain.inbox_notes import Note
from wakeel.domain.stop_switches import Stop
from wakeel.flows import hold_unread
from wakeel.flows import replay_item as replaying
from wakeel.flows.fixed_text import approve as approve_text
from wakeel.flows.release_stop import release_stop
from wakeel.flows.replay import Kind, Replayed, replay
from wakeel.flows.replay_item import Outcome
from wakeel.flows.settle_item import SETTLED_WORDS, ItemAnswer, Settled, dismiss_item, replay_item
from wakeel.flows.show_card import fill_cards
from wakeel.flows.stop_sending import press
from wakeel.store import raw_bodies
from wakeel.store.models import (
    Approval,
    AuditEntry,
    ConsentEventRow,
    Contact,
    ContactAlias,
    InboundMessage,
    InboxRow,
    OutboxMessage,
    PlatformEventRow,
    StopSwitch,
    Template,
)
from wakeel.whatsapp.webhook import UnreadableBody, decode

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "whatsapp").glob("*.json"))
BY = "7"
MARK = "+966509998887"
LONG_AGO = datetime(2020, 1, 1, tzinfo=rows.T0.tzinfo)


def everything() -> dict[str, list[Json]]:
    """Every row of every table of ours; of the inbox what was found in it, not when."""
    found = {}
    for model in apps.get_app_config("store").get_models():
        found[model.__name__] = list(model.objects.order_by("pk").values())
    del found["KeyCheck"]  # written when a key is first used
    for row in found["InboxRow"]:
        del row["processed_at"], row["attempts"], row["next_try_at"]
    return found


def body_of(change: Json) -> bytes:
    entry = {"id": rows.WABA_ID, "time": int(rows.T0.timestamp()), "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def messages(*items: Json, number: str = rows.NUMBER_ID) -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, "messages": list(items)}
    return body_of({"field": "messages", "value": value})


def text_from(phone: str, said: str, *, wamid: str, at: datetime = rows.T0) -> Json:
    return {"from": phone, "id": wamid, "timestamp": str(int(at.timestamp())), "type": "text", "text": {"body": said}}


def broken_from(phone: str, *, wamid: str = "wamid.BROKEN") -> Json:
    """Whose it is can be read; what it says cannot."""
    return text_from(phone, "x", wamid=wamid) | {"timestamp": "yesterday"}


def stored(body: bytes, *, at: datetime = rows.T0, state: str = "done", errors: list[Note] | None = None) -> InboxRow:
    return InboxRow.objects.create(
        digest=hashlib.sha256(body).digest(), body=body, received_at=at, state=state, errors=errors or []
    )


def arrived(stage: Stage, body: bytes) -> InboxRow:
    """As the worker leaves it, whatever was wrong with it."""
    row = stored(body, at=stage.now, state="received")
    while not route_inbound(row.pk, now=stage.now):
        stage.wait(seconds=1)
    row.refresh_from_db()
    return row


def again(stage: Stage, **asked: Any) -> Replayed:
    stage.wait(seconds=1)
    return replay(**{"since": LONG_AGO, "now": stage.now, **asked})


def try_again(stage: Stage, row: InboxRow, path: str, *, by: str = BY) -> ItemAnswer:
    """The button of the page."""
    return replay_item(stage.firm.business.id, row.pk, path, by=by, now=stage.now)


def outcomes(done: Replayed) -> dict[Outcome, int]:
    return {outcome: done.total(outcome) for outcome in Outcome if done.total(outcome)}


@pytest.fixture
def lived(stage: Stage) -> Stage:
    """A day in which everything happened that a webhook can tell."""
    for intent in Intent:
        approve_text(stage.firm.business.id, intent, by="admin", now=stage.now)
    person = stage.person(phone="+966509722233")
    message = stage.sent(person)
    attempt = message.attempts.get()
    for status in ("sent", "delivered", "read"):
        stage.status(str(message.wamid), status, attempt_id=attempt.id, to="966509722233")
    stage.status("wamid.NOTOURS", "delivered")
    stage.says("شكرًا، اتصل بي غدًا", by=person.contact)
    stage.says("ابدأ", by=person.contact)
    stage.deliver()
    stage.says("نعم", by=person.contact)
    stage.deliver()
    refused = stage.sent(stage.person(key="k2", name="هند", phone="+966509722244"))
    stage.status(str(refused.wamid), "failed", attempt_id=refused.attempts.get().id, code=131026, to="966509722244")
    stopped = stage.sent(stage.person(key="k3", name="نورة", phone="+966509722255"))
    stage.status(str(stopped.wamid), "failed", attempt_id=stopped.attempts.get().id, code=131050, to="966509722255")
    waiting = stage.approved(stage.person(key="k4", name="ليلى", phone="+966509722266"))
    stage.says("إيقاف", by=waiting.contact)
    stage.says("لا تراسلوني مرة أخرى", by=refused.contact)
    switched = rows.contact(stage.firm, "سلمى", phone="+966509722277")
    rows.grant(switched)
    stage.preference(switched, "stop")
    stage.wait(seconds=5)
    stage.preference(switched, "resume")
    moved = rows.contact(stage.firm, "ريم", phone="+966509722288")
    rows.grant(moved)
    stage.system({"type": "user_changed_number", "wa_id": "966509722299"}, sender={"from": "966509722288"})
    skipped = stage.person(key="k5", name="منى", phone="+966509722211")
    stage.show_cards()
    stage.tap(f"opp:{skipped.id}:skip")
    stage.sends_image(by=person.contact)
    stage.says("مرحبا")
    stage.says("أوقف الكل")
    release_stop(Stop.of_business(stage.firm.business.id), send=True, now=stage.now)
    for sample in SAMPLES:
        arrived(stage, sample.read_bytes())
    stage.deliver()
    for filled in (InboundMessage, PlatformEventRow, Template, OutboxMessage):
        assert filled.objects.exists()
    StopSwitch.objects.all().delete()
    return stage


def test_a_replay_of_everything_changes_nothing_at_all(lived: Stage):
    """No second answer, no window moved, no switch pressed that a person released, no note changed. Nor does a dry run,
    which tells the same."""
    before = everything()
    dry = again(lived, dry_run=True)
    assert everything() == before
    done = again(lived)
    after = everything()
    for table, was in before.items():
        assert after[table] == was, table
    assert done.counts == dry.counts
    assert done.bodies == InboxRow.objects.count()
    assert done.total(Outcome.CARRIED_OUT) == 0
    assert done.total(Outcome.DONE_BEFORE) > 100
    assert {Kind.TEXTS, Kind.TAPS, Kind.STATUSES, Kind.PREFERENCES, Kind.IDENTITY, Kind.ECHOES, Kind.TEMPLATES,
            Kind.ACCOUNT, Kind.OTHER_MESSAGES, Kind.UNKNOWN} <= set(done.counts)  # fmt: skip


def test_what_was_done_is_looked_up_for_many_at_once(stage: Stage):
    """One by one a day of statuses would take hours."""
    for number in range(30):
        stage.status(f"wamid.{number}", "delivered", to="966509722233")
        stage.says("شكرًا", by=stage.operator)
    with CaptureQueriesContext(connection) as asked:
        assert outcomes(again(stage)) == {Outcome.DONE_BEFORE: 60}
    for table in ("status_event", "inbound_message"):
        assert sum(f'FROM "{table}"' in query["sql"] for query in asked) == 2, table


def test_the_same_status_of_another_recipient_is_news(stage: Stage):
    stage.status("wamid.GROUP", "delivered", to="966509722233")
    status = {"id": "wamid.GROUP", "status": "delivered", "timestamp": "1790000000", "recipient_id": "966509722244"}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": rows.NUMBER_ID}, "statuses": [status]}
    stored(body_of({"field": "messages", "value": value}))
    assert outcomes(again(stage)) == {Outcome.DONE_BEFORE: 1, Outcome.CARRIED_OUT: 1}


def test_what_the_worker_carries_out_again_changes_nothing_either(lived: Stage):
    """Each effect has its own key in the database: a replay that did not look first would do no harm."""
    before = everything()
    ids = list(InboxRow.objects.order_by("id").values_list("id", flat=True))
    InboxRow.objects.update(state="received", errors=[], next_try_at=None)
    for row_id in ids:
        while not route_inbound(row_id, now=lived.now):
            lived.wait(seconds=1)
    after = everything()
    del before["SendingNumber"], after["SendingNumber"]  # when the last webhook was seen
    for table, was in before.items():
        assert after[table] == was, table


def test_what_an_earlier_version_did_not_act_on_is_carried_out_once(stage: Stage):
    note = {"kind": "unrecognised", "path": "entry[0].changes[0].value.messages[0]", "error": "messages: text"}
    stored(messages(text_from("966509722233", "السلام عليكم", wamid="wamid.OLD")), errors=[note])
    assert outcomes(again(stage, dry_run=True)) == {Outcome.CARRIED_OUT: 1}
    assert not InboundMessage.objects.exists()
    assert outcomes(again(stage)) == {Outcome.CARRIED_OUT: 1}
    assert InboundMessage.objects.get().text == "السلام عليكم"
    assert InboxRow.objects.get().errors == []
    assert outcomes(again(stage)) == {Outcome.DONE_BEFORE: 1}


def test_a_dry_run_counts_a_message_that_came_in_two_bodies_once(stage: Stage):
    """As the run itself would: its second arrival is done before."""
    one = text_from("966509722233", "السلام عليكم", wamid="wamid.TWICE")
    stored(messages(one))
    stored(messages(one, text_from("966509722233", "وبعد", wamid="wamid.MORE")))
    dry = again(stage, dry_run=True)
    assert outcomes(dry) == {Outcome.CARRIED_OUT: 2, Outcome.DONE_BEFORE: 1}
    assert again(stage).counts == dry.counts


def test_an_old_approval_that_was_never_carried_out_is_answered_as_late(stage: Stage):
    draft = stage.accepted()
    on = stage.showing_of(f"msg:{draft.id}:approve")
    tap = {
        **stage.sender_of(stage.operator), "id": "wamid.LATE", "timestamp": str(int(stage.now.timestamp())),
        "type": "interactive", "context": {"from": "966110000001", "id": on},
        "interactive": {"type": "button_reply", "button_reply": {"id": f"msg:{draft.id}:approve", "title": "اعتماد"}},
    }  # fmt: skip
    stored(messages(tap), at=stage.now)
    stage.wait(minutes=31)
    assert again(stage).total(Outcome.CARRIED_OUT) == 1
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    assert not Approval.objects.exists()
    assert InboundMessage.objects.get(wamid="wamid.LATE").handled == "late"


def test_a_tap_does_not_wait_for_a_card_that_is_leaving_now(stage: Stage):
    """What is replayed is no moment old: the card it names left long ago."""
    stage.person()
    rows.opportunity(stage.firm, Contact.objects.get(), key="k2")
    fill_cards(stage.operator, now=stage.now)
    assert stage.claim()
    tap = {
        **stage.sender_of(stage.operator), "id": "wamid.UNBOUND", "timestamp": str(int(stage.now.timestamp())),
        "type": "interactive", "context": {"from": "966110000001", "id": "wamid.NOBODYS"},
        "interactive": {"type": "button_reply", "button_reply": {"id": "opp:opp_1:accept", "title": "قبول"}},
    }  # fmt: skip
    stored(messages(tap), at=stage.now)
    assert outcomes(again(stage)) == {Outcome.CARRIED_OUT: 1}


def test_a_stop_counts_however_late_it_is_found(stage: Stage):
    message = stage.approved()
    stop = text_from("966509722233", "إيقاف", wamid="wamid.STOP", at=stage.now)
    stored(messages(stop), at=stage.now, errors=[])
    stage.wait(hours=30)
    again(stage)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert ConsentEventRow.objects.filter(type="withdraw").count() == 1


def test_rows_the_worker_has_not_carried_out_are_left_to_it(stage: Stage):
    row = stored(messages(text_from("966509722233", "السلام عليكم", wamid="wamid.NEW")), state="received")
    assert again(stage).bodies == 0
    row.refresh_from_db()
    assert row.state == "received"
    assert not InboundMessage.objects.exists()


def test_only_the_span_and_the_field_that_were_asked_for(stage: Stage):
    early = stored(messages(text_from("966509722233", "أول", wamid="wamid.1")), at=stage.now - timedelta(hours=3))
    status = {"id": "wamid.S", "status": "sent", "timestamp": "1790000000", "recipient_id": "966509722233"}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": rows.NUMBER_ID}, "statuses": [status]}
    stored(body_of({"field": "messages", "value": value}), at=stage.now)
    ask = {"dry_run": True}
    assert again(stage, since=early.received_at + timedelta(seconds=1), **ask).counts.keys() == {Kind.STATUSES}
    assert again(stage, until=early.received_at, **ask).bodies == 0
    assert again(stage, until=early.received_at + timedelta(seconds=1), **ask).counts.keys() == {Kind.TEXTS}
    assert again(stage, field="statuses", **ask).counts.keys() == {Kind.STATUSES}
    assert again(stage, field="messages", **ask).counts.keys() == {Kind.TEXTS, Kind.STATUSES}
    assert again(stage, field="user_preferences", **ask).bodies == 0


def test_what_still_fails_is_not_held_back_a_second_time(stage: Stage):
    """The person may have been asked since, and the message approved again: only a first failure holds it."""
    message = stage.approved()
    row = arrived(stage, messages(broken_from("966509722233")))
    message.refresh_from_db()
    assert (row.state, message.state, message.hold_code) == ("quarantined", "held", "UNREAD_MESSAGE")
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "released"
    before = everything()
    done = again(stage)
    assert (done.total(Outcome.QUARANTINED), done.total(Outcome.CARRIED_OUT)) == (1, 0)
    assert everything() == before


def test_another_numbers_item_is_carried_out_once_the_number_is_ours(stage: Stage):
    row = arrived(stage, messages(text_from("966509722233", "هلا", wamid="wamid.X"), number="105500000000077"))
    assert [note["kind"] for note in row.errors] == ["not_ours"]
    assert outcomes(again(stage)) == {Outcome.NOT_OURS: 1}
    rows.SendingNumber.objects.create(
        phone_number_id="105500000000077", business=stage.firm.business, waba_id=rows.WABA_ID, display_phone="9661"
    )
    assert outcomes(again(stage)) == {Outcome.CARRIED_OUT: 1}
    row.refresh_from_db()
    assert (row.state, [note["kind"] for note in row.errors]) == ("done", ["replayed"])


def faulty(monkeypatch: pytest.MonkeyPatch, *wamids: str) -> Callable[[], None]:
    """A fault of ours in what people say; call the answer to mend it."""
    from wakeel.flows import route_item

    whole = route_item.person_wrote

    def broken(event: Any, *given: Any, **more: Any) -> None:
        if not wamids or event.wamid in wamids:
            raise LookupError(event.text)
        whole(event, *given, **more)

    monkeypatch.setattr(route_item, "person_wrote", broken)
    return lambda: monkeypatch.setattr(route_item, "person_wrote", whole)


PLACE = "entry[0].changes[0].value.messages[{}]"


def test_a_quarantined_item_is_carried_out_once_its_fault_is_gone(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Its held message shows their words to the operator; the item's neighbours are left alone."""
    message = stage.approved()
    mend = faulty(monkeypatch, "wamid.B")
    row = arrived(stage, messages(
        text_from("966501110002", "أنا بخير", wamid="wamid.A"), text_from("966509722233", "سر بيننا", wamid="wamid.B"),
    ))  # fmt: skip
    assert row.state == "quarantined"
    assert "سر" not in json.dumps(row.errors, ensure_ascii=False)
    assert try_again(stage, row, PLACE.format(1)).what is Settled.STILL_FAILS
    mend()
    told = len(stage.told())
    assert try_again(stage, row, PLACE.format(1)).what is Settled.CARRIED_OUT
    row.refresh_from_db()
    message.refresh_from_db()
    [note] = row.errors
    assert (row.state, note["kind"], note["by"], note["was"]) == ("done", "replayed", BY, "fault")
    assert datetime.fromisoformat(note["at"]) == stage.now
    assert (message.state, message.hold_code) == ("held", "CONTACT_REPLIED")
    assert try_again(stage, row, PLACE.format(1), by="8").what is Settled.ALREADY
    logged = AuditEntry.objects.filter(action=Action.WEBHOOK_SETTLED, subject=str(row.pk)).order_by("seq")
    assert [(one.by, one.after) for one in logged] == [
        (login(BY), '{"done":"still_fails"}'), (login(BY), '{"done":"carried_out"}'),
    ]  # fmt: skip
    assert InboundMessage.objects.filter(wamid="wamid.B").count() == 1
    assert len(stage.told()) == told
    row.refresh_from_db()
    assert row.errors == [note]


def test_a_row_stays_quarantined_while_one_of_its_items_still_fails(stage: Stage):
    row = arrived(stage, messages(broken_from("966501110002"), broken_from("966509722233", wamid="wamid.2")))
    assert dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now).what is Settled.DISMISSED
    row.refresh_from_db()
    assert row.state == "quarantined"
    dismiss_item(row.pk, PLACE.format(1), by=BY, now=stage.now)
    row.refresh_from_db()
    assert row.state == "done"
    assert [(note["kind"], note["by"]) for note in row.errors] == [("dismissed", BY)] * 2


def test_putting_an_item_aside_lets_unchanged_messages_go_on(stage: Stage):
    message = stage.approved()
    row = arrived(stage, messages(broken_from("966509722233")))
    answer = dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now)
    message.refresh_from_db()
    assert (answer.leaving, answer.asked, message.state, message.hold_code) == (1, 0, "pending", "")
    assert all("1" in answer.say(language) for language in ("ar", "en"))
    assert dismiss_item(row.pk, PLACE.format(0), by="8", now=stage.now).what is Settled.ALREADY


def test_nothing_goes_on_while_another_item_of_the_same_person_waits(stage: Stage):
    message = stage.approved()
    first = arrived(stage, messages(broken_from("966509722233")))
    second = arrived(stage, messages(broken_from("966509722233", wamid="wamid.SECOND")))
    assert dismiss_item(first.pk, PLACE.format(0), by=BY, now=stage.now).leaving == 0
    message.refresh_from_db()
    assert message.state == "held"
    assert dismiss_item(second.pk, PLACE.format(0), by=BY, now=stage.now).leaving == 1


def test_nothing_goes_on_when_more_waits_than_is_looked_through(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hold_unread, "LOOKED_THROUGH", 1)
    stage.approved()
    row = arrived(stage, messages(broken_from("966509722233")))
    arrived(stage, messages(broken_from("966501110002", wamid="wamid.2")))
    arrived(stage, messages(broken_from("966501110003", wamid="wamid.3")))
    assert dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now).leaving == 0


def test_what_names_no_number_of_ours_keeps_nothing_back(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Hundreds of them, from an account set up wrong, would hold everybody's messages for ever."""
    monkeypatch.setattr(hold_unread, "LOOKED_THROUGH", 1)
    stage.approved()
    row = arrived(stage, messages(broken_from("966509722233")))
    note = {"kind": "not_ours", "path": PLACE.format(0), "error": "no number of ours"}
    for place in range(3):
        InboxRow.objects.create(
            digest=bytes([place]) * 32, body=b"{}", received_at=stage.now, state="quarantined", errors=[note]
        )
    assert dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now).leaving == 1


def test_a_message_whose_approval_ended_meanwhile_is_asked_again(stage: Stage):
    message = stage.approved()
    row = arrived(stage, messages(broken_from("966509722233")))
    stage.wait(hours=25)
    answer = dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now)
    message.refresh_from_db()
    assert (answer.leaving, answer.asked, message.state) == (0, 1, "suppressed")


def test_what_a_person_put_aside_stays_so_when_it_still_fails(stage: Stage):
    row = arrived(stage, messages(broken_from("966509722233")))
    dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now)
    before = everything()
    assert outcomes(again(stage)) == {Outcome.DISMISSED: 1}
    assert everything() == before


def test_what_a_person_put_aside_is_carried_out_when_it_can_be(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """It may have been a STOP that nobody could see."""
    mend = faulty(monkeypatch)
    row = arrived(stage, messages(text_from("966509722233", "إيقاف", wamid="wamid.HIDDEN")))
    dismiss_item(row.pk, PLACE.format(0), by=BY, now=stage.now)
    mend()
    assert outcomes(again(stage)) == {Outcome.CARRIED_OUT: 1}
    row.refresh_from_db()
    assert [(note["kind"], note["by"]) for note in row.errors] == [("replayed", "wakeel replay")]
    assert ConsentEventRow.objects.filter(type="withdraw").exists()


def test_a_body_of_which_nothing_could_be_read_can_be_tried_again(stage: Stage):
    row = arrived(stage, b'{"object": "whatsapp_business_account", "entry": [')
    assert (row.state, row.errors[0]["kind"]) == ("quarantined", "unreadable")
    assert try_again(stage, row, "").what is Settled.STILL_FAILS
    assert outcomes(again(stage)) == {Outcome.QUARANTINED: 1}
    raw_bodies.rewrite(row, messages(text_from("966509722233", "هلا", wamid="wamid.W")), errors=row.errors)
    assert try_again(stage, row, "").what is Settled.CARRIED_OUT
    row.refresh_from_db()
    assert (row.state, [note["kind"] for note in row.errors]) == ("done", ["replayed"])
    assert InboundMessage.objects.get().wamid == "wamid.W"


def test_a_body_that_does_not_open_is_counted_and_left_as_it_is(stage: Stage):
    row = stored(messages(text_from("966509722233", "هلا", wamid="wamid.W")))
    raw_bodies.rewrite(row, raw_bodies.opened(row), errors=[])
    InboxRow.objects.update(key_epoch=99)
    before = everything()
    assert outcomes(again(stage)) == {Outcome.SEALED: 1}
    assert everything() == before


def test_a_quarantined_body_that_does_not_open_says_so_to_whoever_tries_it(stage: Stage):
    row = arrived(stage, b'{"object": "whatsapp_business_account", "entry": [')
    raw_bodies.rewrite(row, raw_bodies.opened(row), errors=row.errors)
    InboxRow.objects.update(key_epoch=99)
    answer = try_again(stage, row, "")
    assert (answer.what, answer.changed) == (Settled.SEALED, False)
    assert "key file" in answer.say("en")
    assert "المفتاح" in answer.say("ar")
    row.refresh_from_db()
    assert row.state == "quarantined"


def test_every_answer_about_an_item_has_words_in_both_languages():
    assert SETTLED_WORDS.keys() == set(Settled)


def test_a_person_whose_data_is_destroyed_meanwhile_is_not_brought_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    """The body was read, then rewritten without them, then the item's turn came."""
    theirs = text_from("966509722233", "أنا", wamid="wamid.GONE")
    others = text_from("966501110002", "هلا", wamid="wamid.STAYS")
    row = stored(messages(theirs, others))
    route, happened = replaying.businesses.route, []

    def erased_meanwhile(*key: Any) -> Any:
        if not happened:
            happened.append(raw_bodies.rewrite(row, messages(others), errors=[]))
        return route(*key)

    monkeypatch.setattr(replaying.businesses, "route", erased_meanwhile)
    assert outcomes(again(stage)) == {Outcome.CARRIED_OUT: 1}
    assert [kept.wamid for kept in InboundMessage.objects.all()] == ["wamid.STAYS"]
    assert not ContactAlias.objects.filter(value="+966509722233").exists()


@pytest.mark.parametrize("behind", [0, 2])
def test_an_item_that_moved_in_its_body_is_still_found(stage: Stage, monkeypatch: pytest.MonkeyPatch, behind: int):
    """Erasing its neighbour takes the neighbour's item out of the body: what was noted names the old place.

    behind: items after it, so that another one stands there now.
    """
    mend = faulty(monkeypatch, "wamid.STAYS")
    kept = [text_from("966501110002", "إيقاف", wamid="wamid.STAYS")]
    kept += [text_from("966501110003", "هلا", wamid=f"wamid.{number}") for number in range(behind)]
    row = arrived(stage, messages(text_from("966509722233", "أنا", wamid="wamid.GONE"), *kept))
    raw_bodies.rewrite(row, messages(*kept), errors=row.errors)
    mend()
    assert try_again(stage, row, PLACE.format(1)).what is Settled.CARRIED_OUT
    row.refresh_from_db()
    assert (row.state, [note["kind"] for note in row.errors]) == ("done", ["replayed"])
    assert InboundMessage.objects.filter(wamid="wamid.STAYS").exists()


def test_a_switch_that_a_person_released_is_not_pressed_again(stage: Stage):
    stage.says("أوقف الكل")
    release_stop(Stop.of_business(stage.firm.business.id), send=False, now=stage.now)
    again(stage)
    assert not StopSwitch.objects.exists()
    press(stage.firm.business.id, "admin", now=stage.now)
    again(stage)
    assert StopSwitch.objects.get().pressed_by == "admin"


def test_a_repeated_turn_of_the_switch_does_not_reach_who_got_the_number_since(stage: Stage):
    """A stop said from an address is not the will of its next owner."""
    before = rows.contact(stage.firm, "الأول", bsuid="SA.first")
    stage.preference(before, "stop")
    ContactAlias.objects.filter(contact=before).update(valid_to=stage.now)
    ContactAlias.objects.create(
        business=stage.firm.business, contact=(after := Contact.objects.create(
            business=stage.firm.business, name="الثاني", created_at=stage.now)),
        kind="phone", value="+966509722233", valid_from=stage.now,
    )  # fmt: skip
    InboxRow.objects.update(state="received")
    assert route_inbound(InboxRow.objects.get().pk, now=stage.now)
    again(stage)
    assert not ConsentEventRow.objects.filter(payload__contact=after).exists()


def leaves(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value that holds no further places: its holder and its key there."""
    match value:
        case dict():
            pairs = list(value.items())
        case list():
            pairs = list(enumerate(value))
        case _:
            return []
    return [place for key, item in pairs for place in (leaves(item) or [(value, key)])]


def test_what_is_noted_of_an_item_never_repeats_what_it_holds():
    """A phone number, a name or a text at the wrong place must not reach the notes, which outlive the body."""
    seen = 0
    for sample in SAMPLES:
        raw = sample.read_bytes()
        for place in range(len(leaves(json.loads(raw)))):
            for mark in (MARK, {MARK: "x"}, [MARK]):
                body = json.loads(raw)
                holder, key = leaves(body)[place]
                holder[key] = mark
                try:
                    noted = [event.error for event in decode(json.dumps(body).encode()) if isinstance(event, Malformed)]
                except UnreadableBody as unreadable:
                    noted = [str(unreadable)]
                seen += len(noted)
                assert "50999888" not in "".join(noted), (sample.name, key)
    assert seen > 500
