"""A session ends after 8 hours without a request, and after 7 days whatever happens.

What a page asks by itself (the live stream, and what it makes the page fetch) is nobody's request: a page left open
does not keep its session alive.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from wakeel import clock
from wakeel.store.screens.sessions import BEGAN, BROWSER, TOUCHED

LONGEST_LIFE = timedelta(days=7)
# Pushing the idle end forward is a write; once in five minutes is near enough and spares the database.
TOUCH_EVERY = timedelta(minutes=5)

BY_ITSELF = "X-Wakeel-Live"
"""Header of a request that a page makes by itself."""

_LONGEST_NAME = 200


class SessionLife:
    """After AuthenticationMiddleware. The idle end itself is SESSION_COOKIE_AGE, counted from the last write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.session.is_empty() and request.user.is_authenticated:
            _extend_or_end(request, now=clock.real_now())
        return self.get_response(request)


def _extend_or_end(request: HttpRequest, *, now: datetime) -> None:
    began = _moment(request.session.get(BEGAN))
    if began is None:
        request.session[BEGAN] = request.session[TOUCHED] = now.isoformat()
        request.session[BROWSER] = request.headers.get("User-Agent", "")[:_LONGEST_NAME]
        # One that began with half a sign-in had a shorter life until now.
        request.session.set_expiry(None)
    elif is_over(request.session, now=now):
        logout(request)
    elif not _is_by_itself(request) and now - (_moment(request.session.get(TOUCHED)) or began) > TOUCH_EVERY:
        request.session[TOUCHED] = now.isoformat()


def _is_by_itself(request: HttpRequest) -> bool:
    return BY_ITSELF in request.headers or request.headers.get("Accept") == "text/event-stream"


def is_over(session: SessionBase, *, now: datetime) -> bool:
    """Whether the longest life of this session has passed; its idle end shows as a session that is gone."""
    began = _moment(session.get(BEGAN))
    return began is not None and now - began > LONGEST_LIFE


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
