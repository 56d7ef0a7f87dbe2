"""Put a question with buttons or rows to an operator, inside the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wakeel.domain.outbox import Lane
from wakeel.domain.prompts import PromptKind
from wakeel.flows.tell_operator import message_to
from wakeel.store import outbox, prompts
from wakeel.store.models import Contact, Operator, Prompt


def ask(
    operator: Operator,
    kind: PromptKind,
    *,
    subject: str,
    part: Mapping[str, Any],
    key: str,
    now: datetime,
    about: Contact | None = None,
    digest: str = "",
    lane: Lane = Lane.CARD,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Prompt | None:
    """Queue one question; None if this very one was asked before, or to a phone that gets nothing.

    subject: id of what it is about. part: of the message, as from `whatsapp.cards`. key: what makes it this question,
    such as the wamid of the tap that brought it. about: whom the words name, so that erasing that person finds them.
    lane: ANSWER if a tap asked for it. due_at, expires_at: as for `message_to`.
    """
    message = message_to(
        operator, part, lane=lane, key=f"{kind}:{operator.id}:{key}", now=now, about=about, due_at=due_at,
        expires_at=expires_at,
    )  # fmt: skip
    queued = outbox.enqueue_all([message]) if message is not None else []
    if not queued:
        return None
    return prompts.keep(operator, kind, subject=subject, digest=digest, outbox=queued[0], now=now)
