"""One exchange of the wire log in a line: what it was about, not where its braces stand."""

import json
from collections.abc import Iterator
from typing import Any

from wakeel.rehearsal.kinds import Json

LONGEST = 160


def about(row: Json) -> str:
    """What the request was: the messages and statuses of a webhook, the words of a message; else its first letters."""
    try:
        body = json.loads(row["body"] or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return shortened(row["body"])
    told = list(_webhook(body)) or [_message(body)]
    return shortened(" · ".join(told) or row["body"])


def answered(row: Json) -> str:
    """The reason of a refusal; nothing for what was taken."""
    if row["status"] is None or row["status"] >= 400:  # noqa: PLR2004  (HTTP errors)
        return shortened(row["answer"])
    return ""


def shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST]}…"


def _webhook(body: Json) -> Iterator[str]:
    for entry in _list(body.get("entry")):
        for change in _list(entry.get("changes")):
            value = change.get("value")
            found = list(_items(value)) if isinstance(value, dict) else []
            yield from found or [str(change.get("field"))]


def _items(value: Json) -> Iterator[str]:
    for status in _list(value.get("statuses")):
        codes = [str(error.get("code")) for error in _list(status.get("errors"))]
        yield " ".join(["status", str(status.get("status")), *codes])
    for message in _list(value.get("messages")):
        yield _message(message)


def _message(message: Json) -> str:
    """`text «…»`, `interactive «…»`, or the type alone."""
    kind = str(message.get("type") or message.get("status") or "")
    part = message.get(kind)
    if not isinstance(part, dict):
        return kind
    reply = part.get("button_reply") or part.get("list_reply") or {}
    inner = part["body"] if "body" in part else reply.get("title") or part.get("text") or part.get("name") or ""
    words = inner.get("text", "") if isinstance(inner, dict) else inner
    return f"{kind} «{words}»" if words else kind


def _list(value: Any) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
