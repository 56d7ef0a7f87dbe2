"""Keeps things until enough of them came, or until no more do."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Gathering(Generic[T]):
    """Releases all that was added once there are `count` of them, or `within_s` seconds after the start."""

    def __init__(self, *, count: int, within_s: float, release: Callable[[list[T]], None]) -> None:
        """release: called once, in the event loop, with what came, in its order."""
        self._count = count
        self._release = release
        self._kept: list[T] = []
        self._timer = asyncio.get_running_loop().call_later(within_s, self._let_go)
        self.is_over = False

    def add(self, one: T) -> None:
        """Keep one more; the last one releases all."""
        self._kept.append(one)
        if len(self._kept) >= self._count:
            self._timer.cancel()
            self._let_go()

    def _let_go(self) -> None:
        self.is_over = True
        self._release(self._kept)
