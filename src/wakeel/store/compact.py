"""SQLite keeps what was deleted or overwritten in free pages and in its WAL until somebody clears them."""

import time

from django.db import OperationalError, connection

TRIES = 5
PAUSE_S = 0.4


def compact() -> bool:
    """Write the file anew without its free pages and empty the WAL; False if others kept it busy: try again later.

    Needs the write lock for as long as copying the file takes. On PostgreSQL nothing is done and True returned: its
    own VACUUM frees the old row versions. Does nothing inside a transaction, and returns False.
    """
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False
    for left in range(TRIES - 1, -1, -1):
        if _is_compacted():
            return True
        time.sleep(PAUSE_S if left else 0)
    return False


def _is_compacted() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = cursor.fetchone()
    except OperationalError:
        return False
    return not busy
