"""An operator answers what a contact wrote: the contact may see that it was read. Best effort, never more.

A decision alone says so: opening a page, or putting somebody off, tells nobody anything.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from wakeel import config
from wakeel.store import conversation, read_marks
from wakeel.whatsapp.mode import Mode

MARKED_WITHIN = timedelta(days=30)
"""Older messages cannot be marked (reference WA 1.5)."""


def turn_to(contact_ids: Collection[str], *, now: datetime) -> None:
    """Ask that this person's newest message is marked as read, and with it all before it (reference WA 1.5).

    While a draft for them waits they are shown too that an answer is being written, even if they saw before that it was
    read. Nothing in dry mode, which tells WhatsApp nothing.
    """
    if config.get().mode is Mode.DRY:
        return
    last = conversation.last_message(contact_ids)
    if last is not None and last.sent_at >= now - MARKED_WITHIN:
        read_marks.want(last.id, now=now)
