"""What Meta finds wrong with a message only after it said yes, and how far back a quote reaches."""

from tests.simulator import payloads as p
from wakeel.simulator.accepted import REACH_S, Request, message_of
from wakeel.simulator.personas import Persona
from wakeel.simulator.world import Direction, Message, Phone, World

JUST_IN_REACH = 1000.0 + REACH_S
REACTION = p.message("reaction", {"message_id": "wamid.1", "emoji": "👍"})
REPLY = p.TEXT | {"context": {"message_id": "wamid.1"}}


def a_world() -> tuple[World, Phone]:
    """One chat with a message of the person, written at 1000 s."""
    world = World((Persona(wa_id="1", bsuid="SA.1", name="أ"),))
    phone = world.phones["1"]
    world.keep(phone, Message(wamid="wamid.1", direction=Direction.SENT, at=1000.0, type="text", text="نص"))
    return world, phone


def accepted(payload: p.Json, *, at: float = JUST_IN_REACH) -> Message:
    world, phone = a_world()
    request = Request(payload=payload, phone=phone, at=at, by_bsuid=False, filled=None, ttl_s=60)
    return message_of(request, wamid="wamid.2", world=world, media=lambda _: None)


def test_a_reaction_reaches_thirty_days_back():
    assert accepted(REACTION).doom is None
    late = accepted(REACTION, at=JUST_IN_REACH + 1)
    assert (late.doom, "too old" in late.doom_details) == (131009, True)


def test_a_quote_of_something_older_is_taken_and_not_shown():
    assert accepted(REPLY).context_wamid == "wamid.1"
    late = accepted(REPLY, at=JUST_IN_REACH + 1)
    assert (late.context_wamid, late.doom) == (None, None)
