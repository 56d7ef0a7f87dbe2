"""One time-out for many requests: a timer of its own for each would cost more than checking a signature."""

import asyncio
from itertools import takewhile
from typing import Protocol

# How late a time-out may come, as a part of it.
_LATE_BY = 1 / 40


class Timed(Protocol):
    """What a time-out ends."""

    def late(self) -> None: ...


class Deadlines:
    """Tells what runs longer than `within_s`, once. One loop only; begins in the order of the ends, as all last the
    same.
    """

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._ends: dict[Timed, float] = {}
        self._is_armed = False

    def begin(self, one: Timed) -> None:
        loop = asyncio.get_running_loop()
        self._ends[one] = loop.time() + self._within_s
        if not self._is_armed:
            self._arm(loop)

    def end(self, one: Timed) -> None:
        """Also of one that has ended or never began."""
        self._ends.pop(one, None)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_armed = True
        loop.call_later(self._within_s * _LATE_BY, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for one in list(takewhile(lambda one: self._ends[one] <= now, self._ends)):
            del self._ends[one]
            one.late()
        self._is_armed = False
        if self._ends:
            self._arm(loop)
