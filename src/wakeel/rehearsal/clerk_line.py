"""The line to a household's clerk: one wish, one answer."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Protocol

from wakeel.processes import bound


class ClerkRefused(Exception):
    """The product said no to a verb; the message is its sentence."""


class ClerkGone(Exception):
    """The clerk ended; the message is the last it said."""


class Clerk(Protocol):
    """Whoever carries out the verbs of `clerk_verbs`."""

    def __call__(self, verb: str, **given: Any) -> Any:
        """The answer of one verb."""

    def wait_ready(self) -> None: ...

    def is_there(self) -> bool: ...

    def close(self) -> None: ...


class ClerkLine:
    """Started at once, asked later: an interpreter's start is most of the time. May be used from any thread."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._log = folder / "clerk.log"
        self._turn = threading.Lock()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                bound(sys.executable, "-m", "wakeel.rehearsal.clerk"), env=dict(environ), cwd=folder,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._in: IO[bytes] = self._process.stdin  # type: ignore[assignment]
        self._out: IO[bytes] = self._process.stdout  # type: ignore[assignment]

    def wait_ready(self) -> None:
        """Return once it can be asked. Raises ClerkGone."""
        self._line()

    def __call__(self, verb: str, **given: Any) -> Any:
        """The answer of one verb of `clerk_verbs`. Raises ClerkRefused or ClerkGone."""
        with self._turn:
            self._in.write(json.dumps({"verb": verb, **given}).encode() + b"\n")
            self._in.flush()
            answer = json.loads(self._line())
        if "refused" in answer:
            raise ClerkRefused(answer["refused"])
        return answer["done"]

    def is_there(self) -> bool:
        """False once it ended, whoever ended it."""
        return self._process.poll() is None

    def close(self) -> None:
        with contextlib.suppress(OSError):  # what was written to one that is gone cannot be brought to it
            self._in.close()
        self._process.terminate()
        self._process.wait()
        self._out.close()

    def _line(self) -> bytes:
        line = self._out.readline()
        if not line:
            raise ClerkGone(self._log.read_text(errors="replace")[-2000:])
        return line
