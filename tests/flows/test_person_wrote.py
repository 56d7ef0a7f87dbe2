"""Who wrote, under which address, and what must never fall between two rows of one person."""

import hashlib
import json
from typing import Any

import pytest

from tests import rows
from tests.flows.inbox_stage import put, text
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage, answer_to
from wakeel import clock
from wakeel.domain.stop_switches import Stop
from wakeel.flows import contact_replied, hold_unread
from wakeel.flows.confirm_identity import confirm_identity
from wakeel.flows.dispatch_outbox import recalled, record_not_sent
from wakeel.flows.enrol_operator import issue_code
from wakeel.flows.release_stop import release_stop
from wakeel.flows.settle_item import dismiss_item
from wakeel.flows.stop_sending import press
from wakeel.store.models import (
    ConsentEventRow,
    Contact,
    ContactAlias,
    DraftVersion,
    InboundMessage,
    InboxRow,
    OutboxMessage,
    StopSwitch,
)

HIDDEN = {"from_user_id": "SA.hidden1"}


def phone_of(contact: Contact) -> str:
    return ContactAlias.objects.get(contact=contact, kind="phone", valid_to=None).value.removeprefix("+")


def test_a_stop_counts_for_every_row_that_has_the_senders_address(stage: Stage):
    """First with a hidden phone, later with both ids: two records, proven to be one person, one will."""
    message = stage.approved()
    assert message.contact
    stage.says("السلام عليكم", by=rows.Contact(name="هي"), sender=HIDDEN)
    both = {"from": phone_of(message.contact), **HIDDEN}
    stage.says("إيقاف", by=rows.Contact(name="هي"), sender=both)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert ConsentEventRow.objects.filter(type="withdraw").count() == 1
    assert Contact.objects.filter(merged_into=None).count() == 1


def test_a_word_that_stops_is_no_wrong_code_while_somebody_enrols(stage: Stage):
    message = stage.approved()
    assert message.contact
    issue_code(rows.user("noura").pk)
    stage.says("arret pub", by=message.contact)
    message.refresh_from_db()
    assert message.state == "suppressed"


def test_an_operators_phone_without_its_id_may_stop_everything_and_decide_nothing(stage: Stage):
    draft = stage.accepted()
    unproven = {"from": stage.operator.wa_id}
    approve = stage.tap(f"msg:{draft.id}:approve", sender=unproven)
    assert approve.code == "unproven"
    assert approve.text
    assert not OutboxMessage.objects.filter(draft=draft).exists()
    assert not StopSwitch.objects.exists()
    assert stage.says("أوقف الكل", sender=unproven).code == "unproven"
    assert StopSwitch.objects.exists()
    assert not Contact.objects.filter(aliases__value=f"+{stage.operator.wa_id}").exists()


def test_an_operators_code_is_never_the_next_version(stage: Stage):
    draft = stage.accepted()
    assert stage.tap(f"msg:{draft.id}:edit").code == "ask_text"
    code = issue_code(stage.operator.user_id).code
    stage.says(code)
    assert DraftVersion.objects.filter(draft=draft).count() == 1
    assert not InboundMessage.objects.filter(text__contains=code).exists()


def test_an_operators_own_switch_for_offers_makes_no_contact(stage: Stage):
    who = {"wa_id": stage.operator.wa_id, "user_id": stage.operator.bsuid}
    item = who | {"category": "marketing_messages", "value": "stop", "timestamp": int(stage.now.timestamp())}
    stage.webhook({"contacts": [who], "user_preferences": [item]}, kind="user_preferences")
    assert not Contact.objects.exists()
    assert not ConsentEventRow.objects.exists()


def test_a_new_phone_of_the_same_person_replaces_the_old_one(stage: Stage):
    stage.says("أهلًا", by=rows.Contact(name="هند"), sender={"from": "966505550001", "from_user_id": "SA.hind1"})
    stage.says("رقمي الجديد", by=rows.Contact(name="هند"), sender={"from": "966505550002", "from_user_id": "SA.hind1"})
    contact = Contact.objects.get()
    assert phone_of(contact) == "966505550002"


def test_a_notice_never_gives_an_operators_number_to_a_contact(stage: Stage):
    contact = rows.contact(stage.firm)
    system = {"type": "user_changed_number", "wa_id": stage.operator.wa_id, "user_id": "SA.other9", "body": "x"}
    stage.system(system, sender={"from": phone_of(contact)})
    assert not ContactAlias.objects.filter(value=f"+{stage.operator.wa_id}").exists()


def test_what_could_not_be_read_holds_what_would_go_to_its_sender(stage: Stage):
    """It may have been a STOP (design section 2, walk 4); "send as it is" is a person's word."""
    message = stage.approved()
    assert message.contact
    item = {
        "from": phone_of(message.contact),
        "id": "wamid.BAD",
        "timestamp": "soon",
        "type": "text",
        "text": {"body": "x"},
    }
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": rows.NUMBER_ID}, "messages": [item]}
    entry = {"id": rows.WABA_ID, "changes": [{"field": "messages", "value": value}]}
    row = stored({"object": "whatsapp_business_account", "entry": [entry]})
    assert route_inbound(row.id, now=stage.now)
    row.refresh_from_db()
    message.refresh_from_db()
    assert row.state == "quarantined"
    assert (message.state, message.hold_code) == ("held", "UNREAD_MESSAGE")
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "released"


