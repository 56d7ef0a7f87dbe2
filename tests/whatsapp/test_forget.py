"""A raw body loses one person's items and nothing else."""

import base64
import json
from typing import Any

import pytest

from wakeel.domain.traces import Traces, in_base64
from wakeel.whatsapp.forget import OVERWRITTEN, forget
from wakeel.whatsapp.webhook import decode

PHONE, OTHER = "966509722233", "966501110001"
BSUID = "SA.13491208655302741918"
WAMID = "wamid." + base64.b64encode(b"\x1d\x05\x0c" + PHONE.encode() + b"\x15\x02").decode()
TRACES = Traces(
    addresses=frozenset({f"+{PHONE}", BSUID}), spellings=frozenset({"0509722233"}), wamids=frozenset({WAMID}),
    quoted=frozenset({"wamid.EDIT"}),
)  # fmt: skip


def body(value: dict[str, Any], *, field: str = "messages") -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "105500000000002"}, **value}
    entry = {"id": "215500000000001", "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def text(sender: dict[str, str], words: str, wamid: str = "wamid.1") -> dict[str, Any]:
    return {**sender, "id": wamid, "timestamp": "1795338000", "type": "text", "text": {"body": words}}


def value_of(found: bytes) -> dict[str, Any]:
    return json.loads(found)["entry"][0]["changes"][0]["value"]


def test_their_messages_and_profile_go_and_the_neighbour_stays_word_for_word():
    neighbour = text({"from": OTHER}, "أهلًا، متى نلتقي؟", "wamid.2")
    people = [
        {"profile": {"name": "مريم"}, "wa_id": PHONE, "user_id": BSUID},
        {"profile": {"name": "ليلى"}, "wa_id": OTHER},
    ]
    found = forget(body({"contacts": people, "messages": [text({"from": PHONE}, "سر"), neighbour]}), TRACES)
    assert value_of(found)["messages"] == [neighbour]
    assert value_of(found)["contacts"] == [people[1]]
    assert [event.text for event in decode(found)] == ["أهلًا، متى نلتقي؟"]


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("messages", text({"from_user_id": BSUID}, "سر")),
        ("messages", text({"from": f"+{PHONE}"}, "سر")),
        ("statuses", {"id": "wamid.9", "status": "read", "recipient_id": PHONE, "timestamp": "1"}),
        ("statuses", {"id": "wamid.9", "status": "read", "recipient_user_id": BSUID, "timestamp": "1"}),
        ("statuses", {"id": WAMID, "status": "read", "timestamp": "1"}),
        ("user_preferences", {"wa_id": PHONE, "category": "marketing_messages", "value": "stop", "timestamp": 1}),
        ("messages", {"from": "966555555555", "id": "w", "type": "system", "timestamp": "1",
                      "system": {"type": "user_changed_number", "wa_id": PHONE, "body": "x"}}),
        ("messages", {"id": "w", "type": "system", "timestamp": "1",
                      "system": {"type": "user_changed_user_id", "user_id": "SA.NEW",
                                 "body": f"User مريم changed from {BSUID} to SA.NEW"}}),
        ("messages", {"from_user_id": BSUID, "id": "w", "type": "edit", "timestamp": "1",
                      "edit": {"original_message_id": "w0", "message": {"type": "text", "text": {"body": "سر"}}}}),
        ("statuses", {"id": "w", "status": "read", "timestamp": "1", "recipient_id": "120363000000000001",
                      "recipient_type": "group", "recipient_participant_id": PHONE}),
        ("statuses", {"id": "w", "status": "read", "timestamp": "1", "recipient_id": "120363000000000001",
                      "recipient_type": "group", "recipient_participant_user_id": BSUID}),
        ("message_echoes", {"from": "966110000001", "to": PHONE, "id": "w", "type": "text", "text": {"body": "سر"}}),
        ("message_echoes", {"from": "966110000001", "to_user_id": BSUID, "id": "w", "text": {"body": "سر"}}),
        ("state_sync", {"type": "contact", "contact": {"full_name": "مريم", "phone_number": PHONE}, "action": "add"}),
        ("calls", {"id": "c", "from": "966110000001", "to": PHONE, "event": "connect"}),
    ],
)  # fmt: skip
def test_every_kind_of_item_that_is_theirs_goes(name: str, item: dict[str, Any]):
    assert value_of(forget(body({name: [item]}), TRACES))[name] == []


