"""The outbox: states of a message on its way out. Walk 2."""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class OutboxState(StrEnum):
    PENDING = "pending"  # leaves when `due_at` has come; undo grace and back-off are only a later `due_at`
    HELD = "held"  # a person must act; `hold_code` says why
    SIMULATED = "simulated"  # dry mode: rendered and stored, never posted
    SENDING = "sending"  # journalled; the request may be on the wire
    ACCEPTED = "accepted"  # Meta took it; the rest is told by statuses
    FAILED = "failed"  # refused for good, or settled as not arrived by a person
    UNKNOWN = "unknown"  # no clear answer: it may have left; never resent by the machine
    SUPPRESSED = "suppressed"  # taken back before it left


_S = OutboxState
ALLOWED: dict[OutboxState, frozenset[OutboxState]] = {
    _S.PENDING: frozenset({_S.SENDING, _S.HELD, _S.SIMULATED, _S.SUPPRESSED}),
    _S.HELD: frozenset({_S.PENDING, _S.SUPPRESSED}),
    _S.SENDING: frozenset({_S.ACCEPTED, _S.FAILED, _S.UNKNOWN, _S.PENDING}),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.FAILED, _S.PENDING}),
    _S.FAILED: frozenset({_S.PENDING}),
    _S.SIMULATED: frozenset(),
    _S.ACCEPTED: frozenset(),
    _S.SUPPRESSED: frozenset(),
}

UNCLAIMED = frozenset({_S.PENDING, _S.HELD})
"""Can still be taken back."""


class Lane(IntEnum):
    """Lower goes first. FIFO holds within one recipient and lane."""

    ANSWER = 0  # answers to taps and texts of operators
    CARD = 1
    CONTACT = 2
    BULK = 3


class Audience(StrEnum):
    OPERATOR = "operator"
    CONTACT = "contact"


LEASE = timedelta(seconds=60)
"""How long a worker may hold a claimed message; one request takes 20 s at most."""

CONTACTS_WAIT_FOR_INBOX = timedelta(seconds=5)
"""Contact messages pause while a webhook older than this is undecoded: it may be a STOP (design section 2, walk 4)."""

SETTLE_GRACE = timedelta(seconds=60)
""""Send again" is offered only this long after the lease of an unanswered attempt has ended (design section 7)."""

SPREAD_AT_MOST = timedelta(minutes=1)
"""What waited for the same hour leaves over this long after it, never before (reference 5.1)."""

RETRY_DELAYS_S = (2, 8, 30, 120, 600)
"""Waits after refusals that may be tried again by the machine; after the last one it is a person's turn."""


def retry_delay(attempt: int, *, pair_rate: bool) -> timedelta | None:
    """The wait before the next try after `attempt` tries were refused; None: no more by the machine.

    pair_rate: code 131056, for which Meta asks 4^X seconds (X = 0, 1, 2 …; WA 5.6, read 2026-11-22).
    """
    if attempt > len(RETRY_DELAYS_S):
        return None
    return timedelta(seconds=4 ** (attempt - 1) if pair_rate else RETRY_DELAYS_S[attempt - 1])


def spread(at: datetime, *, now: datetime, share: float) -> datetime:
    """`at` or a little later: by `share` (0 to 1) of a tenth of the wait, a minute at most."""
    return at + min(SPREAD_AT_MOST, (at - now) / 10) * share
