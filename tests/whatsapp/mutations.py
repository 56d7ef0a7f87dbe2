"""Webhook bodies with something wrong in them: made from the samples, one to four changes anywhere in their JSON."""

import copy
from typing import Any

from hypothesis import strategies as st

ODD: list[Any] = [
    None, True, False, 0, -1, 2**70, 1.5, float("nan"), "", " ", "\0", "\ud800", "x" * 300, "wamid.X", "1763800001",
    "966500000001", [], [None], {}, {"id": 1}, {"body": {}}, [[]], "messages", "group", "system", "interactive",
]  # fmt: skip
"""Values that stand where another was: of every type, and words and ids that mean something elsewhere."""


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every part of a JSON value but the value itself."""
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    return [found for step in steps for found in ((*path, step), *places(value[step], (*path, step)))]


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """A copy of a JSON value with one to four of its parts left out, replaced, doubled, renamed or exchanged."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 4))):
        found = places(value)
        if not found:
            break
        *above, last = draw(st.sampled_from(found))
        parent = value
        for step in above:
            parent = parent[step]
        _change(draw, value, parent, last)
    return value


def _change(draw: st.DrawFn, whole: Any, parent: Any, last: Any) -> None:
    match draw(st.sampled_from(["leave out", "replace", "double", "rename", "exchange"])):
        case "leave out":
            del parent[last]
        case "replace":
            parent[last] = copy.deepcopy(draw(st.sampled_from(ODD)))
        case "double" if isinstance(parent, list):
            parent.insert(last, copy.deepcopy(parent[last]))
        case "rename" if isinstance(parent, dict):
            parent[draw(st.sampled_from(["id", "type", "text", "from", "field", "value", "errors", "x"]))] = parent.pop(
                last
            )
        case _:
            other = draw(st.sampled_from(places(whole)))
            taken = whole
            for step in other:
                taken = taken[step]
            parent[last] = copy.deepcopy(taken)
