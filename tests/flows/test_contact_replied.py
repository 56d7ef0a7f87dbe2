"""A contact writes: the window opens, unsent approved messages wait for the operator, answers reach their owner."""

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.stop_switches import Stop
from wakeel.flows import release_stop, stop_sending
from wakeel.store.models import Approval, Contact, InboundMessage


def test_an_unsent_message_is_held_and_shown_once_with_the_reply(stage: Stage):
    message = stage.approved()
    assert message.contact
    before = len(stage.showings())
    stage.says("انتظروا حتى الخميس", by=message.contact)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "CONTACT_REPLIED")
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []
    (card, *_) = stage.showings()
    assert len(stage.showings()) == before + 1
    assert "انتظروا حتى الخميس" in card.outbox.body["interactive"]["body"]["text"]
    titles = [button["reply"]["title"] for button in card.outbox.body["interactive"]["action"]["buttons"]]
    assert titles == ["أرسل كما هي", "تعديل", "إلغاء"]


def test_a_second_reply_makes_the_card_of_the_first_one_old(stage: Stage):
    """Each word of theirs is read before "send as it is": a card or page older than the newest one decides nothing."""
    message = stage.approved()
    assert message.contact
    stage.says("انتظروا حتى الخميس", by=message.contact)
    stage.deliver()
    first = stage.showing_of(f"msg:{message.draft_id}:approve")
    stage.wait(seconds=2)
    stage.says("بل بعد العيد أفضل", by=message.contact)
    stage.deliver()
    (card, *_) = stage.showings()
    assert "بل بعد العيد أفضل" in card.outbox.body["interactive"]["body"]["text"]
    assert stage.tap(f"msg:{message.draft_id}:approve", on=first).code == "stale"
    message.refresh_from_db()
    assert message.state == "held"


def test_send_as_it_is_releases_the_same_message(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.says("لحظة", by=message.contact)
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "released"
    stage.wait(seconds=9)
    stage.deliver()
    assert stage.to_contacts() == []
    stage.wait(seconds=2)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]
    assert Approval.objects.filter(revoked_at=None).count() == 1
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "already_left"


def test_after_the_reply_it_can_be_cancelled_or_rewritten(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.says("لحظة", by=message.contact)
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:edit").code == "ask_text"
    stage.says("نص يناسب رده")
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == ["نص يناسب رده" + rows.ADDED_LINES]


def test_a_second_tap_on_the_old_card_does_not_release_what_was_never_read(stage: Stage):
    """A double tap whose second half comes after the reply: the reply's own card must have been on the phone."""
    message = stage.approved()
    assert message.contact
    old = stage.showing_of(f"msg:{message.draft_id}:approve")
    stage.wait(seconds=1)
    stage.says("ليس قبل الخميس لو سمحتم", by=message.contact)
    assert stage.tap(f"msg:{message.draft_id}:approve", on=old).code == "stale"
    assert stage.says("اعتماد", quoting=old).code == "stale"
    assert stage.says("اعتماد").code == "cards_coming"
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


def test_a_message_stopped_by_the_switch_also_waits_for_the_reply_to_be_read(stage: Stage):
    """Releasing the switch must not send past an answer that nobody read."""
    message = stage.approved()
    assert message.contact
    stop_sending.press(message.business_id, "u1", now=stage.now)
    stage.says("غيّرت رأيي", by=message.contact)
    release_stop.release_stop(Stop.of_business(message.business_id), send=True, now=stage.now)
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []
    message.refresh_from_db()
    assert message.hold_code == "CONTACT_REPLIED"


def test_an_answer_to_what_we_sent_reaches_its_owner(stage: Stage):
    message = stage.sent()
    assert message.contact
    assert message.draft
    stage.says("نعم يناسبني", by=message.contact)
    stage.deliver()
    assert "نعم يناسبني" in stage.phone()[-1]
    message.draft.opportunity.refresh_from_db()
    assert message.draft.opportunity.state == "replied"


def test_a_closed_window_is_cured_by_a_message_and_the_draft_shown_once(stage: Stage):
    opportunity = stage.person(last_inbound_at=rows.T0 - 2 * rows.DAY)
    draft = stage.accepted(opportunity)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    before = len(stage.showings())
    stage.says("السلام عليكم", by=opportunity.contact)
    stage.says("هل من جديد؟", by=opportunity.contact)
    stage.deliver()
    assert len(stage.showings()) == before + 1
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_a_reaction_opens_no_window(stage: Stage):
    contact = rows.contact(stage.firm, last_inbound_at=None)
    sender = stage.sender_of(contact)
    message = {"id": "wamid.R", "timestamp": str(int(stage.now.timestamp())), "type": "reaction"}
    stage.webhook({"messages": [sender | message | {"reaction": {"message_id": "wamid.X", "emoji": "👍"}}]})
    contact.refresh_from_db()
    assert contact.last_inbound_at is None


def test_the_window_never_goes_back_and_never_into_the_future(stage: Stage):
    """Webhooks come in any order, and a clock may be ahead."""
    contact = rows.contact(stage.firm)
    stage.says("ب", by=contact, sent_at=stage.now + rows.HOUR)
    contact.refresh_from_db()
    assert contact.last_inbound_at == stage.now
    stage.says("أ", by=contact, sent_at=stage.now - rows.HOUR)
    contact.refresh_from_db()
    assert contact.last_inbound_at == stage.now


def test_somebody_new_is_kept_once_however_they_are_known(stage: Stage):
    """First by phone, then with a BSUID, then by BSUID alone."""
    nobody = rows.contact(stage.firm, phone=None, bsuid="SA.unused")
    for sender in (
        {"from": "966509000001"},
        {"from": "966509000001", "from_user_id": "SA.n1"},
        {"from_user_id": "SA.n1"},
    ):
        stage.says("مرحبا", by=nobody, sender=sender)
    kept = {row.contact_id for row in InboundMessage.objects.all()}
    assert len(kept) == 1
    assert Contact.objects.get(pk=kept.pop()).aliases.filter(valid_to=None).count() == 2


def test_a_number_with_another_bsuid_is_another_person(stage: Stage):
    """A phone changed hands: neither consent nor window of the former owner counts for the new one."""
    opportunity = stage.person(bsuid="SA.old")
    stage.says("أنا جديد هنا", by=opportunity.contact, sender={"from": "966509722233", "from_user_id": "SA.new"})
    newcomer = InboundMessage.objects.get().contact
    assert newcomer is not None
    assert newcomer != opportunity.contact
    draft = stage.accepted(opportunity)
    draft.refresh_from_db()
    stage.tap(f"msg:{draft.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    assert not any(one.get("to") == "+966509722233" for one in _bodies_to_contacts())


def _bodies_to_contacts() -> list[dict]:
    from wakeel.store.models import OutboxMessage

    return [row.body for row in OutboxMessage.objects.filter(audience="contact", attempts__isnull=False)]
