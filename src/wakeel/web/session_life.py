"""A session ends after 8 hours without a request, and after 7 days whatever happens."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from wakeel import clock

LONGEST_LIFE = timedelta(days=7)
# Pushing the idle end forward is a write; once in five minutes is near enough and spares the database.
TOUCH_EVERY = timedelta(minutes=5)

BEGAN, TOUCHED = "began_at", "touched_at"


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
    elif now - began > LONGEST_LIFE:
        logout(request)
    elif now - (_moment(request.session.get(TOUCHED)) or began) > TOUCH_EVERY:
        request.session[TOUCHED] = now.isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
