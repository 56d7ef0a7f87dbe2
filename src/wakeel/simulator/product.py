"""Going back to the seed together with the product: words in a file, for the simulator knows nothing of the product.

`stop`: we want to reset. `stopped`: whoever started us has stopped the product. `start`: the phones are as at first,
`go on`: they could not be. No file: the product runs again, as at first or as it was.
"""

import asyncio
from pathlib import Path

from wakeel.simulator.one_step import write_in_one_step

STOPPED_WITHIN_S = 15.0
STARTED_WITHIN_S = 60.0
LOOK_S = 0.05


class Product:
    """The other side of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if self._said() in {"stop", "stopped"}:
            self._say("go on")  # of a reset that our own end cut short: nobody else would start the product

    async def ask_to_stop(self) -> bool:
        """True once it has stopped; False if nobody answers, so that a simulator alone resets all the same."""
        self._say("stop")
        if await self._heard("stopped", within_s=STOPPED_WITHIN_S):
            return True
        self._path.unlink(missing_ok=True)
        return False

    async def ask_to_start(self) -> None:
        """Returns once it runs again, or when it has taken too long for a start."""
        self._say("start")
        await self._heard(None, within_s=STARTED_WITHIN_S)

    def never_mind(self) -> None:
        """Let a stopped product start again as it was."""
        if self._path.exists():
            self._say("go on")

    def _said(self) -> str | None:
        """What the file says; None without one."""
        try:
            return self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def _say(self, word: str) -> None:
        write_in_one_step(self._path, word)

    async def _heard(self, word: str | None, *, within_s: float) -> bool:
        """True as soon as the file says the word (None: as soon as it is gone)."""
        for _ in range(int(within_s / LOOK_S)):
            if self._said() == word:
                return True
            await asyncio.sleep(LOOK_S)
        return False
