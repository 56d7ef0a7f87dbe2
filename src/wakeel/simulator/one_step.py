"""Replaces a file in one step, so that a reader or a kill meets the old one or the new one and never half of it."""

import os
from pathlib import Path

USUAL_MODE = 0o666  # less what the process's mask takes away


def write_in_one_step(path: Path, text: str, *, mode: int = USUAL_MODE) -> None:
    """Write ASCII text. mode: of a file that is made. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
