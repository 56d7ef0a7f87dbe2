import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.buttons import ButtonKind
from wakeel.domain.events import (
    ButtonTapped,
    Malformed,
    OtherMessage,
    Sender,
    StatusReceived,
    TextReceived,
    Unrecognised,
)
from wakeel.whatsapp.webhook import UnreadableBody, decode

METADATA = {"display_phone_number": "966110000001", "phone_number_id": "1055"}
GOOD = {"from": "966500000001", "id": "wamid.GOOD", "timestamp": "1763800001", "type": "text", "text": {"body": "نعم"}}


def envelope(*values: object, field: str = "messages") -> dict:
    changes = [{"field": field, "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "2155", "changes": changes}]}


def value(*messages: object, **more: object) -> dict:
    return {"messaging_product": "whatsapp", "metadata": METADATA, "messages": list(messages)} | more


def events_of(*messages: object, **more: object) -> list:
    return decode(json.dumps(envelope(value(*messages, **more))).encode())


def raw_events_of(item: bytes) -> list:
    """One message given as raw bytes, between two good ones."""
    good = json.dumps(GOOD).encode()
    body = json.dumps(envelope(value("HERE"))).encode().replace(b'"HERE"', good + b"," + item + b"," + good)
    return decode(body)


BAD_ITEMS = [
    None,
    1,
    "text",
    [],
    {},
    {"type": "text"},
    GOOD | {"id": 5},
    GOOD | {"id": ""},
    GOOD | {"id": "a b"},
    GOOD | {"timestamp": "soon"},
    GOOD | {"timestamp": None},
    GOOD | {"timestamp": "99999999999"},
    GOOD | {"timestamp": 10**30},
    GOOD | {"text": "نص"},
    GOOD | {"text": None},
    GOOD | {"type": "interactive"},
    GOOD | {"type": "button"},
    GOOD | {"type": "system"},
    GOOD | {"type": "x" * 41},
    GOOD | {"type": ""},
    GOOD | {"context": {"id": 7}},
    GOOD | {"from": None},
    GOOD | {"from": "120363-group"},
    GOOD | {"text": {"body": {"a": 1}}},
]


@pytest.mark.parametrize("bad", BAD_ITEMS, ids=lambda bad: json.dumps(bad)[:60])
def test_a_bad_item_is_set_apart_and_its_neighbours_are_read(bad: object):
    before, odd, after = events_of(GOOD, bad, GOOD)
    assert isinstance(odd, Malformed)
    assert odd.path == "entry[0].changes[0].value.messages[1]"
    assert (odd.phone_number_id, odd.waba_id) == ("1055", "2155")
    assert before == after
    assert isinstance(before, TextReceived)


def test_a_bad_item_still_says_who_sent_it():
    """So that what is waiting for this person can be held until somebody looked."""
    person = {"from": "966500000001", "id": 5}
    contacts = [{"wa_id": "966500000001", "user_id": "SA.1", "profile": {"name": "منى"}}]
    (odd,) = events_of(person, contacts=contacts)
    assert odd.sender == Sender("966500000001", "SA.1", "منى")
    (half,) = events_of({"from": 966500000001, "from_user_id": "SA.2"})
    assert half.sender == Sender(None, "SA.2")


@pytest.mark.parametrize("bad", [None, 5, "x", {"field": 1}, {"value": {}}, {"field": "messages", "value": []}])
def test_a_bad_change_and_a_bad_entry_harm_nobody(bad: object):
    body = envelope(value(GOOD))
    body["entry"][0]["changes"].insert(0, bad)
    body["entry"].insert(0, "entry")
    first, second, good = decode(json.dumps(body).encode())
    assert (first.path, second.path) == ("entry[0]", "entry[1].changes[0]")
    assert isinstance(good, TextReceived)


@pytest.mark.parametrize("bad", ["none", {}, {"a": 1}, True])
def test_an_array_that_is_none_is_set_apart_and_the_other_arrays_are_read(bad: object):
    status = {"id": "wamid.OUT", "status": "sent", "timestamp": 1763800001}
    odd, good = decode(json.dumps(envelope(value() | {"messages": bad, "statuses": [status]})).encode())
    assert isinstance(odd, Malformed)
    assert odd.path == "entry[0].changes[0].value.messages"
    assert isinstance(good, StatusReceived)


def test_contacts_are_matched_by_id_and_not_by_position():
    contacts = [
        {"wa_id": "966500000002", "profile": {"name": "هند"}},
        "bad",
        {"wa_id": "966500000001", "profile": {"name": "منى"}},
    ]
    (event,) = events_of(GOOD, contacts=contacts)
    assert event.sender.name == "منى"
    (stranger,) = events_of(GOOD, contacts=contacts[:2])
    assert stranger.sender.name is None


def test_the_id_in_the_message_wins_over_the_contact():
    """An operator is bound to from_user_id: nothing beside it may replace it."""
    (event,) = events_of(GOOD | {"from_user_id": "SA.1"}, contacts=[{"wa_id": "966500000001", "user_id": "SA.2"}])
    assert event.sender.bsuid == "SA.1"


def test_an_item_without_our_number_belongs_to_nobody():
    (odd,) = decode(json.dumps(envelope({"messages": [GOOD]})).encode())
    assert isinstance(odd, Malformed)
    assert odd.phone_number_id is None
    assert odd.sender == Sender("966500000001", None)


def test_an_unknown_type_is_still_a_message_of_that_person():
    (event,) = events_of(GOOD | {"type": "hologram"})
    assert isinstance(event, OtherMessage)
    assert (event.type, event.opens_window) == ("hologram", True)


def test_an_unknown_button_id_is_a_tap_that_says_so():
    tap = GOOD | {
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": "old:1", "title": "x"}},
    }
    (event,) = events_of(tap)
    assert isinstance(event, ButtonTapped)
    assert event.reply.kind is ButtonKind.UNKNOWN_BUTTON_ID
    assert event.reply.raw_id == "old:1"


def test_an_unknown_system_message_is_seen_and_not_acted_on():
    (event,) = events_of({"id": "wamid.S", "timestamp": 1, "type": "system", "system": {"type": "user_moved"}})
    assert isinstance(event, Unrecognised)
    assert event.what == "system user_moved"


def test_errors_of_a_failed_status_survive_one_that_cannot_be_read():
    errors = [{"code": "x"}, None, {"code": 131026, "error_data": "text"}]
    status = {"id": "wamid.O", "status": "failed", "timestamp": "1", "errors": errors}
    (event,) = decode(json.dumps(envelope({"metadata": METADATA, "statuses": [status]})).encode())
    assert [(error.code, error.details) for error in event.errors] == [(131026, "text")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b'"a\\u0000b"', "ab"),
        (b'"a\x00b"', "ab"),
        (b'"a\\ud83d"', "a\ufffd"),
        (b'"a\\ud83d\\ude00"', "a😀"),
        (b'"a\xff"', "a\ufffd"),
        (b'"a\x01b"', "a\x01b"),
        (b'"\\\\u0000"', "\\u0000"),
    ],
)
def test_odd_characters_cost_nobody_a_message(text: bytes, read: str):
    events = raw_events_of(json.dumps(GOOD).encode().replace(b'"\\u0646\\u0639\\u0645"', text))
    assert [event.text for event in events] == ["نعم", read, "نعم"]


