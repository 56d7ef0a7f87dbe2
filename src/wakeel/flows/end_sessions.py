"""Somebody signs out elsewhere."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.flows.note_login import note_login
from wakeel.store import web_sessions
from wakeel.store.retry import whole_transaction


@whole_transaction
def end_sessions(user_id: int, *, this: str, is_meant: Callable[[str], bool], now: datetime) -> int:
    """How many of one's own ended. this: the key of the session that asks; it stays. is_meant: asked with each key."""
    keys = [key for key in web_sessions.of_user(user_id) if key != this and is_meant(key)]
    with transaction.atomic():
        web_sessions.end(keys)
        if keys:
            note_login(user_id, Action.SESSION_REVOKED, now=now, after={"sessions": len(keys)})
    return len(keys)
