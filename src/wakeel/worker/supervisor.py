"""`wakeel serve`: one supervisor over the web, the worker and the ingest process. It starts, watches and stops them."""

import logging
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

from wakeel.processes import EXIT_SETTINGS, SUPERVISOR_VARIABLE, bind_to_parent

log = logging.getLogger(__name__)

STOP_WITHIN_S = 10.0
POLL_S = 0.1
FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 30.0
# A child that lived this long had started well: its next restart is quick again.
HEALTHY_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Command:
    """One process: its name in the log, its arguments, and what its environment has on top of ours.

    once: it has something to finish beside the others; it is not started again, and if it fails everything stops.
    """

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    once: bool = False


def web() -> Command:
    """The web process, by module name: `worker` may not import `web`."""
    return Command("web", [sys.executable, "-m", "wakeel.web.serve"], {"WAKEEL_ROLE": "web"})


def ingest() -> Command:
    """The webhook's process, for deployments that want one."""
    return Command("ingest", [sys.executable, "-m", "wakeel.web.ingest"], {"WAKEEL_ROLE": "ingest"})


def worker() -> Command:
    """The worker process."""
    return Command("worker", [sys.executable, "-m", "wakeel.worker.run"], {"WAKEEL_ROLE": "worker"})


def log_to_stderr(level: str) -> None:
    """The same line format as the children's: they share the terminal."""
    logging.basicConfig(
        stream=sys.stderr,
        level=level,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )


class Supervisor:
    """Keeps commands running until it is told to stop. Must run in the main thread: the children's death signal
    follows the thread that started them.
    """

    def __init__(
        self, commands: Sequence[Command], *, tend: Callable[["Supervisor"], int | None] | None = None
    ) -> None:
        """tend: called again and again while the children run; an exit code of it ends everything."""
        self._children = [_Child(command) for command in commands]
        self._tend = tend
        self._asked_to_stop = False

    def run(self) -> int:
        """0: stopped cleanly when told to; 1: a child had to be killed, or one that runs once failed; 2: a child
        cannot run as it is set up.
        """
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self._on_signal)
        for child in self._children:
            child.start()
        code = self._watch()
        killed = self._stop()
        return 1 if killed and code == 0 else code

    def rest(self, names: Collection[str]) -> None:
        """Stop these commands and leave them stopped."""
        resting = [child for child in self._children if child.name in names]
        self._end(resting)
        for child in resting:
            child.rest()

    def wake(self, names: Collection[str]) -> None:
        """Start those of these commands that rest, also those that run once."""
        for child in self._children:
            if child.name in names and child.rests:
                child.start()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _watch(self) -> int:
        while not self._asked_to_stop:
            for child in self._children:
                code = child.keep_running()
                if code is not None:
                    log.error("%s cannot go on: stopping everything", child.name)
                    return code
            if self._tend and (code := self._tend(self)) is not None:
                return code
            time.sleep(POLL_S)
        return 0

    def _stop(self) -> bool:
        """End all; True if anything had to be killed."""
        return self._end(self._children)

    def _end(self, children: "Sequence[_Child]") -> bool:
        """Terminate these, wait for them until one common end, then kill; True if anything had to be killed."""
        deadline = time.monotonic() + STOP_WITHIN_S
        for child in children:
            child.terminate()
        return any([child.end_by(deadline) for child in children])


class _Child:
    """One command: its process now, or the time of its next start."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at = 0.0
        self._backoff_s = FIRST_BACKOFF_S

    @property
    def name(self) -> str:
        return self._command.name

    def start(self) -> None:
        environ = {**os.environ, **self._command.environ, SUPERVISOR_VARIABLE: str(os.getpid())}
        self._process = subprocess.Popen(  # noqa: S603
            list(self._command.argv),
            env=environ,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, and children are told once
            preexec_fn=partial(bind_to_parent, os.getpid()),  # noqa: PLW1509  (this process has one thread)
        )
        self._started_at = time.monotonic()

    def rest(self) -> None:
        """After its end: nothing starts it but `start`."""
        self._process = None
        self._start_again_at = math.inf

    @property
    def rests(self) -> bool:
        """True if it neither runs nor will start by itself."""
        return self._process is None and self._start_again_at == math.inf

    def keep_running(self) -> int | None:
        """Start again when it is time to; what to end everything with if that would change nothing, else None."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_again_at:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        self._process = None
        if code == EXIT_SETTINGS:
            return code
        if self._command.once:
            self._start_again_at = math.inf
            return 1 if code else None
        self._plan_restart(code, now=now)
        return None

    def _plan_restart(self, code: int, *, now: float) -> None:
        if now - self._started_at >= HEALTHY_AFTER_S:
            self._backoff_s = FIRST_BACKOFF_S
        self._start_again_at = now + self._backoff_s
        log.error("%s ended with code %d: starting it again in %.1f s", self.name, code, self._backoff_s)
        self._backoff_s = min(2 * self._backoff_s, LONGEST_BACKOFF_S)

    def terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def end_by(self, deadline: float) -> bool:
        """Wait for the end; True if it had to be killed, with everything in its session."""
        if self._process is None:
            return False
        try:
            self._process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("%s did not stop within %.0f s: killed", self.name, STOP_WITHIN_S)  # noqa: TRY400
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            return True
        return False
