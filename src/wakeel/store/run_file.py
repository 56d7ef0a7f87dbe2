"""The file `run` in the data folder: how far the database had come when this folder last saw it.

Beside the database and not in it, and left out of its backups: that is what makes a copy recognisable.
"""

import json
import os
from pathlib import Path

from wakeel.domain.runs import Mark, RunFile

NAME = "run"
_LONGEST = 1_000


def read(path: Path) -> RunFile:
    """What is there; a file that cannot be opened or understood is there and says nothing."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LONGEST))
    except FileNotFoundError:
        return RunFile(is_there=False)
    except (OSError, ValueError):
        return RunFile(is_there=True)
    match found:
        case {"database": str(database), "run": int(number)}:
            return RunFile(is_there=True, mark=Mark(database, number))
        case _:
            return RunFile(is_there=True)


def write(path: Path, mark: Mark) -> None:
    """Replace the file in one step, on the disk when this returns. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        json.dump({"database": mark.database, "run": mark.number}, file)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