@pytest.mark.parametrize("extra", [b"NaN", b"-Infinity", b"9" * 5000, b"1e999", b"-1e999"])
def test_odd_numbers_cost_nobody_a_message(extra: bytes):
    assert (
        len(
            [
                event
                for event in raw_events_of(json.dumps(GOOD).encode()[:-1] + b',"x":' + extra + b"}")
                if isinstance(event, TextReceived)
            ]
        )
        == 3
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"object":"whatsapp_business_account","entry":5}',
        b"[" * 65 + b"]" * 65,
        b'{"object":"whatsapp_business_account","entry":[' + b'{"a":' * 70 + b"1" + b"}" * 70 + b"]}",
        b"[" * 200_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_envelope_is_unreadable(body: bytes):
    with pytest.raises(UnreadableBody):
        decode(body)


def test_brackets_inside_texts_are_not_nesting():
    (event,) = events_of(GOOD | {"text": {"body": "[{" * 500 + '\\"'}})
    assert isinstance(event, TextReceived)


def test_many_items_are_not_deep():
    assert len(events_of(*[GOOD] * 1000)) == 1000


def test_an_envelope_of_something_else_is_seen():
    assert decode(b'{"object":"page","entry":[{}]}') == [Unrecognised(field="page", what="object", path="object")]


def test_an_empty_envelope_says_nothing():
    assert decode(b'{"object":"whatsapp_business_account","entry":[]}') == []


def test_a_byte_order_mark_is_ignored():
    assert len(decode(b"\xef\xbb\xbf" + json.dumps(envelope(value(GOOD))).encode())) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GOOD, "from_user_id", "system", "interactive", "button", "context", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(JSON, st.sampled_from(["messages", "statuses", "contacts", "errors"]))
def test_no_item_however_odd_loses_a_neighbour(odd: object, name: str):
    body = value(GOOD)
    body[name] = [*body.get(name, []), odd]
    body["messages"] = [*body["messages"], GOOD]
    texts = [
        e
        for e in decode(json.dumps(envelope(body)).encode())
        if isinstance(e, TextReceived) and e.wamid == "wamid.GOOD"
    ]
    assert len(texts) >= 2


@pytest.mark.parametrize("depth", [64, 65])
def test_nesting_is_read_up_to_64(depth: int):
    inner = depth - 8
    deep = json.dumps(GOOD).encode()[:-1] + b',"x":' + b"[" * inner + b"]" * inner + b"}"
    body = json.dumps(envelope(value("HERE"))).encode().replace(b'"HERE"', deep)
    if depth <= 64:
        assert len(decode(body)) == 1
    else:
        with pytest.raises(UnreadableBody, match="nested"):
            decode(body)
