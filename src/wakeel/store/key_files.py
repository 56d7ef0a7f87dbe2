"""Key files on the disk: `chain.1`, `pepper.1`, `field.1`, `anchor.1`; 32 random bytes each, 0600 in a 0700 folder.

They stay outside the database and its backups: whoever has the database alone can neither forge an entry nor read a
payload. Source: reference "consent and contactability", sections 4.2 and 4.4, read 2026-11-22.
"""

import contextlib
import os
import re
import secrets
import stat
import tempfile
from pathlib import Path

KEY_BYTES = 32
KINDS = ("anchor", "chain", "field", "pepper")
_NAME = re.compile(r"(?P<kind>anchor|chain|field|pepper)\.(?P<epoch>[1-9][0-9]{0,3})")


class KeyRefused(Exception):
    """A key cannot be used. name: of the key file; problem and remedy in words. Never carries the key."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"key {name} {problem}: {remedy}")
        self.name, self.problem, self.remedy = name, problem, remedy


def read(folder: Path) -> dict[str, bytes]:
    """Every key file of the folder by its name; {} if the folder does not exist. Raises KeyRefused."""
    if not folder.is_dir():
        return {}
    try:
        found = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except OSError as fault:
        raise KeyRefused("folder", f"cannot be listed ({fault.strerror})", "let this account read it") from None
    return {path.name: _read(path) for path in found}


def make(folder: Path, name: str) -> bytes:
    """The key in this file, made if there is none; of two processes that make it at once both get the same one."""
    path = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    except OSError as fault:
        remedy = "let this account write to WAKEEL_KEYS_DIR, or put the key there"
        raise KeyRefused(name, f"cannot be made ({fault.strerror})", remedy) from None
    return _read(path)


def epoch_of(name: str) -> int:
    return int(name.rpartition(".")[2])


def _make(path: Path) -> None:
    """Written and synced under another name first, then linked: a key file is whole or absent, and never replaced."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-key-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    try:
        mode, key = path.stat().st_mode, path.read_bytes()
    except OSError as fault:
        raise KeyRefused(path.name, f"cannot be read ({fault.strerror})", "let this account read it") from None
    if mode & stat.S_IRWXO:
        raise KeyRefused(path.name, "is open to every account of this machine", "chmod 600 the file")
    if len(key) != KEY_BYTES:
        raise KeyRefused(path.name, f"does not hold exactly {KEY_BYTES} bytes", "put the file from your backup there")
    return key
