"""Passwords are tried five times from one address for one name, then comes a wait. Counted in this process's cache."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

LIMIT = 5
WAIT_S = 15 * 60


def may_try(request: HttpRequest, name: str) -> bool:
    """Count one try; False when there were too many.

    Counted before the password is looked at, so that many tries at once are as slow as one after the other.
    """
    key = _key(request, name)
    cache.add(key, 0, WAIT_S)
    try:
        return cache.incr(key) <= LIMIT
    except ValueError:  # it ran out between the two calls
        return True


def forget(request: HttpRequest, name: str) -> None:
    """The right password came."""
    cache.delete(_key(request, name))


def _key(request: HttpRequest, name: str) -> str:
    who = f"{name.strip().casefold()}\0{request.META.get('REMOTE_ADDR', '')}"
    return f"password-tries:{hashlib.sha256(who.encode()).hexdigest()}"
