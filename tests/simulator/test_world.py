"""The window and the statuses, without a process."""

from wakeel.simulator.personas import Persona
from wakeel.simulator.world import Direction, Message, Phone, StatusEvent, World

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
