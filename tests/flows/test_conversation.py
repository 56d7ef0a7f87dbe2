"""Contacts write: somebody new becomes an opportunity, words reach whoever works on them, an answer is drafted."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import rows
from tests.flows.inbox_stage import carry_out, put, text
from tests.flows.stage import Stage, words
from wakeel import config
from wakeel.domain.recognition import OperatorState
from wakeel.domain.text import measure
from wakeel.domain.words import Text
from wakeel.flows.import_opportunities import import_opportunities
from wakeel.flows.show_card import fill_every_phone
from wakeel.flows.show_reply import UNANSWERED, Heard, card_part
from wakeel.store import new_people
from wakeel.store.models import (
    Contact,
    Draft,
    InboundMessage,
    Operator,
    Opportunity,
    Prompt,
    Suppression,
)

NEW = {"from": "966509000001", "from_user_id": "SA.n1"}
AD = {"source_type": "ad", "source_id": "1", "headline": "عرض الصيف", "body": "خصم على الصيانة"}


def writes(stage: Stage, said: str, *, sender: dict[str, str] = NEW, **fields: Any) -> None:
    """Somebody who is nobody's contact yet, unless told otherwise."""
    message = {"id": stage.new_wamid(), "timestamp": str(int(stage.now.timestamp())), "type": "text"}
    stage.webhook({
        "contacts": [{"profile": {"name": "سعد"}, "wa_id": sender["from"], "user_id": sender["from_user_id"]}],
        "messages": [sender | message | {"text": {"body": said}} | fields],
    })  # fmt: skip


def bring_cards(stage: Stage) -> None:
    fill_every_phone(now=stage.now)
    stage.deliver()


def asked(stage: Stage, contact: Contact) -> Prompt:
    """The newest question about what this contact wrote, as it is on the phone."""
    found = Prompt.objects.filter(kind="reply", subject=contact.id, outbox__wamid__isnull=False)
    return found.select_related("outbox").order_by("-created_at", "-id")[0]


def tap(stage: Stage, contact: Contact, action: str) -> str:
    return stage.tap(f"thr:{contact.id}:{action}", on=asked(stage, contact).outbox.wamid).code


# somebody new


def test_somebody_new_becomes_an_opportunity_with_all_they_wrote_before_its_card_left(stage: Stage):
    writes(stage, "مرحبا")
    writes(stage, "أريد عرض سعر لعشرين جهازًا")
    bring_cards(stage)
    assert stage.phone() == []
    stage.wait(seconds=6)
    bring_cards(stage)
    opportunity = Opportunity.objects.get()
    assert (opportunity.source, opportunity.contact.name) == ("inbound", "سعد")
    [card] = stage.phone()
    assert "رسالة واردة: مرحبا" in card
    assert "عشرين جهازًا" in card


def test_their_first_message_is_answered_as_a_service_message_without_a_stop_line(stage: Stage):
    writes(stage, "How much is it?")
    stage.wait(seconds=6)
    bring_cards(stage)
    opportunity = Opportunity.objects.get()
    theirs = InboundMessage.objects.get(contact=opportunity.contact)
    assert theirs.read_wanted_at is None
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "accepted"
    theirs.refresh_from_db()
    assert theirs.read_wanted_at == stage.now
    stage.deliver()
    draft = Draft.objects.get()
    assert draft.category == "service"
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    [sent] = stage.to_contacts()
    assert sent.startswith("Hello")
    assert "STOP" not in sent


def test_an_advertisement_is_named_and_what_is_answered_in_time_is_free_for_three_days(stage: Stage):
    writes(stage, "معلومات", referral=AD)
    opportunity = Opportunity.objects.get()
    assert opportunity.source == "referral"
    assert "عرض الصيف" in opportunity.title
    assert "خصم على الصيانة" in opportunity.summary
    stage.wait(hours=1)
    bring_cards(stage)
    assert stage.tap(f"opp:{opportunity.id}:draft").code == "drafting"
    stage.deliver()
    stage.tap(f"msg:{Draft.objects.get().id}:approve")
    stage.deliver()
    stage.wait(seconds=11)
    answered_at = stage.now
    stage.deliver()
    contact = Contact.objects.get(pk=opportunity.contact_id)
    assert contact.free_until == answered_at + timedelta(hours=72)


@pytest.mark.parametrize("said", ["STOP", "إيقاف", "START", "ابدأ"])
def test_a_word_about_being_written_to_is_no_opportunity(stage: Stage, said: str):
    writes(stage, said)
    assert not Opportunity.objects.exists()


