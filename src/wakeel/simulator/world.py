"""The phones, what lies in their chats, and the customer service window. Pure state: no clock, no network."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import Any

from wakeel.simulator.ids import steady_bsuid, steady_hash
from wakeel.simulator.personas import Persona

WINDOW_S = 24 * 3600
"""Customer service window: 24 h from the person's last message. Source: Meta, "Service messages", read 2026-11-22."""

TYPING_S = 25
"""A typing indicator ends with the next message or after 25 s. Source: Meta, "Typing indicators", read 2026-11-22."""


KEPT = 500
"""Newest messages of each phone; older ones leave the chat and can no longer be tapped."""

TTL_S = 30 * 24 * 3600
"""How long Meta tries to deliver a message that names no end. Source: Meta, "Time-to-live", read 2026-11-22."""

LADDER = ("sent", "delivered", "read")
"""What the sender of a message is told, in this order; of a reaction only the first (Meta, "Reaction messages", read
2026-11-22)."""


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
    """One status that was sent to the product. at: business time; code: None unless failed or a warning.

    details: words of that error; empty for its usual ones. costs: `pricing`, perhaps `conversation` (see `tariff`).
    """

    status: str
    at: float
    code: int | None = None
    details: str = ""
    costs: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """One bubble. at: business time in Unix seconds.

    payload: what the bubble is drawn from: the request body of a received message; of the owner's own message its
    `type` and the part of that name as the webhook has them, None for a plain text.
    filled: of a template message, the template as it was sent (see `filling`): later changes do not reach the chat.
    reactions: who (`business` or `owner`) to the emoji that hangs on this bubble.
    doom, doom_details: the code of the `failed` that comes instead of the ladder, and its words; None for a normal end.
    ttl_s: how long Meta tries to deliver it; what a phone that was off longer missed, nobody is told of.
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
    filled: dict[str, Any] | None = None
    reactions: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    revoked: bool = False
    doom: int | None = None
    doom_details: str = ""
    ttl_s: int = TTL_S

    def add_status(self, event: StatusEvent) -> None:
        """Keep the event and show the furthest one; failed shows unless a later step proves otherwise."""
        self.statuses.append(event)
        if event.status == "failed":
            self.status, self.error_code = "failed", event.code
        elif RANK.get(event.status, 0) > RANK.get(self.status, 0) or self.status == "failed":
            self.status, self.error_code = event.status, None

    def owed(self) -> tuple[str, ...]:
        """Statuses the business was not told yet, in order; none after a failure, none of the owner's own messages.

        `read` makes `delivered` needless (Meta, "Status messages", read 2026-11-22).
        """
        told = {event.status for event in self.statuses}
        told |= {"delivered"} if "read" in told else set()
        if self.direction is Direction.SENT or "failed" in told:
            return ()
        ladder = LADDER[:1] if self.type == "reaction" else LADDER
        return tuple(status for status in ladder if status not in told)

    def is_lost(self, *, now: float) -> bool:
        """True if Meta stopped trying before it could be delivered."""
        reached = any(event.status in {"delivered", "read"} for event in self.statuses)
        return not reached and now >= self.at + self.ttl_s

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
    """A persona's phone. last_inbound_at: business time; None while the person never wrote.

    blocked: by the business: what the owner writes reaches nobody. marketing_stopped: the owner's own choice.
    changed: fields of the persona that were changed on the bench; they outlive the personas file of the next start.
    listed_as: the wa_id by which that file knows the phone; empty while the number was never changed.
    former: user ids it had before.
    referred_at: when the owner came from an ad; free_entry_until: end of the free entry point window that followed.
    turns, spent: how often the script answered, and its rules that are used up.
    devices: how often the owner's device or key was changed.
    """

    persona: Persona
    bsuid: str
    last_inbound_at: float | None = None
    typing_until: float | None = None
    messages: list[Message] = field(default_factory=list)
    blocked: bool = False
    marketing_stopped: bool = False
    changed: list[str] = field(default_factory=list)
    listed_as: str = ""
    former: list[str] = field(default_factory=list)
    referred_at: float | None = None
    free_entry_until: float | None = None
    turns: int = 0
    spent: list[int] = field(default_factory=list)
    devices: int = 0

    @property
    def wa_id(self) -> str:
        """The digits of the phone; the page's key, whether or not the product ever sees them."""
        return self.persona.wa_id

    @property
    def script(self) -> str | None:
        """The name of the script that answers for the owner; None when nobody does."""
        return self.persona.script

    @property
    def identity_hash(self) -> str:
        """What Meta's identity check compares; another one after each change of device or user id."""
        return steady_hash(f"{self.bsuid}:{self.devices}")

    def recast(self, persona: Persona) -> None:
        """Follow the personas file; what was changed on the bench stays."""
        if self.bsuid == self.persona.bsuid:
            self.bsuid = persona.bsuid
        self.persona = replace(persona, **{name: getattr(self.persona, name) for name in self.changed})

    def change(self, **fields: Any) -> None:
        """Change fields of the persona for good."""
        self.changed = sorted({*self.changed, *fields})
        self.persona = replace(self.persona, **fields)

    def call_by(self, bsuid: str) -> None:
        """Another user id; the one before is not given to anybody else."""
        self.former.append(self.bsuid)
        self.bsuid = bsuid

    def window_open_until(self) -> float | None:
        """When free text stops being accepted; None while the person never wrote."""
        return None if self.last_inbound_at is None else self.last_inbound_at + WINDOW_S

    def window_is_open(self, *, now: float) -> bool:
        """Half-open: at exactly 24 h the window is closed."""
        until = self.window_open_until()
        return until is not None and now < until

    def wrote(self, message: Message) -> None:
        """Keep a message of the owner; a late one (older timestamp) never shortens the window.

        A reaction is no message to answer: nothing of Meta's says that it opens the window.
        """
        self.messages.append(message)
        if message.type == "reaction" or self.blocked:
            return
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
        old = list(kept)
        for persona in personas:
            phone = _of_file(old, persona.wa_id)
            if phone is None:
                self.add(persona)
            else:
                old = [other for other in old if other is not phone]
                phone.recast(persona)
                self._take(phone)
        for phone in old:
            self._take(phone)

    def add(self, persona: Persona) -> Phone:
        """Put a new phone into the world; a number somebody left comes with another user id. Raises Taken."""
        own = persona.bsuid == steady_bsuid(persona.wa_id)
        bsuid = self.fresh_bsuid(persona.wa_id) if own and persona.wa_id not in self.phones else persona.bsuid
        return self._take(Phone(persona=persona, bsuid=bsuid))

    def fresh_bsuid(self, wa_id: str) -> str:
        """A user id for who takes this number now: none that is or was somebody's."""
        used = {bsuid for phone in self.phones.values() for bsuid in (phone.bsuid, *phone.former)}
        turns = (steady_bsuid(wa_id if turn == 1 else f"{wa_id}:{turn}") for turn in count(1))
        return next(bsuid for bsuid in turns if bsuid not in used)

    def by_bsuid(self, bsuid: str) -> Phone | None:
        """The phone this business-scoped user id points to today."""
        return next((phone for phone in self.phones.values() if phone.bsuid == bsuid), None)

    def renumber(self, phone: Phone, *, wa_id: str, bsuid: str) -> None:
        """Give a phone another number and user id; its chats, its window and its place stay. Raises Taken."""
        others = [other for other in self.phones.values() if other is not phone]
        if any(other.wa_id == wa_id or other.bsuid == bsuid for other in others):
            raise Taken(wa_id, bsuid)
        phone.listed_as = phone.listed_as or phone.wa_id
        phone.change(wa_id=wa_id)
        phone.call_by(bsuid)
        self.phones = {other.wa_id: other for other in self.phones.values()}

    def rebind(self, phone: Phone, bsuid: str) -> None:
        """Give a phone another user id. Raises Taken."""
        owner = self.by_bsuid(bsuid)
        if owner is not None and owner is not phone:
            raise Taken(phone.wa_id, bsuid)
        phone.call_by(bsuid)

    def keep(self, phone: Phone, message: Message) -> None:
        """Put a message into the chat of a phone."""
        if message.direction is Direction.SENT:
            phone.wrote(message)
        else:
            phone.received(message)
        self._by_wamid[message.wamid] = (phone, message)
        if message.type == "reaction" and message.payload and message.doom is None:
            self._react(message.direction, message.payload["reaction"])
        for old in phone.messages[:-KEPT]:
            self._by_wamid.pop(old.wamid, None)
        del phone.messages[:-KEPT]

    def holding(self, wamid: str) -> tuple[Phone, Message] | None:
        """The phone and message of an id; None when it lies in no chat."""
        return self._by_wamid.get(wamid)

    def _react(self, direction: Direction, reaction: dict[str, Any]) -> None:
        """Hang an emoji on its target, in place of an earlier one of the same side; an empty one takes it away."""
        held = self._by_wamid.get(reaction["message_id"])
        if held is None:
            return
        by = "business" if direction is Direction.RECEIVED else "owner"
        held[1].reactions.pop(by, None)
        if emoji := reaction.get("emoji"):
            held[1].reactions[by] = emoji

    def _take(self, phone: Phone) -> Phone:
        if phone.wa_id in self.phones or self.by_bsuid(phone.bsuid):
            raise Taken(phone.wa_id, phone.bsuid)
        self.phones[phone.wa_id] = phone
        self._by_wamid |= {message.wamid: (phone, message) for message in phone.messages}
        return phone


def _of_file(kept: Iterable[Phone], wa_id: str) -> Phone | None:
    """The phone that the personas file knows by this wa_id: one that moved away goes before one that came after it."""
    fitting = [phone for phone in kept if (phone.listed_as or phone.wa_id) == wa_id]
    return max(fitting, key=lambda phone: bool(phone.listed_as), default=None)
