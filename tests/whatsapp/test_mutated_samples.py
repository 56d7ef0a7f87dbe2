"""What is wrong with one item, or one entry, costs nobody else theirs; no body makes the decoder fail."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.whatsapp.mutations import mutated
from tests.whatsapp.sample_values import NUMBER_ID, PHONE, SAMPLES, WABA
from wakeel.domain.events import StatusReceived, TextReceived
from wakeel.whatsapp.plain import plain_events
from wakeel.whatsapp.webhook import UnreadableBody, decode, item_by_item

BODIES = {path.stem: json.loads(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))}
ARRAYS = ("messages", "statuses", "errors", "user_preferences", "message_echoes")
METADATA = {"display_phone_number": "966110000001", "phone_number_id": NUMBER_ID}
GOOD_TEXT = {"from": PHONE, "id": "wamid.GOOD", "timestamp": "1763800001", "type": "text", "text": {"body": "نعم"}}
GOOD_STATUS = {"id": "wamid.GOODOUT", "status": "read", "timestamp": "1763800002", "recipient_id": PHONE}
GOOD_VALUE = {"metadata": METADATA, "messages": [GOOD_TEXT], "statuses": [GOOD_STATUS]}
ITEMS = [
    (name, item)
    for body in BODIES.values()
    for entry in body["entry"]
    for change in entry["changes"]
    for name in ARRAYS
    for item in change["value"].get(name, [])
]
"""Every item of every sample, with the array it stood in."""


def envelope(*entries: Any) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": list(entries)}).encode()


def entry(value: Any, field: str = "messages") -> dict[str, Any]:
    return {"id": WABA, "changes": [{"field": field, "value": value}]}


def good_ones(body: bytes) -> list[tuple[type, str]]:
    return [
        (type(event), event.wamid)
        for event in decode(body)
        if isinstance(event, TextReceived | StatusReceived) and event.wamid.startswith("wamid.GOOD")
    ]


BOTH = [(TextReceived, "wamid.GOOD"), (StatusReceived, "wamid.GOODOUT")]


@settings(max_examples=100)
@given(st.sampled_from(ITEMS).flatmap(lambda one: st.tuples(st.just(one[0]), mutated(one[1]))))
def test_a_good_message_and_a_good_status_beside_a_broken_item_are_read(broken: tuple[str, Any]):
    name, item = broken
    fields = {"user_preferences": "user_preferences", "message_echoes": "smb_message_echoes"}
    if name in fields:
        assert good_ones(envelope(entry({"metadata": METADATA, name: [item]}, fields[name]), entry(GOOD_VALUE))) == BOTH
        return
    value = {**GOOD_VALUE, name: [item, *GOOD_VALUE.get(name, []), item]}
    assert good_ones(envelope(entry(value))) == BOTH


@settings(max_examples=100)
@given(st.sampled_from(list(BODIES.values())).flatmap(lambda body: mutated(body["entry"])))
def test_whatever_is_wrong_with_one_entry_the_next_one_is_read(entries: Any):
    assert good_ones(envelope(*entries, entry(GOOD_VALUE)))[-2:] == BOTH


@settings(max_examples=100)
@given(st.sampled_from(list(BODIES.values())).flatmap(mutated))
def test_a_broken_body_is_read_alike_in_one_go_and_item_by_item(value: Any):
    """The quick way may give up, it may never say something else."""
    body = json.dumps(value).encode()
    try:
        slowly = item_by_item(body)
    except UnreadableBody:
        assert plain_events(body) is None
        return
    quickly = plain_events(body)
    assert quickly is None or [(one, one.path) for one in quickly] == [(one, one.path) for one in slowly]


@settings(max_examples=100)
@given(st.sampled_from(list(BODIES)), st.data())
def test_a_body_with_broken_bytes_is_events_or_unreadable_and_nothing_else(stem: str, data: st.DataObject):
    body = bytearray((SAMPLES / f"{stem}.json").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(body) - 1, 0)))
        match data.draw(st.sampled_from(["change", "cut", "double"])):
            case "change":
                body[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case "cut":
                del body[at : at + data.draw(st.integers(1, 40))]
            case "double":
                body[at:at] = body[at : at + 40]
    try:
        events = decode(bytes(body))
    except UnreadableBody:
        return
    assert all("\0" not in repr(event) for event in events)
