"""Trying a whole transaction again when the database asked for it: a deadlock's victim, or a lock not had in time."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3
PAUSE_S = 0.05


def whole_transaction(verb: Callable[P, T]) -> Callable[P, T]:
    """For verbs that open their own transaction: run again from the start, nothing of the failed try is left.

    Inside somebody else's transaction it does nothing: that one must be tried again as a whole.
    """

    @wraps(verb)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for left in range(TRIES - 1, 0, -1):
            if connection.in_atomic_block:
                break
            try:
                return verb(*args, **kwargs)
            except OperationalError:
                time.sleep(PAUSE_S * (TRIES - left))
        return verb(*args, **kwargs)

    return tried