def test_a_flood_of_one_person_is_one_opportunity_and_a_closed_one_does_not_come_back_the_same_day(stage: Stage):
    for number in range(8):
        writes(stage, f"رسالة {number}")
    stage.wait(seconds=6)
    bring_cards(stage)
    opportunity = Opportunity.objects.get()
    assert stage.tap(f"opp:{opportunity.id}:skip").code == "skipped"
    for number in range(3):
        writes(stage, f"أخرى {number}")
    assert Opportunity.objects.count() == 1
    stage.wait(hours=25)
    writes(stage, "بعد يوم")
    assert Opportunity.objects.count() == 2


def test_a_flood_of_strangers_fills_a_page_and_nobodys_phone(stage: Stage):
    strangers = 8
    for number in range(strangers):
        writes(stage, "مرحبا", sender={"from": f"96650900010{number}", "from_user_id": f"SA.s{number}"})
    for _ in range(3):
        stage.wait(minutes=10)
        bring_cards(stage)
    assert Opportunity.objects.filter(source="inbound").count() == strangers, "nobody is lost"
    assert len(stage.phone()) == stage.open_cards() == config.get().open_cards < strangers


def test_nobody_who_is_never_written_to_becomes_an_opportunity(stage: Stage):
    contact = rows.contact(stage.firm)
    Suppression.objects.create(
        business=stage.firm.business, contact=contact, cause="legal", actor="u", created_at=stage.now
    )
    stage.says("مرحبا", by=contact)
    assert not Opportunity.objects.exists()


def test_many_new_words_at_once_do_what_each_alone_would(stage: Stage):
    """Somebody known, with nothing open, goes through the quiet path."""
    contact = rows.contact(stage.firm, last_inbound_at=None)
    for number, said in enumerate(("مرحبا بكم", "عندي سؤال", "عن التوصيل")):
        put(stage, text(stage, said, by="966509722233", wamid=f"wamid.q{number}"))
    carry_out(stage)
    opportunity = Opportunity.objects.get()
    assert opportunity.contact == contact
    assert opportunity.summary.splitlines() == ["مرحبا بكم", "عندي سؤال", "عن التوصيل"]


# what they write reaches whoever works on it


