"""The JSON object that outlives a process, and objects that are none."""

import json

import pytest

from wakeel.simulator.carrier import Parcel
from wakeel.simulator.personas import Persona, Reply, Role
from wakeel.simulator.rules.held import Held
from wakeel.simulator.rules.ledger import Bucket, Ledger
from wakeel.simulator.snapshot import VERSION, Snapshot, SnapshotFault, from_dict, nothing, to_dict
from wakeel.simulator.world import Direction, Message, Phone, StatusEvent, Ticks, Undeliverable

PAYLOAD = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "action": {"buttons": [{"type": "reply", "reply": {"id": "x", "title": "قبول"}}]},
    },
}


def a_snapshot() -> Snapshot:
    persona = Persona(
        wa_id="966500000009",
        bsuid="SA.9",
        name="منى",
        role=Role.OPERATOR,
        hide_phone=True,
        username="muna",
        writes_first="مرحباً",
        says=("نعم", "لا"),
        replies=(Reply(contains="موعد", answer="الأحد", after_s=2.0),),
    )
    phone = Phone(persona=persona, bsuid="SA.SWAPPED", last_inbound_at=12.5, typing_until=40.0)
    phone.messages = [
        Message(
            wamid="wamid.1",
            direction=Direction.RECEIVED,
            at=10.0,
            type="interactive",
            text="فرصة",
            payload=PAYLOAD,
            by_bsuid=True,
            status="failed",
            statuses=[StatusEvent("sent", 11.0), StatusEvent("failed", 12.0, 131026)],
            error_code=131026,
        ),
        Message("wamid.2", Direction.SENT, 12.5, "text", "نصف \ud800", context_wamid="wamid.1", status=Ticks.WAITING),
    ]
    lost = Undeliverable(
        {"recipient_id": "9665"}, Message("wamid.3", Direction.RECEIVED, 9.0, "text", payload={"a": 1})
    )
    sent = [{"wamid": "wamid.1", "to": "9665", "callback": None, "at": 10.0, "payload": PAYLOAD}]
    held = Held(Message("wamid.4", Direction.RECEIVED, 9.0, "template"), "9665", "offer", "ar", until=1_809.0)
    ledger = Ledger(
        reached={"SA.9": 9.0}, marketing={"SA.9": [9.0]}, paced={"offer/ar": 3}, pairs=Bucket({"SA.9": 15.0})
    )
    parcels = [Parcel('{"object":1}', "wamid.2")]
    return Snapshot(phones=[phone], undeliverable=[lost], sent=sent, parcels=parcels, held=[held], ledger=ledger)


def test_what_is_read_is_what_was_written():
    written = a_snapshot()
    read = from_dict(json.loads(json.dumps(to_dict(written))))
    assert to_dict(read) == to_dict(written)
    assert read.phones == written.phones
    assert read.undeliverable == written.undeliverable
    assert read.sent == written.sent
    assert (read.held, read.ledger) == (written.held, written.ledger)
    assert [(parcel.body, parcel.wamid) for parcel in read.parcels] == [('{"object":1}', "wamid.2")]
    assert type(read.phones[0].persona.role) is Role
    assert type(read.phones[0].messages[0].direction) is Direction


def test_the_written_object_does_not_follow_the_living_phones():
    """It is written in a thread while the phones go on."""
    snapshot = a_snapshot()
    table = to_dict(snapshot)
    before = json.dumps(table)
    snapshot.phones[0].messages.clear()
    snapshot.sent[0]["to"] = "somebody else"
    assert json.dumps(table) == before


def broken(**changes: object) -> dict[str, object]:
    return to_dict(nothing()) | changes


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ([], "no version"),
        ({"phones": []}, "no version"),
        (broken(version=VERSION + 1), f"version {VERSION + 1}"),
        (broken(version=str(VERSION)), "version"),
        ({"version": VERSION}, "phones"),
        (broken(phones=[{"bsuid": "SA.1"}]), "persona"),
        (broken(phones={}), "phones"),
        (broken(undeliverable=[{"address": {}, "message": {"wamid": 5}}]), "wamid"),
        (broken(parcels=[{"body": 5}]), "body"),
        (broken(sent=["row"]), "sent"),
    ],
)
def test_any_other_object_is_refused_with_the_place(table: object, word: str):
    with pytest.raises(SnapshotFault, match=word):
        from_dict(table)


def test_a_file_of_yesterday_has_no_held_messages_and_nothing_counted():
    table = to_dict(a_snapshot())
    del table["held"], table["ledger"]
    read = from_dict(table)
    assert (read.held, read.ledger) == ([], Ledger())
