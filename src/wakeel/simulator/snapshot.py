"""What the simulator remembers over a restart, as one JSON object and back. Pure: no file, no clock."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from wakeel.simulator.account import Account
from wakeel.simulator.carrier import Parcel
from wakeel.simulator.media import Media
from wakeel.simulator.rules.held import Held
from wakeel.simulator.rules.ledger import Ledger
from wakeel.simulator.templates import TemplateBook
from wakeel.simulator.world import Phone, Undeliverable

VERSION = 1
"""Grows when an older simulator could misread what a newer one wrote."""

Json = dict[str, Any]


class SnapshotFault(Exception):
    """This is no snapshot of this version; the message says why."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment.

    phones: with their chats. undeliverable: messages to nobody here whose `failed` is still owed.
    sent: the newest rows of /api/sent. parcels: webhooks the product has not taken yet, oldest first.
    held: messages that wait for Meta's verdict. ledger: what the rules count.
    media: the files, whose bytes lie in a folder of their own. templates, account: None when they are still the
    first ones.
    service_used: see `tariff`.
    """

    phones: list[Phone]
    undeliverable: list[Undeliverable]
    sent: list[Json]
    parcels: list[Parcel]
    media: list[Media] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    templates: TemplateBook | None = None
    account: Account | None = None
    service_used: dict[str, int] = field(default_factory=dict)


def nothing() -> Snapshot:
    """The moment before the first start."""
    return Snapshot(phones=[], undeliverable=[], sent=[], parcels=[])


def to_dict(snapshot: Snapshot) -> Json:
    """A JSON object that shares nothing with the living phones."""
    table: Json = msgspec.to_builtins(snapshot)
    return {"version": VERSION} | table


def from_dict(table: object) -> Snapshot:
    """The snapshot of a JSON object. Raises SnapshotFault for any other object, also one of another version."""
    if not isinstance(table, dict) or "version" not in table:
        raise SnapshotFault("it has no version")
    if table["version"] != VERSION:
        raise SnapshotFault(f"it has version {table['version']!r}, this simulator reads version {VERSION}")
    try:
        return msgspec.convert(table, Snapshot)
    except msgspec.ValidationError as fault:
        raise SnapshotFault(str(fault)) from fault
