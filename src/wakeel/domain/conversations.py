"""Whose item of a webhook is whose: what belongs to one person is carried out in order of arrival, the rest need not.

A conversation is everybody who is connected by a number or a BSUID within what is looked at together.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from wakeel.domain.addresses import match_keys
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    Malformed,
    MessageEchoed,
    OtherMessage,
    PreferenceChanged,
    Sender,
    StatusReceived,
    TextReceived,
    Unrecognised,
)

Addresses = tuple[str, ...]


def addresses_in(event: Event) -> Addresses:
    """Every number (digits, one spelling for all twins) and BSUID of the person an item is about.

    News of the account is a conversation of its own; () for what is about nobody.
    """
    match event:
        case StatusReceived():
            return _addresses(event.recipient_wa_id, event.recipient_bsuid) or (event.wamid,)
        case ButtonTapped() | TextReceived() | OtherMessage() | PreferenceChanged():
            return _of(event.sender)
        case IdentityChanged():
            return _of(event.sender) + _addresses(event.new_wa_id, event.new_bsuid)
        case MessageEchoed():
            return _of(event.to)
        case Malformed():
            return _of(event.sender) if event.sender is not None else ()
        case Unrecognised():
            return ()
        case _:
            return (f"account {event.waba_id}",)


def conversations(items: Iterable[Addresses]) -> list[str]:
    """For each item the name of its conversation: one of its addresses, '' for an item about nobody."""
    found: dict[str, str] = {}
    addressed: list[Addresses] = list(items)
    for addresses in addressed:
        _join(found, addresses)
    return [_root(found, addresses[0]) if addresses else "" for addresses in addressed]


def _join(found: dict[str, str], addresses: Sequence[str]) -> None:
    if not addresses:
        return
    first = _root(found, addresses[0])
    for other in addresses[1:]:
        root = _root(found, other)
        if root != first:
            found[root] = first


def _root(found: dict[str, str], address: str) -> str:
    above = found.setdefault(address, address)
    while above != address:
        # Every second link is cut short on the way, so that chains stay flat.
        found[address] = found[above]
        address, above = above, found[above]
    return address


def _of(sender: Sender) -> Addresses:
    return _addresses(sender.wa_id, sender.bsuid)


def _addresses(wa_id: str | None, bsuid: str | None) -> Addresses:
    if wa_id and bsuid:
        return (_one_spelling(wa_id), bsuid)
    if wa_id:
        return (_one_spelling(wa_id),)
    return (bsuid,) if bsuid else ()


@lru_cache(maxsize=4096)
def _one_spelling(wa_id: str) -> str:
    return min(match_keys(wa_id))
