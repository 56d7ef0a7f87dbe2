"""The window and the statuses, without a process."""

import json

import pytest

from wakeel.simulator.ids import steady_bsuid
from wakeel.simulator.personas import Persona, Reads
from wakeel.simulator.snapshot import Snapshot, from_dict, to_dict
from wakeel.simulator.world import KEPT, Direction, Message, Phone, StatusEvent, Taken, World

DAY_S = 24 * 3600


def wrote(at: float, wamid: str = "wamid.1") -> Message:
    return Message(wamid=wamid, direction=Direction.SENT, at=at, type="text", text="نص")


def a_phone() -> Phone:
    return Phone(persona=Persona(wa_id="966500000009", bsuid="SA.9", name="منى"), bsuid="SA.9")


def test_the_window_is_closed_until_the_person_writes_and_again_at_exactly_24_hours():
    phone = a_phone()
    assert not phone.window_is_open(now=1000.0)
    phone.wrote(wrote(1000.0))
    assert phone.window_is_open(now=1000.0 + DAY_S - 0.001)
    assert not phone.window_is_open(now=1000.0 + DAY_S)


def test_a_late_message_never_shortens_the_window():
    phone = a_phone()
    phone.wrote(wrote(5000.0))
    phone.wrote(wrote(1000.0, "wamid.2"))
    assert phone.window_open_until() == 5000.0 + DAY_S


def test_a_message_shows_its_furthest_status():
    message = Message(wamid="wamid.3", direction=Direction.RECEIVED, at=0.0, type="text", status="accepted")
    for status in ("read", "sent"):
        message.add_status(StatusEvent(status=status, at=1.0))
    assert message.status == "read"
    message.add_status(StatusEvent(status="failed", at=2.0, code=131026))
    assert (message.status, message.error_code) == ("failed", 131026)
    message.add_status(StatusEvent(status="delivered", at=3.0))
    assert (message.status, message.error_code) == ("delivered", None)
    assert [event.status for event in message.statuses] == ["read", "sent", "failed", "delivered"]


def test_a_message_is_found_by_its_id_on_its_own_phone():
    world = World((Persona(wa_id="1", bsuid="SA.1", name="أ"), Persona(wa_id="2", bsuid="SA.2", name="ب")))
    message = wrote(1.0)
    world.keep(world.phones["2"], message)
    assert world.holding("wamid.1") == (world.phones["2"], message)
    assert world.holding("wamid.none") is None


def test_the_oldest_messages_leave_a_long_chat():
    world = World((Persona(wa_id="1", bsuid="SA.1", name="أ"),))
    phone = world.phones["1"]
    for number in range(KEPT + 2):
        world.keep(phone, wrote(float(number), f"wamid.{number}"))
    assert [message.wamid for message in phone.messages] == [f"wamid.{number}" for number in range(2, KEPT + 2)]
    assert world.holding("wamid.1") is None
    assert world.holding("wamid.2")
    assert phone.last_inbound_at == KEPT + 1


def test_a_message_owes_what_was_not_told_and_nothing_after_a_failure():
    message = Message(wamid="wamid.4", direction=Direction.RECEIVED, at=0.0, type="text", status="accepted")
    assert message.owed() == ("sent", "delivered", "read")
    message.add_status(StatusEvent(status="sent", at=1.0))
    assert message.owed() == ("delivered", "read")
    message.add_status(StatusEvent(status="failed", at=2.0, code=131026))
    assert message.owed() == ()
    assert wrote(1.0).owed() == ()


def test_a_kept_phone_follows_the_file_but_for_a_bsuid_changed_on_the_bench():
    old = Persona(wa_id="1", bsuid="SA.1", name="أ", says=("قديم",))
    new = Persona(wa_id="1", bsuid="SA.1b", name="ب", says=("جديد",))
    same, swapped = Phone(persona=old, bsuid="SA.1"), Phone(persona=old, bsuid="SA.SWAPPED")
    for phone, bsuid in ((same, "SA.1b"), (swapped, "SA.SWAPPED")):
        phone.wrote(wrote(1.0))
        world = World((new,), kept=(phone,))
        assert world.phones["1"].persona == new
        assert world.phones["1"].bsuid == bsuid
        assert world.holding("wamid.1") == (phone, phone.messages[0])


def test_phones_of_the_file_come_first_and_nobody_is_forgotten():
    kept = [Phone(persona=Persona(wa_id=wa_id, bsuid=f"SA.{wa_id}", name=wa_id), bsuid=f"SA.{wa_id}") for wa_id in "31"]
    world = World([Persona(wa_id=wa_id, bsuid=f"SA.{wa_id}", name=wa_id) for wa_id in "12"], kept=kept)
    assert list(world.phones) == ["1", "2", "3"]


