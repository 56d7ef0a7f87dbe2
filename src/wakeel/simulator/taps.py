"""What a tap sends: the part of the webhook message, read from the card that was tapped. Pure.

Source: Meta, "Interactive reply buttons", "Interactive list messages", "Button messages webhook" and "Location request
messages", read 2026-11-22. Links, calls and codes send nothing.
"""

from typing import Any

from wakeel.simulator.bubbles.interactive import SHARE_NUMBER
from wakeel.simulator.drawing import choices, list_rows
from wakeel.simulator.inbound import own_card
from wakeel.simulator.world import Message

Json = dict[str, Any]


def tapped(card: Message | None, choice_id: str, *, wa_id: str, title: str | None = None) -> Json | None:
    """The `type` of the message and its part; None if there is nothing of this id to tap and no title is forced.

    card: None when the tapped message lies in no chat. title: what a hostile client says the label was.
    wa_id: whose number a card of their own would show.
    """
    choice = next((each for each in choices(card) if each["id"] == choice_id), None) if card else None
    if choice is None and title is None:
        return None
    if choice is not None and choice_id == SHARE_NUMBER and title is None:
        return own_card(wa_id)
    reply = (choice or {"id": choice_id}) | ({} if title is None else {"title": title})
    if card and card.type == "template":
        return {"type": "button", "button": {"payload": choice_id, "text": reply["title"]}}
    kind = "list_reply" if card and list_rows(card) else "button_reply"
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}
