"""A status was parked in the very moment in which the answer of its send was written down: on PostgreSQL neither of the
two transactions saw the other's row, and nothing would bring them together any more. Walk 2 and 3.
"""

import logging
from datetime import datetime, timedelta

from django.db import InternalError, OperationalError, transaction

from wakeel.flows.record_status import match_parked
from wakeel.store import status_batches
from wakeel.store.models import Attempt, OutboxMessage

log = logging.getLogger(__name__)

FIRST_LOOK = timedelta(days=1)
"""How far a process looks back when it starts: the one before it may have been away for a while."""
OVERLAP = timedelta(seconds=30)
"""Longer than any transaction that parks or records: what it wrote is seen by now."""


class LateMatches:
    """Looks at what was parked since it looked last, and a little before."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def match(self, *, now: datetime) -> int:
        """Apply each status that is parked though its attempt is known; of how many attempts. Each in a commit.

        One that cannot be applied stays parked and keeps nothing else from being done; the log says so.
        """
        found = status_batches.parked_though_known(since=self._since or now - FIRST_LOOK)
        for attempt_id in found:
            try:
                with transaction.atomic():
                    _match(attempt_id, now=now)
            except (OperationalError, InternalError):
                raise
            except Exception as fault:
                log.error("a parked status of %s cannot be applied (%s)", attempt_id, type(fault).__name__)  # noqa: TRY400
        self._since = now - OVERLAP
        return len(found)


def _match(attempt_id: str, *, now: datetime) -> None:
    attempt = Attempt.objects.get(pk=attempt_id)
    # Locked first: of two workers that found the same, the second one finds nothing parked any more.
    OutboxMessage.objects.select_for_update(of=("self",)).get(pk=attempt.outbox_id)
    match_parked(attempt, now=now)
