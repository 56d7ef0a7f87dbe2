"""Conversations that somebody starts from an advertisement: for a while nothing in them is charged.

Source: reference WA 5.1 ("FEP") and 5.2, after Meta's "Pricing" page, read 2026-11-22: answered within 24 hours,
everything is free for 72 hours from the answer. The window in which free text may be written stays as it is: the gate
asks nothing of this.
"""

from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(hours=24)
FREE_FOR = timedelta(hours=72)
"""The October text names up to 7 days, a secondary source; the shorter time promises nothing that may not hold."""
OPENS = frozenset({"ad"})
"""`source_type` of a referral: an advertisement that opens a chat. A post or a link on it is none."""


def free_until(came_at: datetime | None, answered_at: datetime) -> datetime | None:
    """Until when nothing is charged if they came by an advertisement at `came_at` and were answered then; None if they
    did not, or the answer was too late."""
    if came_at is None or not came_at <= answered_at < came_at + ANSWER_WITHIN:
        return None
    return answered_at + FREE_FOR
