"""Tells the open pages that something changed."""

import asyncio


class Bell:
    """A counter that can be waited for. revision grows with every change, so nothing is missed between two waits."""

    def __init__(self) -> None:
        self.revision = 0
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that something changed."""
        self.revision += 1
        self._rung.set()
        self._rung = asyncio.Event()

    async def after(self, revision: int, *, timeout_s: float) -> int:
        """The revision as soon as it differs from the given one; the same one when the time is over."""
        if self.revision == revision:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._rung.wait()
            except TimeoutError:
                return revision
        return self.revision