def test_a_reply_comes_with_what_was_sent_before_it_and_three_ways_on(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.says("نعم\u202e يناسبني\nالأحد", by=message.contact)
    stage.deliver()
    body = asked(stage, message.contact).outbox.body
    said = words(body)
    assert "أهلًا مريم، معك أفق" in said
    assert "نعم يناسبني" in said
    assert "\u202e" not in said
    titles = [button["reply"]["title"] for button in body["interactive"]["action"]["buttons"]]
    assert titles == ["رسالة", "لاحقاً", "تم"]


def test_what_never_reached_them_is_not_shown_as_sent_to_them(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.status(str(message.wamid), "failed", code=131026)
    stage.wait(seconds=5)
    stage.says("مرحبا", by=message.contact)
    stage.deliver()
    assert "آخر ما أُرسل إليه" not in words(asked(stage, message.contact).outbox.body)


def test_message_under_a_reply_drafts_an_answer_once_and_marks_theirs_as_read(stage: Stage):
    message = stage.sent()
    assert message.contact
    assert message.draft
    stage.says("كم السعر؟", by=message.contact)
    stage.deliver()
    assert tap(stage, message.contact, "draft") == "reply_drafted"
    stage.deliver()
    answer = Draft.objects.exclude(pk=message.draft_id).get()
    assert (answer.category, answer.opportunity_id) == ("service", message.draft.opportunity_id)
    assert "كم السعر؟" in stage.phone()[-1]
    assert InboundMessage.objects.get(contact=message.contact).read_wanted_at == stage.now
    assert tap(stage, message.contact, "draft") == "shown_again"
    assert Draft.objects.count() == 2
    stage.deliver()
    assert stage.tap(f"msg:{answer.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert len(stage.to_contacts()) == 2
    stage.wait(seconds=5)
    stage.says("شكرًا، وهل يوجد خصم؟", by=message.contact)
    stage.deliver()
    assert tap(stage, message.contact, "draft") == "reply_drafted"
    assert Draft.objects.count() == 3


def test_an_answer_that_is_put_down_leaves_the_conversation_as_it_was(stage: Stage):
    message = stage.sent()
    assert message.contact
    assert message.draft
    stage.says("كم السعر؟", by=message.contact)
    stage.deliver()
    tap(stage, message.contact, "draft")
    stage.deliver()
    answer = Draft.objects.exclude(pk=message.draft_id).get()
    assert stage.tap(f"msg:{answer.id}:cancel").code == "cancelled"
    assert Opportunity.objects.get().state == "replied"
    assert tap(stage, message.contact, "draft") == "reply_drafted"


def test_later_and_done_ask_their_question_about_the_opportunity(stage: Stage):
    message = stage.sent()
    assert message.contact
    assert message.draft
    stage.says("لحظة", by=message.contact)
    stage.deliver()
    assert tap(stage, message.contact, "snooze") == "nothing"
    assert tap(stage, message.contact, "done") == "nothing"
    kinds = set(
        Prompt.objects.filter(subject=message.draft.opportunity_id, closed_at=None).values_list("kind", flat=True)
    )
    assert {"times", "outcome"} <= kinds
    assert InboundMessage.objects.get(contact=message.contact).read_wanted_at is None, "nobody answers them yet"


def test_words_that_have_not_reached_the_phone_become_one_card_with_the_next_ones(stage: Stage):
    message = stage.sent()
    assert message.contact
    for said in ("السلام عليكم", "وصلت رسالتكم", "متى نتكلم؟"):
        stage.wait(seconds=1)
        stage.says(said, by=message.contact)
    before = len(stage.phone())
    stage.deliver()
    [card] = stage.phone()[before:]
    assert card.count("السلام عليكم") == card.count("وصلت رسالتكم") == card.count("متى نتكلم؟") == 1


def test_a_flood_stops_after_a_few_cards_and_the_rest_comes_together_later(stage: Stage):
    message = stage.sent()
    assert message.contact
    before = len(stage.phone())
    for number in range(UNANSWERED + 4):
        stage.wait(seconds=2)
        stage.says(f"كلمة{number}", by=message.contact)
        stage.deliver()
    assert len(stage.phone()) - before == UNANSWERED
    stage.wait(minutes=11)
    stage.deliver()
    assert len(stage.phone()) - before == UNANSWERED + 1
    assert all(f"كلمة{number}" in stage.phone()[-1] for number in range(UNANSWERED, UNANSWERED + 4))


def test_whoever_was_asked_and_has_not_decided_hears_what_they_write_meanwhile(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    stage.says("هل ما زال العرض قائمًا؟", by=opportunity.contact)
    stage.deliver()
    assert "هل ما زال العرض قائمًا؟" in stage.phone()[-1]
    assert tap(stage, opportunity.contact, "draft") == "drafting"
    opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.owner) == ("drafting", stage.operator)


def test_what_belonged_to_somebody_who_left_is_heard_by_the_others(stage: Stage):
    message = stage.sent()
    assert message.contact
    other = rows.operator(stage.firm, "هند", wa_id="966500000002", bsuid="SA.operator2")
    Operator.objects.filter(pk=stage.operator.pk).update(state=OperatorState.INACTIVE)
    stage.says("هل من أحد؟", by=message.contact)
    stage.deliver()
    assert "هل من أحد؟" in stage.phone(other)[-1]
    assert stage.tap(
        f"thr:{message.contact_id}:draft", by=other, on=asked(stage, message.contact).outbox.wamid
    ).code == ("reply_drafted")


def test_a_tap_about_somebody_with_nothing_open_is_told_so(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.says("لا يناسبنا", by=message.contact)
    stage.deliver()
    Opportunity.objects.update(state="lost")
    assert tap(stage, message.contact, "draft") == "nothing_to_answer"
    assert Draft.objects.count() == 1


def test_a_button_of_another_persons_card_decides_nothing(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.says("نعم", by=message.contact)
    stage.deliver()
    stranger = rows.contact(stage.firm, "ليلى", phone="+966509999999")
    assert stage.tap(f"thr:{stranger.id}:draft", on=asked(stage, message.contact).outbox.wamid).code == "stale_nothing"


def test_an_imported_opportunity_takes_the_place_of_a_first_word_nobody_decided_on(stage: Stage):
    writes(stage, "مرحبا")
    stage.wait(seconds=6)
    bring_cards(stage)
    file = "phone,title,score\n+966509000001,تجديد الصيانة,80\n".encode()
    import_opportunities(stage.firm.business.id, file, accept_valid=True, now=stage.now)
    opportunity = Opportunity.objects.get()
    assert (opportunity.title, opportunity.source) == ("تجديد الصيانة", "import")
    stage.deliver()
    assert stage.open_cards() == 1
    assert "تجديد الصيانة" in stage.phone()[-1]


def test_who_only_said_hello_may_still_become_an_operator(stage: Stage):
    writes(stage, "مرحبا")
    contact = Contact.objects.get(name="سعد")
    assert new_people.is_only_first_word([contact.id])
    new_people.close_first_words([contact.id], now=stage.now)
    assert Opportunity.objects.get().state == "expired"


@given(said=st.text(max_size=5000), before=st.text(max_size=3000), name=st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_the_card_keeps_its_limits_whatever_anybody_wrote(said: str, before: str, name: str):
    operator, contact = Operator(language="ar"), Contact(id="con_1", name=name)
    part = card_part(Heard(operator, contact, Text(said, said), "w", rows.T0), before, now=rows.T0)
    body = part["interactive"]["body"]["text"]  # type: ignore[index]
    assert 0 < measure(body) <= 1024
    assert "\u202e" not in body
