"""A link that gives somebody a login: whether it still does."""

from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(hours=72)
"""From the moment in which it was made; real time."""


class InvitationState(StrEnum):
    OPEN = "open"  # whoever has the link may use it once
    USED = "used"
    WITHDRAWN = "withdrawn"  # by an administrator


def is_open(state: str, *, expires_at: datetime, real_now: datetime) -> bool:
    """Whether the link still gives a login; in the moment of its end it does not."""
    return state == InvitationState.OPEN and real_now < expires_at
