"""A key folder of its own for tests that lose, change or add keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wakeel import config
from wakeel.store.keyring import Keyring, keyring


@contextmanager
def own_keys(folder: Path) -> Iterator[Path]:
    """The keys are read from this folder inside the block; the suite's own ones again afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAKEEL_KEYS_DIR", str(folder))
        forget()
        yield folder
    forget()


def forget() -> None:
    config.get.cache_clear()
    keyring.cache_clear()


def started_again() -> Keyring:
    """What a new process finds."""
    forget()
    return keyring()
