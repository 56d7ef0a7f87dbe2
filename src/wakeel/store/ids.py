"""Ids of our rows: sortable by time, never reused, also after a restored backup – old cards live in chats for ever."""

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_lock = threading.Lock()
_last = 0


def new_id(prefix: str) -> str:
    """`prefix_` and 20 base-32 letters: 10 of the time in milliseconds, 10 random. Fits into a button id.

    Ids of one process always grow, so that "first queued" can be read off them.
    """
    global _last  # noqa: PLW0603 - the one counter of this process
    with _lock:
        _last = max((time.time_ns() // 1_000_000) << 50 | secrets.randbits(48), _last + 1)
        number = _last
    return f"{prefix}_{''.join([_PAIRS[(number >> shift) & 1023] for shift in range(90, -1, -10)])}"
