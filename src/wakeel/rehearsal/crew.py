"""The processes of one rehearsal, started, frozen, stopped and killed one by one; what each of them said."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wakeel.processes import bound

UP_WITHIN_S, ENDS_WITHIN_S = 40.0, 15.0
POLL_S = 0.02
TAIL = 2_000


class DidNotStart(Exception):
    """A process ended, or was not ready in time; the message ends with the last it said."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process. argv: behind `python`. is_up: true once it is ready; it is asked again and again."""

    argv: Sequence[str]
    is_up: Callable[[], bool]


@dataclass(slots=True)
class Crew:
    """environ: complete, the processes get no other. What a process writes goes to `<name>.log` in the folder.

    Start from one thread that lives as long as the processes: the kernel ends them with the thread that started them.
    """

    folder: Path
    environ: Mapping[str, str]
    parts: dict[str, Part] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start these, all at once, and return when each is ready. Raises DidNotStart."""
        self.launch(*names)
        for name in names:
            self.wait_ready(name)

    def launch(self, *names: str) -> None:
        """Start these and return at once."""
        for name in names:
            with self.log(name).open("ab") as log:
                self.running[name] = subprocess.Popen(  # noqa: S603
                    bound(sys.executable, *self.parts[name].argv), env=dict(self.environ), cwd=self.folder,
                    stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip

    def wait_ready(self, name: str) -> None:
        ends = time.monotonic() + UP_WITHIN_S
        while not self.parts[name].is_up():
            if time.monotonic() > ends or self.running[name].poll() is not None:
                raise DidNotStart(f"{name} did not start\n{self.said(name)[-TAIL:]}")
            time.sleep(POLL_S)

    def stop(self, name: str) -> int:
        """Ask it to end and wait; its exit code. It is killed (-9) if it does not end by itself."""
        process = self.running.pop(name)
        process.terminate()
        process.send_signal(signal.SIGCONT)
        try:
            return process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
        finally:
            _close(process)

    def kill(self, name: str) -> None:
        """`kill -9`, also of a frozen one."""
        process = self.running.pop(name)
        process.kill()
        process.wait()
        _close(process)

    def freeze(self, name: str) -> None:
        """Stop it where it stands (SIGSTOP), until `thaw` or an end."""
        process = self.running[name]
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def thaw(self, name: str) -> None:
        """Let it go on."""
        self.running[name].send_signal(signal.SIGCONT)

    def fallen(self) -> list[str]:
        """Names of those that ended although nobody asked them to."""
        return [name for name, process in self.running.items() if process.poll() is not None]

    def close(self) -> None:
        """End whatever still runs; nobody asks how any more."""
        for process in self.running.values():
            process.terminate()
            process.send_signal(signal.SIGCONT)
        for name in list(self.running):
            with suppress(ProcessLookupError):
                self.stop(name)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        return self.log(name).read_text(errors="replace") if self.log(name).exists() else ""


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
