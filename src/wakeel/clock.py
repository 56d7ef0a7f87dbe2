"""Business time, real time, and a clock that nobody can set.

Business time (windows, expiry, briefs, calendars) is `now()`; leases, time-outs, sessions and codes use `real_now()`.
In practice mode business time is moved forward by the simulator, through one file in the data folder.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wakeel import config
from wakeel.config import Config
from wakeel.whatsapp.mode import Mode

FILE_NAME = "practice-clock"
_WHOLE_SECONDS = re.compile(rb"\s*([0-9]{1,9})\s*")
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # only Linux counts its sleep


class PracticeClockRefused(Exception):
    """A practice clock lies in the data folder of a deployment that is not practising.

    path: the file; its deployment was practising once, so its rows are dated in a time that never was.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} belongs to practice mode: give this deployment a data folder of its own")
        self.path = path


class _Offsets:
    """The practice offset of each file; it only grows, so that no window opens again while a process runs."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[tuple[int, int], int]] = {}

    def of(self, path: Path) -> timedelta:
        """The largest offset this process has read in `path`; zero while there is no file."""
        stamp, seconds = self._read.get(path, ((0, 0), 0))
        try:
            stat = path.stat()
            if (stat.st_mtime_ns, stat.st_ino) != stamp:
                stamp = (stat.st_mtime_ns, stat.st_ino)
                seconds = max(seconds, _whole_seconds(path))
                self._read[path] = (stamp, seconds)
        except FileNotFoundError:
            pass
        return timedelta(seconds=seconds)


_offsets = _Offsets()


def now() -> datetime:
    """Business time: aware UTC; real time except in practice mode."""
    settings = config.get()
    if settings.mode is not Mode.PRACTICE:
        return real_now()
    return real_now() + _offsets.of(settings.data_dir / FILE_NAME)


def real_now() -> datetime:
    """Real time: aware UTC."""
    return datetime.now(UTC)


def boottime() -> float:
    """Seconds on a clock that never jumps and also counts while the machine sleeps."""
    return time.clock_gettime(_BOOTTIME)


def refuse_practice_clock(settings: Config) -> None:
    """Called once at start. Raises PracticeClockRefused outside practice mode when the file is there."""
    path = settings.data_dir / FILE_NAME
    if settings.mode is not Mode.PRACTICE and path.exists():
        raise PracticeClockRefused(path)


def _whole_seconds(path: Path) -> int:
    """What the file says; zero when it holds anything but whole seconds (the simulator writes it in one step)."""
    found = _WHOLE_SECONDS.fullmatch(path.read_bytes())
    return int(found[1]) if found else 0
