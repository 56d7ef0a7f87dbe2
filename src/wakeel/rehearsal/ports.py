"""Ports that stay ours for the life of this process, whoever else rehearses on the machine.

A port the system gave out by itself can be gone again when a killed process is to have it back: the next outgoing
connection may have taken it. And servers that share ports (SO_REUSEPORT) would share one without a word. So ports are
taken from below those, and each is claimed by a lock that the kernel drops with the process.
"""

import fcntl
import os
import random
import tempfile
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wakeel.processes import port_is_free

FIRST, BEHIND_LAST = 20_000, 32_000
"""Below what Linux gives to outgoing connections by default, from 32768 on."""
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


class NoPortLeft(Exception):
    """Every port is claimed, or somebody listens on it."""


class Claims:
    """The claims of one process: a locked byte in a common file for each port.

    One object a process and file: closing the file anywhere in the process would drop every lock on it.
    """

    def __init__(self, path: Path, ports: Iterable[int]) -> None:
        """ports: tried in this order, each once."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        self._untried = iter(list(ports))

    def claim(self) -> int:
        """A port that nobody listens on and nobody else will be given. Raises NoPortLeft."""
        for port in self._untried:
            if self._lock(port) and port_is_free("127.0.0.1", port):
                return port
        raise NoPortLeft("every port is claimed or taken: end other rehearsals and tests")

    def _lock(self, port: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except OSError:
            return False
        return True


def candidates() -> list[int]:
    """The ports to try, shuffled: a port that was just used has time to become quiet."""
    try:
        lowest = int(EPHEMERAL.read_text(encoding="ascii").split()[0])
    except OSError:  # not Linux: others begin at 49152
        lowest = BEHIND_LAST
    # A machine that gives out almost everything has no safe ports; ours are then as good as any.
    ports = range(FIRST, min(BEHIND_LAST, lowest)) or range(FIRST, BEHIND_LAST)
    return random.SystemRandom().sample(ports, len(ports))


_one_at_a_time = threading.Lock()


def free_port() -> int:
    """See `Claims.claim`. Any thread may ask."""
    with _one_at_a_time:
        return _claims().claim()


@cache
def _claims() -> Claims:
    return Claims(Path(tempfile.gettempdir()) / f"wakeel-ports-{os.getuid()}", candidates())
