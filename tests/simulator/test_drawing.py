"""The row of a phone, and the mark by which a page knows that it has it already."""

from collections.abc import Callable

import pytest

from tests.simulator import payloads as p
from wakeel.simulator.drawing import phone_mark, phone_row
from wakeel.simulator.personas import Persona
from wakeel.simulator.world import Direction, Message, Phone, StatusEvent


def a_phone() -> Phone:
    phone = Phone(persona=Persona(wa_id="1", bsuid="SA.1", name="منى"), bsuid="SA.1")
    card = Message(wamid="wamid.1", direction=Direction.RECEIVED, at=1.0, type="interactive", payload=p.BUTTONS)
    phone.received(card)
    phone.wrote(Message(wamid="wamid.2", direction=Direction.SENT, at=2.0, type="text", text="نص"))
    return phone


def edit(message: Message) -> None:
    message.text, message.edited = "نص آخر", True


CHANGES: dict[str, Callable[[Phone], object]] = {
    "status": lambda phone: phone.messages[0].add_status(StatusEvent("delivered", 3.0)),
    "same status again": lambda phone: phone.messages[0].add_status(StatusEvent("accepted", 3.0)),
    "failure": lambda phone: phone.messages[0].add_status(StatusEvent("failed", 3.0, 131026)),
    "edit": lambda phone: edit(phone.messages[1]),
    "deletion": lambda phone: setattr(phone.messages[1], "revoked", True),
    "reaction": lambda phone: phone.messages[0].reactions.update(owner="👍"),
    "message": lambda phone: phone.wrote(
        Message(wamid="wamid.3", direction=Direction.SENT, at=3.0, type="text", text="نص")
    ),
    "oldest left": lambda phone: phone.messages.pop(0),
    "typing": lambda phone: setattr(phone, "typing_until", 30.0),
    "name": lambda phone: phone.change(name="هدى"),
    "number hidden": lambda phone: phone.change(hide_phone=True),
    "bsuid": lambda phone: setattr(phone, "bsuid", "SA.2"),
    "block": lambda phone: setattr(phone, "blocked", True),
    "device": lambda phone: setattr(phone, "devices", 1),
    "window": lambda phone: setattr(phone, "last_inbound_at", 99.0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_row_that_changed_has_another_mark(name: str):
    """Else the page would go on showing the old one."""
    phone = a_phone()
    before, mark = phone_row(phone, media=lambda _: None), phone_mark(phone)
    assert before["mark"] == mark == phone_mark(phone)
    CHANGES[name](phone)
    after = phone_row(phone, media=lambda _: None)
    assert after.pop("mark") != before.pop("mark")
    assert after != before


def test_a_plain_text_of_the_owner_is_a_bubble_of_words_only():
    row = phone_row(a_phone(), media=lambda _: None)["messages"][1]
    assert (row["text"], row["direction"], row["type"]) == ("نص", "sent", "text")
    assert not any(row[key] for key in ("header", "buttons", "list", "links", "media", "named", "cards", "unknown"))


def test_what_nobody_can_draw_is_given_as_it_came():
    phone, content = a_phone(), {"type": "poll", "poll": {"question": "؟"}}
    phone.wrote(Message(wamid="wamid.9", direction=Direction.SENT, at=9.0, type="poll", payload=content))
    assert phone_row(phone, media=lambda _: None)["messages"][-1]["unknown"] == content
