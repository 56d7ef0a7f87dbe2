"""What of an object is told: the parameter `fields`. Source: Meta, "Graph API: field expansion", read 2026-11-22."""

import re
from collections.abc import Iterable
from typing import Any

from wakeel.simulator.graph.calls import Call, Refused
from wakeel.simulator.graph.refusals import no_such_field

Json = dict[str, Any]

_INNER = re.compile(r"\{[^{}]*\}|\([^()]*\)")


def told(node: Json, call: Call, *, type: str, usual: Iterable[str]) -> Json:
    """The fields that were asked for, else the usual ones, always with the id. node: all fields; None leaves one out.

    type: Graph's name of the object. Raises Refused for a field the object does not have.
    """
    wanted = names(call.query.get("fields", "")) or list(usual)
    for name in wanted:
        if name not in node:
            raise Refused(no_such_field(name, type))
    return {name: node[name] for name in [*wanted, "id"] if name in node and node[name] is not None}


def names(fields: str) -> list[str]:
    """`id,throughput{level},phone_numbers.limit(2)` as names; what is inside a field is told whole."""
    while (flat := _INNER.sub("", fields)) != fields:
        fields = flat
    given = (name.partition(".")[0].strip() for name in fields.split(","))
    return list(dict.fromkeys(name for name in given if name))
