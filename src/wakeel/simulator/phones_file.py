"""The file phones.json: the phones as they were, for the next start."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from wakeel.simulator.one_step import write_in_one_step
from wakeel.simulator.snapshot import Snapshot, SnapshotFault, from_dict, nothing, to_dict
from wakeel.simulator.switchboard import Switchboard

FILE_NAME = "phones.json"

EVERY_S = 0.4
"""With the time a write takes, a kill loses no more than the last half second."""


class PhonesFileFault(Exception):
    """The file is there and cannot be used; the message names it and says what to do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be used: {why}; move it away to start with empty phones")


def read(data_dir: Path) -> Snapshot:
    """What the last process left; nothing when there is no file. Raises PhonesFileFault for a file we did not write."""
    path = data_dir / FILE_NAME
    try:
        return from_dict(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return nothing()
    except OSError as fault:
        raise PhonesFileFault(path, fault.strerror or type(fault).__name__) from fault
    except (ValueError, RecursionError) as fault:
        raise PhonesFileFault(path, "it is not JSON") from fault
    except SnapshotFault as fault:
        raise PhonesFileFault(path, str(fault)) from fault


class PhonesFile:
    """Keeps the file up with the phones. One process a folder."""

    def __init__(self, board: Switchboard, *, data_dir: Path, complain: Callable[[str], object]) -> None:
        """complain: told once when writing begins to fail; the phones go on, and so do the attempts."""
        self._board = board
        self._path = data_dir / FILE_NAME
        self._complain = complain
        self._saved_revision = -1
        self._failing = False

    async def keep(self) -> None:
        """Save what changed, again and again until the process stops."""
        while not await self._board.stopped_within(EVERY_S):
            await self.save()

    async def save(self) -> None:
        """Save now if anything changed since the last time."""
        revision = self._board.bell.revision
        if revision == self._saved_revision:
            return
        try:
            await asyncio.to_thread(_replace, self._path, to_dict(self._board.snapshot()))
        except (OSError, RecursionError) as fault:  # a full disk; a request nested deeper than JSON can be written
            if not self._failing:
                self._complain(f"{self._path} cannot be written ({fault}); a stop now would forget the latest chats")
            self._failing = True
            return
        self._failing = False
        self._saved_revision = revision


def _replace(path: Path, table: dict[str, object]) -> None:
    """For its owner's eyes only. Escaped: a text may hold half a surrogate."""
    write_in_one_step(path, json.dumps(table, separators=(",", ":")), mode=0o600)