def test_what_was_leaving_when_something_could_not_be_read_is_not_sent_a_moment_later(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.wait(seconds=11)
    [leaving] = stage.claim()
    row = put(stage, {"messages": [unreadable(message.contact)]})
    assert route_inbound(row.id, now=stage.now)
    assert recalled([leaving]) == {leaving.attempt_id}
    record_not_sent([leaving.attempt_id], now=stage.now)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "UNREAD_MESSAGE")
    assert dismiss_item(row.id, "entry[0].changes[0].value.messages[0]", by="1", now=stage.now).leaving == 1
    assert message.id in [one.outbox_id for one in stage.deliver()]
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("accepted", "")


def test_what_is_approved_while_something_of_theirs_is_unread_waits_until_somebody_looked(stage: Stage):
    draft = stage.accepted()
    row = put(stage, {"messages": [unreadable(draft.contact)]})
    assert route_inbound(row.id, now=stage.now)
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    message = OutboxMessage.objects.get(draft=draft)
    assert (message.state, message.hold_code) == ("held", "UNREAD_MESSAGE")
    assert stage.tap(f"msg:{draft.id}:approve").code == "released"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_releasing_the_stop_switch_does_not_let_go_what_is_unread(stage: Stage):
    message = stage.approved()
    assert message.contact
    press(stage.firm.business.id, "7", now=stage.now)
    row = put(stage, {"messages": [unreadable(message.contact)]})
    assert route_inbound(row.id, now=stage.now)
    release_stop(Stop.of_business(stage.firm.business.id), send=True, now=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "UNREAD_MESSAGE")
    assert dismiss_item(row.id, "entry[0].changes[0].value.messages[0]", by="1", now=stage.now).leaving == 1
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_what_left_all_the_same_is_held_for_nothing(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.wait(seconds=11)
    [leaving] = stage.claim()
    assert route_inbound(put(stage, {"messages": [unreadable(message.contact)]}).id, now=stage.now)
    stage.record(leaving)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("accepted", "")


def test_what_cannot_be_shown_is_held_and_its_neighbours_go_on(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """A card that cannot be made may be the very fault that the item met."""
    message = stage.approved()
    assert message.contact

    def fails(*arguments: Any, **named: Any) -> None:
        raise ValueError("no")

    for module in (contact_replied, hold_unread):
        monkeypatch.setattr(module, "show_as_it_is", fails)
    said = [text(stage, "لحظة", by=phone_of(message.contact), wamid="wamid.A")]
    said.append(text(stage, "إيقاف", by="966507770001", wamid="wamid.STOP"))
    row = put(stage, *said)
    assert route_inbound(row.id, now=stage.now)
    row.refresh_from_db()
    message.refresh_from_db()
    assert (row.state, message.state, message.hold_code) == ("quarantined", "held", "UNREAD_MESSAGE")
    assert InboundMessage.objects.get(wamid="wamid.STOP").handled == "withdraw_all"


def unreadable(contact: Contact) -> dict[str, Any]:
    return {
        "from": phone_of(contact), "id": "wamid.BAD", "timestamp": "soon", "type": "text", "text": {"body": "x"}
    }  # fmt: skip


def test_a_large_body_is_carried_out_whole_and_once(stage: Stage):
    """In several commits; the same items again in another body change nothing."""
    people = 11
    items = [
        {"from": f"96650777{n:04d}", "id": f"wamid.MANY{n}", "timestamp": str(int(stage.now.timestamp())),
         "type": "text", "text": {"body": "إيقاف"}}
        for n in range(people)
    ]  # fmt: skip
    stage.webhook({"messages": items})
    stage.webhook({"messages": list(reversed(items))})
    assert Contact.objects.count() == people
    assert ConsentEventRow.objects.filter(type="withdraw").count() == people


@pytest.mark.parametrize("waited", [0, 24])
def test_what_an_identity_held_goes_on_when_it_is_confirmed_within_a_day(stage: Stage, waited: int):
    """Approved for that person, word for word; after a day the text is asked about again."""
    message = stage.approved()
    assert message.contact
    assert message.draft
    changed = {"type": "customer_identity_changed", "body": "x"}
    stage.system(changed, sender={"from": phone_of(message.contact)})
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "IDENTITY_HOLD")
    stage.wait(hours=waited)
    stage.says("مرحبا")  # the operator's own window
    assert confirm_identity(stage.operator.id, message.contact.id, now=stage.now).carried_out
    stage.deliver()
    assert stage.to_contacts() == ([] if waited else [rows.DRAFT_TEXT])
    message.draft.refresh_from_db()
    assert message.draft.state == ("awaiting_approval" if waited else "approved")


@pytest.mark.parametrize("again", [False, True])
def test_one_wamid_is_answered_once(stage: Stage, again: bool):
    stage.says("مرحبا", wamid="wamid.ONCE")
    if again:
        stage.says("مرحبا", wamid="wamid.ONCE")
    assert answer_to("wamid.ONCE").code == "nothing_open"
    assert len(stage.told()) == 1


def stored(body: object) -> InboxRow:
    raw = json.dumps(body).encode()
    return InboxRow.objects.create(digest=hashlib.sha256(raw).digest(), body=raw, received_at=clock.real_now())
