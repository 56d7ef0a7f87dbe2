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
    # To accepted only by late proof that an earlier try, settled by a person as not arrived, had left after all.
    _S.PENDING: frozenset({_S.SENDING, _S.HELD, _S.SIMULATED, _S.SUPPRESSED, _S.ACCEPTED}),
    _S.HELD: frozenset({_S.PENDING, _S.SUPPRESSED, _S.ACCEPTED}),
    _S.SENDING: frozenset({_S.ACCEPTED, _S.FAILED, _S.UNKNOWN, _S.PENDING}),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.FAILED, _S.PENDING}),
    _S.FAILED: frozenset({_S.PENDING, _S.ACCEPTED}),
    _S.SIMULATED: frozenset(),
    _S.ACCEPTED: frozenset(),
    _S.SUPPRESSED: frozenset(),
}

PROVED_FROM = frozenset({_S.PENDING, _S.HELD, _S.FAILED})
"""Where a message may stand when proof comes late (design section 7: late proof beats a failure)."""

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

SEAT_LEASE = timedelta(seconds=10)
"""How long a worker that claims for a number keeps others from it; each of its claims renews it."""

CONNECTIONS = 256
"""Requests in the air at once. At 1,000 messages a second and a fifth of a second for an answer, 200 are."""

_LEFT_FREE = {Lane.ANSWER: 0, Lane.CARD: 16, Lane.CONTACT: 32, Lane.BULK: 64}
"""Connections that a lane leaves to more urgent ones: however slow WhatsApp is, a campaign never holds all of them."""


def free_for(lane: Lane, *, in_the_air: int) -> int:
    """How many more messages of this lane may be put on the wire."""
    return max(0, CONNECTIONS - _LEFT_FREE[lane] - in_the_air)


CONTACTS_WAIT_FOR_INBOX = timedelta(seconds=5)
"""Contact messages pause while a webhook older than this is undecoded: it may be a STOP (design section 2, walk 4)."""

SETTLE_GRACE = timedelta(seconds=60)
""""Send again" is offered only this long after the lease of an unanswered attempt has ended (design section 7)."""

SPREAD_AT_MOST = timedelta(minutes=1)
"""What waited for the same hour leaves over this long after it, never before (reference 5.1)."""


def spread(at: datetime, *, now: datetime, share: float) -> datetime:
    """`at` or a little later: by `share` (0 to 1) of a tenth of the wait, a minute at most."""
    return at + min(SPREAD_AT_MOST, (at - now) / 10) * share
