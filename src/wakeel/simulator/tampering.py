"""Webhooks as they should not be: altered, unsigned, swollen, with fields nobody knows."""

import copy
from typing import Any

from wakeel.simulator.batches import MOST_BYTES
from wakeel.simulator.envelopes import serialise
from wakeel.simulator.fault_kinds import WebhookKind

Json = dict[str, Any]

WRONG_SIGNATURE = "sha256=" + "0" * 64
NOVELTY = {"unheard_of": {"since": "v99.0", "values": [1, None, True, "جديد"]}}
SPOILT = frozenset({WebhookKind.WRONG_SIGNATURE, WebhookKind.NO_SIGNATURE, WebhookKind.ALTERED})


def spoilt(kind: WebhookKind, body: bytes, *, signature: str) -> tuple[bytes, str | None]:
    """Body and signature of a first try that the product must refuse."""
    match kind:
        case WebhookKind.NO_SIGNATURE:
            return body, None
        case WebhookKind.ALTERED:
            return altered(body), signature
        case _:
            return body, WRONG_SIGNATURE


def altered(body: bytes) -> bytes:
    """The same webhook with one digit changed where it still reads well, or else with one blank more."""
    at = body.find(b'"id":"wamid.')
    if at < 0:
        return body[:-1] + b" " + body[-1:]
    at += len(b'"id":"wamid.')
    return body[:at] + (b"A" if body[at : at + 1] != b"A" else b"B") + body[at + 1 :]


def with_unknown_fields(envelope: Json) -> Json:
    """A copy with a field no client knows on every level down to the single message or status."""
    strange = copy.deepcopy(envelope) | NOVELTY
    for entry in strange["entry"]:
        entry.update(NOVELTY)
        for change in entry["changes"]:
            change.update(NOVELTY)
            value = change["value"]
            rows = [row for name in ("contacts", "messages", "statuses") for row in value.get(name, [])]
            for row in [value, *rows]:
                row.update(NOVELTY)
    return strange


def very_large(envelope: Json) -> Json:
    """A copy with one field that fills the body to a little below the most that Meta sends."""
    swollen = copy.deepcopy(envelope)
    room = MOST_BYTES - len(serialise(envelope)) - len(',"filling":""') - 1
    swollen["entry"][0]["changes"][0]["value"]["filling"] = "x" * max(0, room)
    return swollen