def test_their_thread_of_the_history_goes_and_the_others_stay():
    theirs, another = ({"id": who, "messages": [text({"from": who}, "سر")]} for who in (PHONE, OTHER))
    found = forget(
        body({"history": [{"metadata": {"phase": 0}, "threads": [theirs, another]}]}, field="history"), TRACES
    )
    assert value_of(found)["history"] == [{"metadata": {"phase": 0}, "threads": [another]}]


@pytest.mark.parametrize("number", ["+966 50 972 2233", "0509722233", PHONE])
def test_their_card_in_somebody_elses_message_goes_with_the_name_on_it(number: str):
    cards = [
        {"name": {"formatted_name": "مريم"}, "vcard": "FN:مريم", "phones": [{"phone": number}]},
        {"name": {"formatted_name": "هند"}, "phones": [{"phone": "+966502220002", "wa_id": "966502220002"}]},
    ]
    shared = {"from": OTHER, "id": "wamid.2", "timestamp": "1", "type": "contacts", "contacts": cards}
    beside = text({"from": OTHER}, f"هذا رقمها {PHONE}", "wamid.3")
    [kept, _] = value_of(forget(body({"messages": [shared, beside]}), TRACES))["messages"]
    assert kept == {**shared, "contacts": cards[1:]}


def test_a_body_without_them_is_not_touched_at_all():
    """Not even its spaces: the raw body is evidence."""
    untouched = body({"messages": [text({"from": OTHER}, "مرحبا \\u0645")]}) + b" \n"
    assert forget(untouched, TRACES) is untouched


def test_their_number_in_somebody_elses_words_is_masked():
    found = value_of(forget(body({"messages": [text({"from": OTHER}, f"رقمها 0509722233 أو +{PHONE}.")]}), TRACES))
    assert found["messages"][0]["text"]["body"] == "رقمها • أو +•."


def test_an_operators_words_about_them_go_and_the_message_stays():
    """What an operator typed as the new text of their draft."""
    said = text({"from": OTHER}, "أهلًا مريم", "wamid.EDIT") | {"context": {"id": "wamid.CARD"}}
    [kept] = value_of(forget(body({"messages": [said]}), TRACES))["messages"]
    assert kept == {**said, "text": {"body": ""}}


@pytest.mark.parametrize("tail", [b"", b"}}", b'"' + b"[" * 80])
def test_what_cannot_be_taken_apart_is_overwritten_only_if_it_names_them(tail: bytes):
    broken = b'{"object": "whatsapp_business_account", "entry": [' + tail
    assert forget(broken, TRACES) is broken
    assert forget(broken + PHONE.encode(), TRACES) == OVERWRITTEN
    assert forget(b"[" * 80 + BSUID.encode() + b"]" * 80, TRACES) == OVERWRITTEN


@pytest.mark.parametrize("before", range(12))
def test_a_number_inside_base64_is_found_wherever_it_begins(before: int):
    encoded = base64.b64encode(b"x" * before + PHONE.encode() + b"yz").decode()
    assert any(needle in encoded for needle in in_base64(PHONE))
    assert len(min(in_base64(PHONE), key=len)) >= 14


def test_a_wamid_made_of_their_number_is_masked_even_if_we_never_saw_it():
    unseen = "wamid." + base64.b64encode(b"\x01\x02" + PHONE.encode() + b"\x00").decode()
    found = forget(body({"errors": [{"code": 1, "title": unseen}]}), TRACES)
    assert not any(needle in found.decode() for needle in TRACES.needles)
