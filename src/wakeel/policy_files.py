"""The sending policy from its files: what ships in `wakeel/policies`, with a deployment's own changes on top."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from wakeel.domain import document_reader as reader
from wakeel.domain.calendars import moved
from wakeel.domain.document_reader import DocumentFault, Node, merged
from wakeel.domain.policy import Policy, PolicyFault, policy_from

SHIFTS = "calendar_shifts"
FURTHEST_SHIFT_DAYS = 1


@cache
def load(changes: str) -> Policy:
    """The policy that ships, with `changes` (TOML of the same shape, '' for none) merged in.

    Tables merge, lists and values replace. `[calendar_shifts]` moves special periods: `"SA.ramadan_1448" = 1`.
    Raises PolicyFault with every fault and its path.
    """
    own = _toml(changes)
    shifts = Node(own.pop(SHIFTS, None), path=SHIFTS)
    days = {key: node.read(reader.whole(-FURTHEST_SHIFT_DAYS, FURTHEST_SHIFT_DAYS), 0) for key, node in _shifts(shifts)}
    try:
        policy = policy_from(merged(_shipped(), own))
    except PolicyFault as fault:
        raise PolicyFault((*fault.faults, *shifts.faults)) from None
    known = {f"{country}.{p.name}" for country, calendar in policy.calendars.items() for p in calendar.special_periods}
    for key in sorted(days.keys() - known):
        shifts.child(key).fault("names no special period; write it as SA.ramadan_1448")
    if shifts.faults:
        raise PolicyFault(tuple(shifts.faults))
    return replace(
        policy,
        calendars={
            country: moved(calendar, {p.name: days.get(f"{country}.{p.name}", 0) for p in calendar.special_periods})
            for country, calendar in policy.calendars.items()
        },
    )


def _shifts(node: Node) -> list[tuple[str, Node]]:
    """`"SA.ramadan_1448" = 1`, and without the quotes, which TOML reads as a table in a table."""
    found = []
    for key, child in node.children():
        if isinstance(child.value, Mapping):
            found += [(f"{key}.{name}", inner) for name, inner in child.children()]
        else:
            found.append((key, child))
    return found


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyFault((DocumentFault("the file", f"write TOML: {error}"),)) from None


@cache
def _shipped() -> Mapping[str, Any]:
    folder = resources.files("wakeel.policies")
    document = tomllib.loads((folder / "default.toml").read_text(encoding="utf-8"))
    countries = sorted((folder / "calendars").iterdir(), key=lambda file: file.name)
    document["calendars"] = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in countries
        if file.name.endswith(".toml")
    }
    return document
