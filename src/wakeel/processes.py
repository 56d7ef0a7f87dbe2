"""What processes need of the operating system: dying together, stopping cleanly, one owner a folder, an honest port
check.
"""

import asyncio
import ctypes
import errno
import fcntl
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn

SUPERVISOR_VARIABLE = "WAKEEL_SUPERVISOR_PID"
LOCK_NAME = "wakeel.lock"

# Exit code for "cannot run as it is set up": trying again changes nothing.
EXIT_SETTINGS = 2

GARBAGE_THRESHOLD = 10_000

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_PR_SET_PDEATHSIG = 1
# Loaded here: after a fork nothing should be.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class FolderInUse(Exception):
    """Another process of ours runs on the same data folder. pid: its id, None if it did not say."""

    def __init__(self, path: Path, pid: int | None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"{path.parent} is in use by {who}: stop it first, or give another data folder")
        self.path = path
        self.pid = pid


class FolderLock:
    """One owner of a data folder. The kernel drops the lock with the process, so a stale file blocks nobody."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._file: int | None = None

    def __enter__(self) -> "FolderLock":
        """Raises FolderInUse."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(descriptor, 32, 0).strip()
            os.close(descriptor)
            raise FolderInUse(self._path, int(pid) if pid.isdigit() else None) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._file = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file stays: removing it would let a third process lock a new one beside it."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def port_is_free(host: str, port: int) -> bool:
    """Granian shares a taken port without an error (SO_REUSEPORT), so it is asked for first, without sharing.

    Raises OSError when the host is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else TIME_WAIT of the last run disturbs
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def bind_to_parent(parent: int) -> None:
    """Between fork and exec of a child: the kernel sends it SIGTERM when the thread that started it is gone.

    Holds for every program, also one that knows nothing of us. Only Linux has it; see `watch_supervisor`.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask to be told
        os._exit(1)


_BIND = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


def bound(*argv: str) -> list[str]:
    """The same command, bound as `bind_to_parent` does it, for a parent with several threads: between fork and exec of
    its child, Python may wait for ever for a lock that another thread held. A program of its own binds instead and
    becomes the command. argv[0]: a path.
    """
    return list(argv) if _libc is None else [sys.executable, "-ISc", _BIND, str(os.getpid()), *argv]


def told_to_stop() -> asyncio.Event:
    """Set by the first TERM or INT, in the running loop; both are ignored from then on. Once, in the main thread.

    Not by `add_signal_handler`: a loop that closes gives its signals back to the system, as the interpreter does with
    every handler at its end, and who is told twice would die of the second one in the middle of a clean stop.
    """
    stop, pair = asyncio.Event(), socket.socketpair()
    for end in pair:
        end.settimeout(0)
    # Their numbers alone: they stay open as long as the process, also when the loop is gone.
    heard, rings = (end.detach() for end in pair)

    def listen() -> None:
        if set(os.read(heard, 64)) & set(STOP_SIGNALS):
            stop.set()

    asyncio.get_running_loop().add_reader(heard, listen)
    signal.set_wakeup_fd(rings, warn_on_full_buffer=False)
    for name in STOP_SIGNALS:
        signal.signal(name, _ignore_from_now_on)
    return stop


def _ignore_from_now_on(_number: int, _frame: FrameType | None) -> None:
    for name in STOP_SIGNALS:
        signal.signal(name, signal.SIG_IGN)


def leave(code: int) -> NoReturn:
    """End a process that has Granian in it, with everything said and closed, but without the interpreter's farewell.

    Before Python 3.14 a thread of Rust's that asks for the interpreter during its finalisation is ended by it, and the
    process dies of SIGABRT, now and then, after a clean stop. Source: python/cpython issue 87135, PyO3 pull request
    4874; read 2026-11-22.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def watch_supervisor() -> None:
    """At the start of a child: the same by looking once a second, where the kernel does not tell.

    Does nothing on Linux, and nothing for a process that was started by itself.
    """
    supervisor = os.environ.get(SUPERVISOR_VARIABLE, "")
    if _libc is None and supervisor.isdigit():
        threading.Thread(target=_watch_parent, args=(int(supervisor),), daemon=True).start()


def _watch_parent(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def leave_alone_what_is_loaded() -> None:
    """Django and the rest stay for ever: walking them again and again took a sixth of the time under load.

    The threshold: hundreds of requests or webhooks in hand are no garbage either, they only look new.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
