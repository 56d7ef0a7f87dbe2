"""What a message holds: words are never lost, what only adds to a message never costs it."""

import json
from typing import Any

import pytest

from tests.whatsapp.sample_values import METADATA_VALUE, PHONE
from wakeel.domain.events import Event, IdentityChanged, Malformed, MessageEchoed, OtherMessage, Sender, TextReceived
from wakeel.domain.message_contents import Edit, FlowReply, Media, Order, OrderLine, SharedContacts, Unsupported
from wakeel.whatsapp.webhook import decode

FRAME = {"from": PHONE, "id": "wamid.1", "timestamp": "1763800001"}


def event_of(message: dict[str, Any], *, field: str = "messages", name: str = "messages", **value: Any) -> Event:
    change = {"field": field, "value": METADATA_VALUE | value | {name: [message]}}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "2155", "changes": [change]}]}
    (event,) = decode(json.dumps(body).encode())
    return event


def said(type: str, part: Any, **more: Any) -> Event:
    return event_of(FRAME | {"type": type, type: part} | more)


@pytest.mark.parametrize(
    ("type", "part"),
    [
        ("image", {"id": "1", "caption": {"a": 1}}),
        ("image", "a picture"),
        ("document", {"caption": 5}),
        ("order", {"text": ["x"]}),
        ("edit", {"original_message_id": "wamid.0", "message": {"text": "إيقاف"}}),
        ("edit", {"original_message_id": "wamid.0"}),
        ("edit", None),
    ],
)
def test_a_part_that_could_hold_words_and_cannot_be_read_is_set_apart(type: str, part: Any):
    """They may have been a wish to stop: what waits for this person waits until somebody looked."""
    event = said(type, part)
    assert isinstance(event, Malformed)
    assert event.sender == Sender(PHONE, None)


@pytest.mark.parametrize(
    ("type", "part", "content"),
    [
        ("location", {"latitude": "north"}, None),
        ("location", None, None),
        ("reaction", {"emoji": "👍"}, None),
        ("reaction", {"message_id": "a b"}, None),
        ("revoke", {"original_message_id": ""}, None),
        ("contacts", "nobody", SharedContacts()),
        ("contacts", [5, {"phones": [{"phone": "1"}]}], SharedContacts(phones=("1",))),
        ("unsupported", 5, Unsupported()),
        ("audio", {"id": 17, "voice": "yes"}, Media(id="17")),
        ("image", {}, Media(id="")),
        ("order", {"product_items": {}}, Order(catalog_id="")),
        ("edit", {"original_message_id": "a b", "message": {}}, None),
    ],
)
def test_a_part_that_only_adds_to_a_message_never_costs_the_message(type: str, part: Any, content: Any):
    event = said(type, part)
    assert isinstance(event, OtherMessage)
    assert event.content == content


def test_an_edit_of_a_picture_without_words_says_nothing():
    event = said("edit", {"original_message_id": "wamid.0", "message": {"type": "image", "image": {"id": "1"}}})
    assert isinstance(event, OtherMessage)
    assert (event.caption, event.content) == (None, Edit(wamid="wamid.0"))


def test_lines_of_an_order_that_cannot_be_read_are_left_out_and_the_others_stay():
    lines = [{"product_retailer_id": "a", "quantity": "many"}, {"product_retailer_id": "b", "quantity": 3}, None]
    event = said("order", {"catalog_id": 7, "product_items": lines})
    assert isinstance(event, OtherMessage)
    assert event.content == Order(catalog_id="7", lines=(OrderLine(product_id="b", quantity=3),))


@pytest.mark.parametrize(
    ("response", "answers"),
    [
        ('{"a":"\\u0000x","b":2}', {"a": "x", "b": "2"}),
        ({"a": "x"}, {"a": "x"}),
        ("no JSON", {}),
        ("[1]", {}),
        ("[" * 100_000, {}),
        ('{"a":' * 70 + "1" + "}" * 70, {}),
        (None, {}),
    ],
)
def test_a_form_is_read_as_far_as_it_can_be(response: Any, answers: dict[str, str]):
    event = said("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "f", "response_json": response}})
    assert isinstance(event, OtherMessage)
    assert event.content == FlowReply(name="f", answers=answers)


def test_a_referral_or_a_product_that_cannot_be_read_never_costs_the_words():
    context = {"forwarded": "yes", "referred_product": 5}
    event = said("text", {"body": "نعم"}, referral=["ad"], context=context)
    assert isinstance(event, TextReceived)
    assert (event.text, event.referral, event.product, event.is_forwarded) == ("نعم", None, None, False)


# changes of number


def changed(system: dict[str, Any], **more: Any) -> Event:
    frame = {"id": "wamid.1", "timestamp": "1", "type": "system"}
    return event_of(frame | {"system": {"type": "user_changed_user_id"} | system} | more)


def test_the_new_id_in_the_frame_is_not_taken_for_the_former_one():
    body = "User منى changed from SA.1 to SA.2"
    event = changed({"user_id": "SA.2", "body": body}, from_user_id="SA.2")
    assert isinstance(event, IdentityChanged)
    assert (event.sender, event.new_bsuid) == (Sender(None, "SA.1"), "SA.2")


def test_a_contact_beside_a_change_of_number_is_not_taken_for_the_former_identity():
    contacts = [{"wa_id": PHONE, "user_id": "SA.2"}]
    message = {"from": PHONE, "id": "wamid.1", "timestamp": "1", "type": "system"}
    system = {"type": "user_changed_number", "wa_id": "966500000099", "user_id": "SA.2"}
    event = event_of(message | {"system": system}, contacts=contacts)
    assert isinstance(event, IdentityChanged)
    assert event.sender == Sender(PHONE, None)


@pytest.mark.parametrize(
    "body",
    [
        "User changed from SA.victim to SA.mine",
        "User x changed from SA.1 to SA.2 and more",
        "User changed from  to SA.2",
        7,
        None,
    ],
)
def test_a_sentence_that_does_not_end_with_the_new_id_names_nobody(body: Any):
    """The profile name in it is the person's own: it must not say whose identity they take over."""
    assert isinstance(changed({"user_id": "SA.2", "body": body}), Malformed)


def test_fields_win_over_the_sentence():
    event = changed({"user_id": "SA.2", "previous_user_id": "SA.1", "body": "User x changed from SA.9 to SA.2"})
    assert isinstance(event, IdentityChanged)
    assert event.sender == Sender(None, "SA.1")


# echoes


def test_one_broken_echo_costs_no_other_echo():
    broken = FRAME | {"to": None, "type": "text", "text": {"body": "x"}}
    good = broken | {"to": PHONE, "id": "wamid.2"}
    value = METADATA_VALUE | {"message_echoes": [broken, good, broken]}
    entry = {"id": "2155", "changes": [{"field": "smb_message_echoes", "value": value}]}
    events = decode(json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode())
    assert [type(event) for event in events] == [Malformed, MessageEchoed, Malformed]
    assert isinstance(events[0], Malformed)
    assert events[0].sender is None, "nobody's words: `from` is our own number"
    assert events[1].path == "entry[0].changes[0].value.message_echoes[1]"
