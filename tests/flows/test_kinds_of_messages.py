"""Messages that are no plain text, through the webhook: edits, pictures, places, orders, shared cards."""

import json

import pytest

from tests import rows
from tests.flows.stage import Json, Stage
from wakeel.domain.rights import ErasureReason
from wakeel.flows.erase_person import Erased, erase
from wakeel.flows.export_person import export_person
from wakeel.store.models import ConsentEventRow, Contact, InboundMessage, OutboxMessage

CARD = {"origin": "other", "phones": [{"phone": "+966 50 972 2233", "wa_id": "966509722233"}]}
ORDER = {"catalog_id": "1", "product_items": [{"product_retailer_id": "sku-1", "quantity": 2, "item_price": 30}]}
ORDERED = {"type": "order", "order": ORDER}


def edit(words: str) -> Json:
    now = {"type": "text", "text": {"body": words}}
    return {"type": "edit", "edit": {"original_message_id": "wamid.BEFORE", "message": now}}


def brings(stage: Stage, contact: Contact, message: Json) -> InboundMessage:
    wamid = stage.new_wamid()
    stage._message(message, contact, wamid=wamid)
    return InboundMessage.objects.get(wamid=wamid)


def last_words(stage: Stage) -> str:
    """On the operator's phone, without the invisible marks around values."""
    return stage.phone()[-1].replace("\u2068", "").replace("\u2069", "")


def entries(kind: str) -> int:
    return ConsentEventRow.objects.filter(type=kind).count()


# what an edit may do


def test_an_edit_that_asks_to_stop_is_a_stop(stage: Stage):
    """They wrote something else first; what they want now is what the message says now."""
    message = stage.approved()
    assert message.contact
    row = brings(stage, message.contact, edit("إيقاف"))
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert (row.kind, row.text, row.handled) == ("edit", "إيقاف", "withdraw_all")
    assert row.content == {"wamid": "wamid.BEFORE"}


def test_an_edited_sentence_that_may_be_a_stop_ends_offers_and_comes_before_a_person(stage: Stage):
    message = stage.sent()
    assert message.contact
    brings(stage, message.contact, edit("لو سمحتم لا ترسلوا لي رسائل مرة أخرى"))
    [withdrawal] = ConsentEventRow.objects.filter(type="withdraw")
    assert (withdrawal.source, withdrawal.categories) == ("inferred_text", ["marketing"])
    stage.deliver()
    assert "لا ترسلوا لي رسائل" in last_words(stage)


def test_an_edit_never_allows_anything_opens_no_window_and_asks_nothing(stage: Stage):
    """A yes must be said anew: the question may have come between the message and its edit."""
    contact = rows.contact(stage.firm, last_inbound_at=None)
    contact.expecting, contact.expecting_since = "optin_confirm", stage.now
    contact.save()
    for words in ("نعم", "ابدأ", "مساعدة", "لا"):
        assert brings(stage, contact, edit(words)).handled == ""
    contact.refresh_from_db()
    assert contact.last_inbound_at is None
    assert entries("grant") == entries("withdraw") == 0
    assert not OutboxMessage.objects.filter(contact=contact).exists()


# what the operator is shown


@pytest.mark.parametrize(
    ("message", "arabic", "english"),
    [
        ({"type": "image", "image": {"id": "1"}}, "صورة", "a picture"),
        ({"type": "audio", "audio": {"id": "1", "voice": True}}, "رسالة صوتية", "a voice message"),
        ({"type": "audio", "audio": {"id": "1"}}, "ملف صوتي", "an audio file"),
        ({"type": "location", "location": {"latitude": 24.7, "longitude": 46.6}}, "موقع", "a location"),
        ({"type": "contacts", "contacts": [CARD]}, "بطاقة جهة اتصال", "a contact card"),
        (ORDERED, "طلب من الكتالوج", "an order from the catalogue"),
        ({"type": "hologram"}, "رسالة دون نص", "a message without text"),
    ],
)
def test_a_message_without_words_reaches_the_operator_as_the_kind_it_is(
    stage: Stage, message: Json, arabic: str, english: str
):
    sent = stage.sent()
    assert sent.contact
    brings(stage, sent.contact, message)
    stage.deliver()
    assert f"كتب: 📎 {arabic}" in last_words(stage).splitlines()
    stage.operator.language = "en"
    stage.operator.save()
    brings(stage, sent.contact, message)
    stage.deliver()
    assert f"They wrote: 📎 {english}" in last_words(stage).splitlines()


def test_words_that_came_with_it_are_shown_with_the_kind(stage: Stage):
    """Who reads only the words under a picture does not know that there is one."""
    sent = stage.sent()
    assert sent.contact
    for message, shown in (
        ({"type": "order", "order": ORDER | {"text": "متى التوصيل؟"}}, "طلب من الكتالوج: متى التوصيل؟"),
        ({"type": "image", "image": {"id": "1", "caption": "العطل هنا"}}, "صورة: العطل هنا"),
    ):
        brings(stage, sent.contact, message)
        stage.deliver()
        assert f"كتب: 📎 {shown}" in last_words(stage).splitlines()


def test_a_card_shown_again_for_a_picture_says_that_it_is_one(stage: Stage):
    message = stage.approved()
    assert message.contact
    brings(stage, message.contact, {"type": "image", "image": {"id": "1"}})
    stage.deliver()
    assert "كتب لك: 📎 صورة" in last_words(stage)


# what is kept, copied and destroyed


def test_what_a_message_holds_is_kept_by_name_and_stands_in_the_persons_copy(stage: Stage):
    contact = rows.contact(stage.firm)
    place = {"latitude": 24.7136, "longitude": 46.6753, "name": "المكتب"}
    context = {"forwarded": True, "referred_product": {"catalog_id": "1", "product_retailer_id": "sku-1"}}
    assert brings(stage, contact, {"type": "location", "location": place}).content == place | {"address": ""}
    said = {"type": "text", "text": {"body": "كم السعر؟"}, "context": context, "referral": {"source_type": "ad"}}
    kept = brings(stage, contact, said).content
    assert kept["forwarded"] is True
    assert kept["product"] == {"catalog_id": "1", "product_id": "sku-1"}
    assert kept["referral"]["source_type"] == "ad"
    made = export_person(stage.firm.business.id, contact.id, now=stage.now)
    assert made
    copied = [record["content"] for record in json.loads(made.files()["person.json"])["received"]]
    assert copied[0] == ["latitude: 24.7136", "longitude: 46.6753", "name: المكتب"]
    assert "المكتب" in made.files()["person.html"].decode()


def test_erasing_a_person_empties_what_their_messages_held(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    row = brings(stage, contact, {"type": "location", "location": {"latitude": 24.7, "longitude": 46.6}})
    assert isinstance(erase(contact.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now), Erased)
    row.refresh_from_db()
    assert (row.content, row.text) == ({}, "")


def test_erasing_a_person_masks_their_number_on_a_card_that_somebody_else_shared(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    friend = rows.contact(stage.firm, "ليلى", phone="+966501110001")
    row = brings(stage, friend, {"type": "contacts", "contacts": [CARD]})
    assert row.content["wa_ids"] == ["966509722233"]
    assert isinstance(erase(contact.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now), Erased)
    row.refresh_from_db()
    assert row.content["wa_ids"] == ["•"]
