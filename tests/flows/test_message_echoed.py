"""What a colleague wrote from the WhatsApp Business app belongs to the person's history and is no word of theirs."""

from datetime import datetime

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.events import MessageEchoed, Sender
from wakeel.domain.ids import Bsuid, WaId, Wamid
from wakeel.flows.export_person import export_person
from wakeel.flows.message_echoed import message_echoed
from wakeel.flows.preview_erasure import preview_erasure
from wakeel.store import person_facts
from wakeel.store.models import Contact, InboundMessage
from wakeel.store.screens import item


def echo(*, wa_id: str = "966509722233", at: datetime = rows.T0) -> MessageEchoed:
    return MessageEchoed(
        phone_number_id=rows.NUMBER_ID, waba_id=rows.WABA_ID, wamid=Wamid("wamid.E1"), sent_at=at,
        to=Sender(WaId(wa_id), None), type="text", text="اتصلت بك اليوم",
    )  # fmt: skip


def note(stage: Stage, *events: MessageEchoed) -> None:
    for event in events:
        message_echoed(event, stage.firm.number, now=stage.now)


def test_it_is_kept_once_and_opens_no_window(stage: Stage):
    person = stage.person(last_inbound_at=None).contact
    note(stage, echo(), echo())
    kept = InboundMessage.objects.get()
    assert (kept.contact_id, kept.kind, kept.text) == (person.id, "echo", "اتصلت بك اليوم")
    person.refresh_from_db()
    assert person.last_inbound_at is None


def test_whom_somebody_wrote_to_did_not_write_to_us(stage: Stage):
    """Check 5 of the gate: writing to a stranger from a phone makes nobody known."""
    note(stage, echo(wa_id="966555555555"))
    stranger = Contact.objects.get()
    assert not person_facts.people([stranger.id])[stranger.id].is_known
    assert stranger.last_inbound_at is None


def test_approved_messages_still_leave(stage: Stage):
    """Only the person's own words take an approval out of the queue."""
    stage.approved()
    note(stage, echo())
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_the_page_shows_it_as_ours_and_not_as_their_last_message(stage: Stage):
    opportunity = stage.person()
    stage.says("مرحبا", by=opportunity.contact)
    stage.wait(minutes=1)
    note(stage, echo(at=stage.now))
    found = item.read(stage.firm.business.id, opportunity.id, viewer=None, now=stage.now)
    assert found is not None
    assert found.last_message == "مرحبا"
    assert [(one.kind, one.text) for one in found.happenings if one.kind in {"inbound", "echo"}] == [
        ("inbound", "مرحبا"), ("echo", "اتصلت بك اليوم"),
    ]  # fmt: skip


def test_what_the_person_is_handed_says_who_wrote_it(stage: Stage):
    person = stage.person().contact
    stage.says("مرحبا", by=person)
    note(stage, echo())
    found = export_person(stage.firm.business.id, person.id, now=stage.now)
    assert found is not None
    assert [row["text"] for row in found.sections["received"]] == ["مرحبا"]
    assert [row["text"] for row in found.sections["echoed"]] == ["اتصلت بك اليوم"]
    preview = preview_erasure(stage.firm.business.id, person.id)
    assert preview is not None
    assert (preview.received, preview.sent) == (1, 1)


def test_an_operator_who_is_written_to_becomes_no_contact(stage: Stage):
    note(stage, echo(wa_id=stage.operator.wa_id or ""))
    assert not Contact.objects.exists()
    assert InboundMessage.objects.get().contact is None


def test_somebody_with_a_hidden_number_is_found_by_their_id(stage: Stage):
    person = stage.person(phone=None, bsuid="SA.hidden").contact
    event = MessageEchoed(
        phone_number_id=rows.NUMBER_ID, waba_id=rows.WABA_ID, wamid=Wamid("wamid.E2"), sent_at=rows.T0,
        to=Sender(None, Bsuid("SA.hidden")), type="image",
    )  # fmt: skip
    note(stage, event)
    assert InboundMessage.objects.get().contact_id == person.id
