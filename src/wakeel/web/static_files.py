"""Static files for WhiteNoise: collected, hashed and compressed into the data folder unless they are current."""

import hashlib
import logging
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

log = logging.getLogger(__name__)

STAMP = ".built-from"


def build_if_stale() -> None:
    """Collect into STATIC_ROOT unless its stamp names exactly the files there are now. Django must be set up.

    The stamp is written last: a build that was cut short is made again.
    """
    stamp = Path(settings.STATIC_ROOT) / STAMP
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    log.info("static files built")


def _fingerprint() -> str:
    """Name, size and time of every source file; an upgrade changes at least one."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            seen.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()
