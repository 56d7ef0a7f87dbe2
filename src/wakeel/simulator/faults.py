"""Faults a person or a test asked for. Nothing here is random."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happens to one POST to /messages."""

    REFUSE = "refuse"  # Meta's error body with a chosen code
    ANSWER_LOST = "answer_lost"  # accepted, statuses flow, the connection closes without an answer
    NEVER_REACHED = "never_reached"  # the connection closes, nothing was accepted
    HTTP_500 = "http_500"  # an HTTP 500; accepted only if asked for
    SLOW = "slow"  # handled at once, answered late


class FaultMistake(Exception):
    """A fault was asked for in a way that makes no sense; the message names the field."""


@dataclass(frozen=True, slots=True)
class SendFault:
    """One fault for one send.

    to: wa_id of the only recipient it waits for; None takes the next send to anybody.
    code, http_status: for refuse. seconds: for slow. accepted: for http_500.
    """

    kind: Kind
    code: int = 131000
    http_status: int | None = None
    seconds: float = 0.0
    accepted: bool = False
    to: str | None = None


@dataclass(slots=True)
class Faults:
    """The faults that are set now."""

    next_sends: list[SendFault] = field(default_factory=list)
    duplicate_webhooks: bool = False
    hold_statuses: bool = False
    hold_webhooks: bool = False

    def take(self, wa_id: str | None) -> SendFault | None:
        """The fault this send meets, used up by it; None when it meets none."""
        for fault in self.next_sends:
            if fault.to is None or fault.to == wa_id:
                self.next_sends.remove(fault)
                return fault
        return None

    def change(self, wish: dict[str, Any]) -> None:
        """Replace the fields that are given, keep the others. Raises FaultMistake and then changes nothing."""
        unknown = wish.keys() - set(Faults.__dataclass_fields__)
        if unknown:
            raise FaultMistake(f"unknown field {sorted(unknown)[0]}")
        for name in wish.keys() - {"next_sends"}:
            if not isinstance(wish[name], bool):
                raise FaultMistake(f"{name} must be true or false")
        sends = wish.get("next_sends", self.next_sends)
        if not isinstance(sends, list):
            raise FaultMistake("next_sends must be a list")
        fresh = [fault if isinstance(fault, SendFault) else _send_fault(fault) for fault in sends]
        for name in wish.keys() - {"next_sends"}:
            setattr(self, name, wish[name])
        self.next_sends = fresh


FIELDS: dict[str, tuple[type, ...]] = {
    "code": (int,),
    "http_status": (int,),
    "seconds": (int, float),
    "accepted": (bool,),
    "to": (str,),
}


def _send_fault(wish: object) -> SendFault:
    if not isinstance(wish, dict):
        raise FaultMistake("each of next_sends must be an object")
    given = {name: value for name, value in wish.items() if name != "kind" and value is not None}
    for name, value in given.items():
        if name not in FIELDS or not isinstance(value, FIELDS[name]):
            raise FaultMistake(f"next_sends: {name} is unknown or has the wrong type")
    try:
        return SendFault(kind=Kind(str(wish.get("kind"))), **given)
    except ValueError:
        raise FaultMistake(f"next_sends: kind must be one of {', '.join(Kind)}") from None
