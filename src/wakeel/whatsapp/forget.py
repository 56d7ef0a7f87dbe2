"""One webhook body without the items of one person. Everybody else's items stay as they are."""

import json
import re
from typing import Any

from wakeel.domain.traces import Traces
from wakeel.whatsapp.lenient_json import is_too_deep

OVERWRITTEN = b'{"erased":"a body that could not be taken apart"}'

_WHOSE = (
    "from", "from_user_id", "wa_id", "user_id", "parent_user_id", "recipient_id", "recipient_user_id",
    "recipient_participant_id", "recipient_participant_user_id", "to", "to_user_id", "id",
)  # fmt: skip
"""Where an item of `messages`, `statuses`, `contacts`, `user_preferences`, `message_echoes`, a thread of `history` or a
call says whose it is."""
_FRAME = frozenset({"id", "from", "from_user_id", "timestamp", "type", "context"})
_WHOSE_PART = {
    "system": ("wa_id", "new_wa_id", "user_id", "previous_user_id", "customer"),
    "contact": ("phone_number", "wa_id", "user_id"),
}
"""The same, where it stands in a part: of a system message, of an entry of the contact book."""
_NOT_DIGITS = re.compile("[^0-9]")


def forget(body: bytes, traces: Traces) -> bytes:
    """`body` itself if nothing in it is theirs; else a body without their items, their ids masked wherever else.

    What cannot be taken apart and names them is overwritten whole: `OVERWRITTEN` is the answer then.
    """
    value = _taken_apart(body)
    if value is _UNREADABLE:
        text = body.decode("utf-8", errors="replace")
        return OVERWRITTEN if traces.name_in(text) or any(wamid in text for wamid in traces.quoted) else body
    kept = _kept(value, traces)
    return body if kept == value else json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


_UNREADABLE = object()
_LARGEST_INT_DIGITS = 18
"""Python refuses to read integers of thousands of digits; those stay texts."""


def _taken_apart(body: bytes) -> Any:
    if is_too_deep(body):
        return _UNREADABLE
    try:
        return json.loads(body.decode("utf-8-sig"), strict=False, parse_int=_int)
    except ValueError:
        return _UNREADABLE


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LARGEST_INT_DIGITS else digits


def _kept(value: Any, traces: Traces) -> Any:
    """`value` without the elements that are theirs, and with their ids masked in every text that is left."""
    match value:
        case dict():
            frame = _without_words(value) if _id(value) in traces.quoted else value
            return {traces.mask(name): _kept(item, traces) for name, item in frame.items()}
        case list():
            return [_kept(item, traces) for item in value if not _is_theirs(item, traces)]
        case str():
            return traces.mask(value)
        case int() if traces.name_in(str(value)):
            return traces.mask(str(value))
        case _:
            return value


def _id(item: dict[str, Any]) -> str:
    return str(item.get("id"))


def _is_theirs(item: Any, traces: Traces) -> bool:
    if not isinstance(item, dict):
        return False
    named = [item.get(key) for key in _WHOSE]
    for part, keys in _WHOSE_PART.items():
        inner = item.get(part)
        named += [inner.get(key) for key in keys] if isinstance(inner, dict) else []
    if any(str(name) in traces.ids for name in named if isinstance(name, str | int)):
        return True
    return _is_their_change(item.get("system"), traces) or _is_their_card(item, traces)


def _is_their_change(system: Any, traces: Traces) -> bool:
    """A change of number whose former id stands in its sentence only, beside the name."""
    body = system.get("body") if isinstance(system, dict) else None
    return isinstance(body, str) and traces.name_in(body)


def _is_their_card(item: dict[str, Any], traces: Traces) -> bool:
    """A contact card with their number, whoever sent it: the name on it goes with it."""
    phones = item.get("phones")
    numbers = [phone for phone in phones if isinstance(phone, dict)] if isinstance(phones, list) else []
    written = {_NOT_DIGITS.sub("", str(number.get(key))) for number in numbers for key in ("phone", "wa_id")}
    return not written.isdisjoint(traces.ids | traces.spelled)


def _without_words(message: dict[str, Any]) -> dict[str, Any]:
    """Somebody else's message that spoke of them: that it came stays, its words go."""
    kept = {name: item for name, item in message.items() if name in _FRAME}
    return {**kept, "text": {"body": ""}} if message.get("type") == "text" else kept
