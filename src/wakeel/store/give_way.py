"""SQLite has one write lock for everybody: whoever held it leaves it free for as long, so that others get in."""

import time

from django.db import connection

LONGEST_PAUSE_S = 0.02


def give_way(held_s: float) -> None:
    """Pause after a write transaction of `held_s`; nothing on PostgreSQL, where writers do not wait for each other."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(held_s, LONGEST_PAUSE_S))
