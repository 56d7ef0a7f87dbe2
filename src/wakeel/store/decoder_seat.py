"""Only one worker decodes at a time: the order of arrival within a conversation holds between processes as well.

SQLite has one worker by its lock file. On PostgreSQL the seat is an advisory lock of the decoding connection: the
server frees it when that connection is gone, and the next worker that asks has it.
"""

from typing import Any

from django.db import connection

_KEY = 0x57414B45454C  # "WAKEEL"; the other advisory locks are hashes of ids, and end with their transaction


class DecoderSeat:
    """For one thread of one process, which is the only one to call it."""

    def __init__(self) -> None:
        self._held_by: Any = None
        self.is_new = False
        """Whether the last `take` was the one that got it on PostgreSQL: another worker may have decoded before."""

    def take(self) -> bool:
        """True while this worker is the one that decodes; asked again before every batch."""
        if connection.vendor != "postgresql":
            return True
        # Opening a cursor finds out whether the server still knows this connection, and makes a new one if not.
        with connection.cursor() as cursor:
            self.is_new = self._held_by is not connection.connection
            if not self.is_new:
                return True
            # The connection that held the seat, if any, is closed, and the seat with it.
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])
            [is_ours] = cursor.fetchone()
        self._held_by = connection.connection if is_ours else None
        return bool(is_ours)
