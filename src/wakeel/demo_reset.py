"""Reset under `wakeel demo`: the product goes back to its seed together with the phones.

The simulator knows nothing of the product, so it asks by words in a file (see `simulator/product.py`), and the demo's
supervisor looks at it between two looks at its processes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wakeel.worker.supervisor import Supervisor

RESET = "reset"
PARTS = (
    "wakeel.sqlite3-wal", "wakeel.sqlite3-shm", "wakeel.sqlite3", "keys", "anchors", "media", "run",
)  # fmt: skip
"""Everything the product keeps about people. Secrets, the policy and the built files of the screens stay."""


@dataclass(frozen=True, slots=True)
class Seed:
    """The product's data as they were before anything ran, beside the data themselves."""

    folder: Path

    @property
    def copy(self) -> Path:
        return self.folder / "seed"

    def keep(self) -> None:
        """Remember the data of now, unless there are older ones. Nobody may have the database open."""
        if self.copy.exists():
            return
        fresh = self.folder / "seed.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        for name in PARTS:
            _copy(self.folder / name, fresh / name)
        os.replace(fresh, self.copy)

    def put_back(self) -> None:
        """Replace the data by those of the seed; without a seed, leave nothing, so that preparing begins anew."""
        for name in PARTS:
            _remove(self.folder / name)
        for name in PARTS:
            _copy(self.copy / name, self.folder / name)


@dataclass(frozen=True, slots=True)
class Reset:
    """Listens to the simulator. product: names of the commands that stop, and start again when the data are back."""

    seed: Seed
    product: Sequence[str]

    @property
    def words(self) -> Path:
        """The file of the words."""
        return self.seed.folder / RESET

    def finish(self) -> None:
        """Before anything runs: a reset that was cut short after the phones had gone back is done now."""
        if self._word() == "start":
            self.seed.put_back()
        self.words.unlink(missing_ok=True)

    def tend(self, supervisor: Supervisor) -> int | None:
        """Do what the simulator asks for. An exit code if the product cannot be prepared again, else None."""
        match self._word():
            case "stop":
                supervisor.rest(self.product)
                self._say("stopped")
            case "start":
                self.seed.put_back()
                if code := prepare():
                    return code
                self.seed.keep()
                self._release(supervisor)
            case "go on":
                self._release(supervisor)
        return None

    def _release(self, supervisor: Supervisor) -> None:
        supervisor.wake(self.product)
        self.words.unlink()

    def _word(self) -> str:
        """What the simulator or we said last; empty for nothing."""
        try:
            return self.words.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def _say(self, word: str) -> None:
        fresh = self.words.with_name(f"{self.words.name}.new")
        fresh.write_text(word, encoding="ascii")
        os.replace(fresh, self.words)


def prepare() -> int:
    """Run the demo's step of that name; its exit code."""
    return subprocess.run([sys.executable, "-m", "wakeel.cli", "demo", "--step", "prepare"], check=False).returncode


def _copy(source: Path, target: Path) -> None:
    """With the modes, and only what is there."""
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