def test_a_new_persona_cannot_take_the_bsuid_of_a_kept_phone():
    kept = Phone(persona=Persona(wa_id="1", bsuid="SA.1", name="أ"), bsuid="SA.SWAPPED")
    with pytest.raises(Taken, match=r"phone 1: .*SA\.SWAPPED"):
        World((Persona(wa_id="2", bsuid="SA.SWAPPED", name="ب"),), kept=(kept,))


def test_read_makes_delivered_needless():
    """Meta leaves `delivered` out when the chat is open."""
    message = Message(wamid="wamid.5", direction=Direction.RECEIVED, at=0.0, type="text", status="accepted")
    message.add_status(StatusEvent(status="read", at=1.0))
    assert message.owed() == ("sent",)


def test_a_number_that_moved_stays_moved_over_a_restart():
    """The personas file still names the old number: nobody new may appear under it."""
    cast = [Persona(wa_id=wa_id, bsuid=f"SA.{wa_id}", name="أ") for wa_id in "12"]
    world = World(cast)
    moved = world.phones["1"]
    world.renumber(moved, wa_id="9", bsuid="SA.9")
    moved.change(name="ب", reads=Reads.OFF)
    with pytest.raises(Taken):
        world.renumber(world.phones["2"], wa_id="9", bsuid="SA.3")
    past = Snapshot(phones=list(world.phones.values()), undeliverable=[], sent=[], parcels=[])
    kept = from_dict(json.loads(json.dumps(to_dict(past)))).phones
    again = World(cast, kept=kept)
    assert list(again.phones) == ["9", "2"]
    phone = again.phones["9"]
    assert (phone.bsuid, phone.persona.name) == ("SA.9", "ب")
    assert phone.persona.reads is Reads.OFF


def test_what_a_blocked_person_writes_opens_nothing():
    phone = a_phone()
    phone.blocked = True
    phone.wrote(wrote(1000.0))
    assert [message.wamid for message in phone.messages] == ["wamid.1"]
    assert phone.last_inbound_at is None


def reaction(emoji: str | None, wamid: str, *, direction: Direction, at: float = 5.0) -> Message:
    part = {"message_id": "wamid.1"} | ({} if emoji is None else {"emoji": emoji})
    return Message(wamid=wamid, direction=direction, at=at, type="reaction", payload={"reaction": part})


def test_each_side_has_one_reaction_on_a_message():
    world = World((Persona(wa_id="1", bsuid="SA.1", name="أ"),))
    phone = world.phones["1"]
    world.keep(phone, wrote(1.0))
    for emoji, direction in (("👍", Direction.RECEIVED), ("🙏", Direction.SENT), ("❤️", Direction.RECEIVED)):
        world.keep(phone, reaction(emoji, f"wamid.{emoji}", direction=direction))
    assert phone.messages[0].reactions == {"owner": "🙏", "business": "❤️"}
    world.keep(phone, reaction("", "wamid.r4", direction=Direction.RECEIVED))
    world.keep(phone, reaction(None, "wamid.r5", direction=Direction.SENT))
    assert phone.messages[0].reactions == {}


def test_a_reaction_opens_no_window_and_owes_only_sent():
    world = World((Persona(wa_id="1", bsuid="SA.1", name="أ"),))
    phone = world.phones["1"]
    world.keep(phone, reaction("👍", "wamid.r", direction=Direction.SENT))
    assert phone.window_open_until() is None
    assert reaction("👍", "wamid.s", direction=Direction.RECEIVED).owed() == ("sent",)


def test_a_message_is_lost_once_its_time_to_live_is_over():
    message = Message(wamid="wamid.5", direction=Direction.RECEIVED, at=100.0, type="template", ttl_s=30)
    assert [message.is_lost(now=now) for now in (129.0, 130.0)] == [False, True]
    message.add_status(StatusEvent(status="delivered", at=110.0))
    assert not message.is_lost(now=130.0)


def test_a_number_that_somebody_left_is_given_to_another_person():
    """Recycled numbers are the reason why nobody may be known by theirs."""
    cast = [Persona(wa_id="1", bsuid=steady_bsuid("1"), name="أ")]
    world = World(cast)
    left = world.phones["1"]
    world.renumber(left, wa_id="9", bsuid=world.fresh_bsuid("9"))
    came = world.add(Persona(wa_id="1", bsuid=steady_bsuid("1"), name="ب"))
    assert len({steady_bsuid("1"), left.bsuid, came.bsuid}) == 3
    again = World(cast, kept=[came, left])
    assert [(wa_id, phone.bsuid) for wa_id, phone in again.phones.items()] == [("9", left.bsuid), ("1", came.bsuid)]
    assert again.fresh_bsuid("1") not in {steady_bsuid("1"), came.bsuid}
