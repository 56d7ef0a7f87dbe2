"""SQLite has one write lock for everybody: whoever held it leaves it free for as long, so that others get in.

Only while another process is about to write: without pauses a backlog is worked off up to twice as fast.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from wakeel.store.sqlite.wish import Wish

LONGEST_PAUSE_S = 0.02


class _Turn:
    """When this process may take the lock again; one for all its threads, `monotonic` seconds.

    one_of_us: held by the thread whose turn it is. The others are woken by it, as SQLite would not do.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._from = 0.0
        self.one_of_us = threading.RLock()

    def wait(self) -> None:
        while (left := self.left()) > 0:
            time.sleep(left)

    def left(self) -> float:
        return self._from - time.monotonic()

    def held(self, seconds: float) -> None:
        with self._guard:
            self._from = time.monotonic() + min(seconds, LONGEST_PAUSE_S)


_turn = _Turn()


@contextmanager
def taking_turns() -> Iterator[None]:
    """Around one write transaction: begin it once the lock was free for as long as this process last held it, if
    anybody else said that they write.

    Whatever was done in between counts: reading, decoding, an answer from the network. Nothing on PostgreSQL, where
    writers do not wait for each other, and nothing inside a transaction.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _turn.one_of_us:
        if _is_wanted():
            _turn.wait()
        started = time.monotonic()
        try:
            yield
        finally:
            _turn.held(time.monotonic() - started)


def _is_wanted() -> bool:
    """By another process; in memory, where nobody can say so, always."""
    wish: Wish | None = connection.wish  # type: ignore[attr-defined]  # of our engine
    return wish is None or wish.was_said()


def until_my_turn(work: Callable[[], bool]) -> None:
    """Do a little work that needs no lock again and again, as long as the lock must be left free, or until it says that
    there is no more.
    """
    while _turn.left() > 0 and work():
        pass


def give_way(held_s: float) -> None:
    """Pause after a write transaction of `held_s`: for work whose next transaction follows at once."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(held_s, LONGEST_PAUSE_S))
