"""The phones, what lies in their chats, and the customer service window. Pure state: no clock, no network."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wakeel.simulator.personas import Persona

WINDOW_S = 24 * 3600
"""Customer service window: 24 h from the person's last message. Source: Meta, "Service messages", read 2026-11-22."""

TYPING_S = 25
"""A typing indicator ends with the next message or after 25 s. Source: Meta, "Typing indicators", read 2026-11-22."""


KEPT = 500
"""Newest messages of each phone; older ones leave the chat and can no longer be tapped."""

LADDER = ("sent", "delivered", "read")
"""What the sender of a message is told, in this order."""


class Taken(ValueError):
    """Two phones cannot share a number or a business-scoped user id."""

    def __init__(self, wa_id: str, bsuid: str) -> None:
        super().__init__(f"phone {wa_id}: this wa_id or bsuid ({bsuid}) is taken by another phone")


class Direction(StrEnum):
    """Seen by the owner of the phone."""

    RECEIVED = "received"  # came from the business
    SENT = "sent"  # typed or tapped by the owner


class Ticks(StrEnum):
    """What the owner sees beside a message of their own."""

    WAITING = "waiting"  # the product's webhook has not answered 200 yet
    DELIVERED = "delivered"  # the product took it
    READ = "read"  # the product sent a read receipt


RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3}
"""Statuses of a message from the business, as far as they replace each other on the page."""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One status that was sent to the product. at: business time; code: None unless failed."""

    status: str
    at: float
    code: int | None = None


@dataclass(slots=True)
class Message:
    """One bubble. at: business time in Unix seconds.

    payload: the request body of a received message, else None; buttons and rows are read from it.
    """

    wamid: str
    direction: Direction
    at: float
    type: str
    text: str = ""
    payload: dict[str, Any] | None = None
    context_wamid: str | None = None
    by_bsuid: bool = False
    status: str = ""
    statuses: list[StatusEvent] = field(default_factory=list)
    error_code: int | None = None

    def add_status(self, event: StatusEvent) -> None:
        """Keep the event and show the furthest one; failed shows unless a later step proves otherwise."""
        self.statuses.append(event)
        if event.status == "failed":
            self.status, self.error_code = "failed", event.code
        elif RANK.get(event.status, 0) > RANK.get(self.status, 0) or self.status == "failed":
            self.status, self.error_code = event.status, None

    def owed(self) -> tuple[str, ...]:
        """Statuses the business was not told yet, in order; none after a failure, none of the owner's own messages."""
        told = {event.status for event in self.statuses}
        if self.direction is Direction.SENT or "failed" in told:
            return ()
        return tuple(status for status in LADDER if status not in told)

    @property
    def callback(self) -> str | None:
        """biz_opaque_callback_data of the request; None when it carried none."""
        return (self.payload or {}).get("biz_opaque_callback_data")


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """A message to nobody here, until its `failed` was sent. address: `recipient_id` or `recipient_user_id`."""

    address: dict[str, str]
    message: Message


@dataclass(slots=True)
class Phone:
    """A persona's phone. last_inbound_at: business time; None while the person never wrote."""

    persona: Persona
    bsuid: str
    last_inbound_at: float | None = None
    typing_until: float | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def wa_id(self) -> str:
        """The digits of the phone; the page's key, whether or not the product ever sees them."""
        return self.persona.wa_id

    def recast(self, persona: Persona) -> None:
        """Follow the personas file; a bsuid that was changed on the bench stays."""
        if self.bsuid == self.persona.bsuid:
            self.bsuid = persona.bsuid
        self.persona = persona

    def window_open_until(self) -> float | None:
        """When free text stops being accepted; None while the person never wrote."""
        return None if self.last_inbound_at is None else self.last_inbound_at + WINDOW_S

    def window_is_open(self, *, now: float) -> bool:
        """Half-open: at exactly 24 h the window is closed."""
        until = self.window_open_until()
        return until is not None and now < until

    def wrote(self, message: Message) -> None:
        """Keep a message of the owner; a late one (older timestamp) never shortens the window."""
        self.messages.append(message)
        self.last_inbound_at = max(message.at, self.last_inbound_at or message.at)

    def received(self, message: Message) -> None:
        """Keep a message of the business; it ends the typing indicator."""
        self.messages.append(message)
        self.typing_until = None


class World:
    """All phones, in the order of the personas file, then those it does not name."""

    def __init__(self, personas: Iterable[Persona], *, kept: Iterable[Phone] = ()) -> None:
        """kept: phones of the last process, with their chats. Raises Taken."""
        self.phones: dict[str, Phone] = {}
        self._by_wamid: dict[str, tuple[Phone, Message]] = {}
        old = {phone.wa_id: phone for phone in kept}
        for persona in personas:
            phone = old.pop(persona.wa_id, None)
            if phone is None:
                self.add(persona)
            else:
                phone.recast(persona)
                self._take(phone)
        for phone in old.values():
            self._take(phone)

    def add(self, persona: Persona) -> Phone:
        """Put a new phone into the world. Raises Taken."""
        return self._take(Phone(persona=persona, bsuid=persona.bsuid))

    def by_bsuid(self, bsuid: str) -> Phone | None:
        """The phone this business-scoped user id points to today."""
        return next((phone for phone in self.phones.values() if phone.bsuid == bsuid), None)

    def keep(self, phone: Phone, message: Message) -> None:
        """Put a message into the chat of a phone."""
        if message.direction is Direction.SENT:
            phone.wrote(message)
        else:
            phone.received(message)
        self._by_wamid[message.wamid] = (phone, message)
        for old in phone.messages[:-KEPT]:
            self._by_wamid.pop(old.wamid, None)
        del phone.messages[:-KEPT]

    def holding(self, wamid: str) -> tuple[Phone, Message] | None:
        """The phone and message of an id; None when it lies in no chat."""
        return self._by_wamid.get(wamid)

    def _take(self, phone: Phone) -> Phone:
        if phone.wa_id in self.phones or self.by_bsuid(phone.bsuid):
            raise Taken(phone.wa_id, phone.bsuid)
        self.phones[phone.wa_id] = phone
        self._by_wamid |= {message.wamid: (phone, message) for message in phone.messages}
        return phone
