"""The file of a business's anchors: one JSON line each, only ever appended, synced before anybody relies on it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TAIL_BYTES = 64 * 1024


def path_of(folder: Path, business_id: str) -> Path:
    return folder / f"{business_id}.jsonl"


def businesses(folder: Path) -> list[str]:
    """Whose files there are."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Every line with its number, from 1; nothing if there is no file. Blank lines are left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line.strip()


def last_lines(path: Path) -> list[bytes]:
    """The newest whole lines, the last one first, without reading the file from its beginning."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = file.seek(max(0, size - _TAIL_BYTES))
            found = file.read().splitlines()
    except FileNotFoundError:
        return []
    whole = found if start == 0 else found[1:]
    return [line.strip() for line in reversed(whole) if line.strip()]


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else appends meanwhile: the worker and a command may anchor at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def append(path: Path, line: bytes) -> None:
    """Write one line and return when it is on the disk. Call inside `alone`."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        # A line cut off by a crash must not swallow this one.
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (b"\n" if torn else b"") + line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync(path.parent)


def posted(path: Path) -> int:
    """How many rows the newest anchor had that the outside address accepted; 0 if none was."""
    try:
        return int(_mark(path).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def mark_posted(path: Path, size: int) -> None:
    draft = _mark(path).with_suffix(".new")
    draft.write_text(str(size))
    draft.replace(_mark(path))


def _mark(path: Path) -> Path:
    return path.with_suffix(".posted")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
