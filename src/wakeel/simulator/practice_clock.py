"""Business time of practice mode: real time plus an offset that only grows, but for a reset."""

import asyncio
import time
from pathlib import Path

from wakeel.simulator.one_step import write_in_one_step

FILE_NAME = "practice-clock"


class ClockFault(Exception):
    """The file practice-clock cannot be used; the message says what to do."""


class PracticeClock:
    """Real time plus whole seconds. The product reads the offset from the file this class writes."""

    def __init__(self, data_dir: Path | None) -> None:
        """data_dir: None keeps the offset in memory only. Raises ClockFault on a file we did not write."""
        self._path = data_dir / FILE_NAME if data_dir else None
        self.offset_s = _read(self._path) if self._path else 0
        self._moved = asyncio.Event()
        self._write()

    def now(self) -> float:
        """Business time as Unix seconds."""
        return time.time() + self.offset_s

    def advance(self, seconds: int) -> None:
        """Move business time forward. Raises ValueError unless seconds > 0: windows never reopen by going back."""
        if seconds <= 0:
            raise ValueError("the practice clock only moves forward")
        self.offset_s += seconds
        self._write()
        self._moved.set()
        self._moved = asyncio.Event()

    def start_again(self) -> None:
        """Go back to real time. Only for a reset, which takes everything that was dated later with it."""
        self.offset_s = 0
        self._write()

    async def reached(self, at: float) -> None:
        """Return once business time is `at`, whether it came by itself or was moved on."""
        while (left_s := at - self.now()) > 0:
            try:
                async with asyncio.timeout(left_s):
                    await self._moved.wait()
            except TimeoutError:
                continue

    def _write(self) -> None:
        if self._path is not None:
            write_in_one_step(self._path, f"{self.offset_s}\n")


def _read(path: Path) -> int:
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return 0
    except UnicodeDecodeError:
        text = ""
    if not text.isdigit():
        raise ClockFault(f"{path} must hold one line, whole seconds from 0 up; remove the file to start at real time")
    return int(text)
