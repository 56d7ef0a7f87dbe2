"""Several updates in one webhook. Source: Meta, "Webhooks", read 2026-11-22: up to 1,000 updates a POST, up to 3 MB."""

import json
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

MOST_UPDATES = 1_000
MOST_BYTES = 3_000_000
LISTS = ("messages", "statuses")


def together(bodies: Sequence[str]) -> int:
    """How many of these bodies, from the first on, go into one POST: of one field, within the limits; at least 1."""
    field = _field(bodies[0])
    size = 0
    for number, body in enumerate(bodies[:MOST_UPDATES]):
        size += len(body)
        if number and (size > MOST_BYTES or _field(body) != field):
            return number
    return min(len(bodies), MOST_UPDATES)


def joined(bodies: Sequence[str]) -> Json:
    """One body of several, in their order.

    Entries of one account and time become one; neighbouring changes that differ in nothing but their messages or
    statuses become one with both.
    """
    entries: list[Json] = []
    for body in bodies:
        for entry in json.loads(body)["entry"]:
            if entries and _frame(entries[-1], "changes") == _frame(entry, "changes"):
                _add_changes(entries[-1]["changes"], entry["changes"])
            else:
                entries.append(entry)
    return {"object": "whatsapp_business_account", "entry": entries}


def _add_changes(changes: list[Json], more: list[Json]) -> None:
    for change in more:
        name = _same_but_for_one_list(changes[-1], change)
        if name is None:
            changes.append(change)
        else:
            changes[-1]["value"][name] += change["value"][name]


def _same_but_for_one_list(one: Json, other: Json) -> str | None:
    """`messages` or `statuses`, if that is all in which two changes differ."""
    if one["field"] != other["field"] or not isinstance(other["value"], dict):
        return None
    for name in LISTS:
        both = all(isinstance(change["value"].get(name), list) for change in (one, other))
        if both and _frame(one["value"], name) == _frame(other["value"], name):
            return name
    return None


def _frame(holder: Json, hole: str) -> Json:
    return {name: value for name, value in holder.items() if name != hole}


def _field(body: str) -> str:
    """The field of the last change, without reading the rest: `field` follows its `value`, and a quote in a text that a
    person wrote is escaped.
    """
    return body.rpartition('"field":"')[2].partition('"')[0]
