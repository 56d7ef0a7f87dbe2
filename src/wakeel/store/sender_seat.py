"""A number's messages are claimed by one worker at a time: the one that knows its tokens (design sections 7 and 9).

SQLite has one worker by its lock file. On PostgreSQL a seat is a leased row: taking and renewing it is one
compare-and-set in the claim's own transaction, whose lock on the row keeps every other worker's claim for that number
out until it commits. A worker that was stopped for longer than the lease finds the seat taken and claims nothing.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from wakeel.domain.outbox import SEAT_LEASE
from wakeel.store.models import SenderSeat, SendingNumber

_FENCE_OF_SQLITE = 1
_OVER = datetime(1970, 1, 1, tzinfo=UTC)


class SenderSeats:
    """The seats of one run of a worker. holder: its own id, never used again. For one thread at a time."""

    def __init__(self, holder: str, *, lease: timedelta = SEAT_LEASE) -> None:
        self._holder, self._lease = holder, lease
        self._fences: dict[str, int] = {}

    def take(self, numbers: Sequence[SendingNumber], *, real_now: datetime) -> dict[str, bool]:
        """Which of these numbers are ours until the transaction ends and the lease after it, by phone_number_id.

        True for a seat that was not ours until now: another worker may have sent meanwhile.
        """
        if connection.vendor == "postgresql":
            free = self._not_of_others(numbers, real_now=real_now)
            held = self._upsert(free, real_now=real_now) if free else {}
        else:
            held = {number.pk: _FENCE_OF_SQLITE for number in numbers}
        fresh = {pk: self._fences.get(pk) != fence for pk, fence in held.items()}
        self._fences.update(held)
        return fresh

    def give_up(self) -> None:
        """Free every seat, so that nobody has to wait for the lease of a worker that ended."""
        # The row stays: a fence that began anew could be one that a worker remembers from before.
        SenderSeat.objects.filter(holder=self._holder).update(lease_until=_OVER)
        self._fences.clear()

    def _not_of_others(self, numbers: Sequence[SendingNumber], *, real_now: datetime) -> list[SendingNumber]:
        """Asked first, because taking would wait for the other worker's claim to end."""
        rows = SenderSeat.objects.filter(number__in=numbers, lease_until__gt=real_now).exclude(holder=self._holder)
        taken = set(rows.values_list("number", flat=True))
        return [number for number in numbers if number.pk not in taken]

    def _upsert(self, numbers: Sequence[SendingNumber], *, real_now: datetime) -> dict[str, int]:
        # In one order for all workers, so that two of them never wait for each other.
        rows = json.dumps([[number.pk, number.business_id] for number in sorted(numbers, key=lambda one: one.pk)])
        given: dict[str, Any] = {"holder": self._holder, "until": real_now + self._lease, "now": real_now, "rows": rows}
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, given)
            return dict(cursor.fetchall())


_TAKE = (
    "INSERT INTO sender_seat (number_id, business_id, holder, fence, lease_until) "
    "SELECT value ->> 0, value ->> 1, %(holder)s, 1, %(until)s FROM jsonb_array_elements(%(rows)s::jsonb) "
    "ON CONFLICT (number_id) DO UPDATE SET holder = EXCLUDED.holder, lease_until = EXCLUDED.lease_until, "
    "fence = sender_seat.fence + "
    "CASE WHEN sender_seat.holder = EXCLUDED.holder AND sender_seat.lease_until > %(now)s THEN 0 ELSE 1 END "
    "WHERE sender_seat.holder = EXCLUDED.holder OR sender_seat.lease_until <= %(now)s "
    "RETURNING number_id, fence"
)
