"""Wrong passwords are slowed down: five from one address for one name, then a wait. Counted in this process's cache."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

LIMIT = 5
WAIT_S = 15 * 60


def is_slowed(request: HttpRequest, name: str) -> bool:
    """True while this name has been tried too often from this address."""
    return int(cache.get(_key(request, name), 0)) >= LIMIT


def note_wrong(request: HttpRequest, name: str) -> None:
    """Count one wrong password; the wait is counted from the first of them."""
    key = _key(request, name)
    if not cache.add(key, 1, WAIT_S):
        cache.incr(key)


def forget(request: HttpRequest, name: str) -> None:
    """The right password came."""
    cache.delete(_key(request, name))


def _key(request: HttpRequest, name: str) -> str:
    who = f"{name.strip().casefold()}\0{request.META.get('REMOTE_ADDR', '')}"
    return f"wrong-password:{hashlib.sha256(who.encode()).hexdigest()}"
