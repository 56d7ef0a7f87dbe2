"""The secrets of the webhook; those that came from a file are read again when it changes, without a restart.

A file that is broken or empty changes nothing: the old secrets stay, and the log and `/healthz` say so.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from wakeel import environment
from wakeel.config import Config
from wakeel.whatsapp.signature import AppSecrets

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0

# Modification time, size and inode: changed by every way to write a file.
_Stamp = tuple[int, int, int]


class Secrets:
    """What a request is held against now. app: all that may sign; verify_token: b"" verifies nobody."""

    __slots__ = ("app", "verify_token")

    def __init__(self, *, app_secrets: Sequence[str], verify_token: str) -> None:
        self.app = AppSecrets(app_secrets)
        self.verify_token = verify_token.encode()


class SecretFiles:
    """Keeps `secrets` as the files say. Nothing to do if the secrets came from the environment itself."""

    def __init__(self, config: Config) -> None:
        self.secrets = Secrets(app_secrets=config.app_secrets, verify_token=config.verify_token)
        self._files = [
            _File(name, path, take)
            for name, path, take in (
                ("WHATSAPP_APP_SECRET_FILE", config.app_secret_file, self._take_app_secrets),
                ("WHATSAPP_VERIFY_TOKEN_FILE", config.verify_token_file, self._take_verify_token),
            )
            if path is not None
        ]

    @property
    def unusable(self) -> list[str]:
        """The variables whose file cannot be used as it is now; the secrets from before still count."""
        return [file.name for file in self._files if file.is_broken]

    async def watch(self) -> None:
        """Until cancelled. A disk that hangs holds up a thread and not the loop."""
        while self._files:
            await asyncio.sleep(LOOK_EVERY_S)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        for file in self._files:
            file.look()

    def _take_app_secrets(self, text: str) -> bool:
        secrets = environment.words(text)
        if secrets:
            self.secrets.app = AppSecrets(secrets)
        return bool(secrets)

    def _take_verify_token(self, text: str) -> bool:
        if text:
            self.secrets.verify_token = text.encode()
        return bool(text)


class _File:
    """take: puts the text to use and returns True, or False if it cannot be used."""

    def __init__(self, name: str, path: Path, take: Callable[[str], bool]) -> None:
        self.name = name
        self.is_broken = False
        self._path = path
        self._take = take
        self._read = self._seen = _stamp(path)
        # The settings were read seconds ago: what was written since would be taken for known.
        self._is_taken()

    def look(self) -> None:
        """Read when the file has changed and then stayed so for one look: it may still be being written."""
        stamp, before = _stamp(self._path), self._seen
        self._seen = stamp
        if stamp == self._read or stamp != before:
            return
        self._read = stamp
        self.is_broken = not self._is_taken()
        if self.is_broken:
            log.error("the file named in %s is empty or cannot be read: the secrets from before stay", self.name)
        else:
            log.info("the file named in %s has changed: its secrets count from now on", self.name)

    def _is_taken(self) -> bool:
        try:
            return self._take(self._path.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return False


def _stamp(path: Path) -> _Stamp | None:
    """None if there is no such file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
