"""What a command needs first: settings, Django, the business, the file it was given."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wakeel.processes import EXIT_SETTINGS

if TYPE_CHECKING:
    from wakeel.config import Config
    from wakeel.domain.ids import BusinessId

EXIT_REFUSED = 1
# The largest file an import takes (design section 10).
LARGEST_FILE = 10 * 1024 * 1024

Command = Callable[[argparse.Namespace], int]


class Add(Protocol):
    """Adds one command to the console script and returns its parser."""

    def __call__(self, name: str, run: Command, text: str) -> argparse.ArgumentParser: ...


class Refused(Exception):
    """The command cannot be carried out. exit_code: 1 for what was asked, 2 for how it is set up."""

    def __init__(self, reason: str, *, exit_code: int = EXIT_REFUSED) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


def business(config: "Config") -> "BusinessId":
    """The deployment's business, made on first use."""
    from wakeel.flows.set_up import PracticeMixed, ensure_business

    try:
        return ensure_business(config)
    except PracticeMixed as mixed:
        raise Refused(str(mixed), exit_code=EXIT_SETTINGS) from None


def configured(role: str) -> "Config":
    """Settings good enough for `role`; every fault is told at once."""
    from wakeel.clock import PracticeClockRefused, refuse_practice_clock
    from wakeel.config import ConfigError, Role, load_strict

    try:
        config = load_strict(os.environ, role=Role(role))
        refuse_practice_clock(config)
    except (ConfigError, PracticeClockRefused) as error:
        raise Refused(str(error), exit_code=EXIT_SETTINGS) from None
    return config


def set_up_django(role: str) -> None:
    os.environ["WAKEEL_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    import django

    django.setup()


def file_contents(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(f"{path} is larger than {LARGEST_FILE // 2**20} MB: split it")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None
