"""What the simulator remembers over a restart, as one JSON object and back. Pure: no file, no clock."""

from dataclasses import dataclass
from typing import Any

import msgspec

from wakeel.simulator.webhooks import Parcel
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
    """

    phones: list[Phone]
    undeliverable: list[Undeliverable]
    sent: list[Json]
    parcels: list[Parcel]


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
