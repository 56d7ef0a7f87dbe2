"""An operator turns to what a contact wrote: the contact may see that it was read. Best effort, never more."""

from collections.abc import Collection
from datetime import datetime, timedelta

from wakeel import config
from wakeel.store import conversation, read_marks
from wakeel.whatsapp.mode import Mode

MARKED_WITHIN = timedelta(days=30)
"""Older messages cannot be marked (reference WA 1.5)."""


def turn_to(contact_ids: Collection[str], *, is_writing: bool, now: datetime) -> None:
    """Ask that this person's newest message is marked as read, and with it all before it (reference WA 1.5).

    is_writing: an answer is being prepared, which they are shown too, even if they saw before that it was read. Nothing
    in dry mode, which tells WhatsApp nothing.
    """
    if config.get().mode is Mode.DRY:
        return
    last = conversation.last_message(contact_ids)
    if last is None or last.sent_at < now - MARKED_WITHIN:
        return
    if is_writing or last.read_sent_at is None:
        read_marks.want(last.id, is_writing=is_writing, now=now)
