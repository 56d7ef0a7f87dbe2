"""Who listens to a stream, and whether they still may: sessions end and roles change while it is open."""

from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
from django.http import HttpRequest

from wakeel.domain.roles import Act, Role
from wakeel.store.screens import seat as seats
from wakeel.store.screens.seat import Seat
from wakeel.web.live_places import View
from wakeel.web.seats import language, user_id
from wakeel.web.session_life import is_over


@dataclass(frozen=True, slots=True)
class Watcher:
    """One browser of one login. queue_of: the operator whose queue it is, None for everybody's. Whoever has the same
    view, queue and roles sees the same numbers.
    """

    user_id: int
    session_key: str
    view: View
    queue_of: str | None
    roles: frozenset[Role] = frozenset()


def watcher_of(request: HttpRequest, seat: Seat) -> Watcher:
    view = View(seat.business_id, language(request), seat.digits, seat.time_zone)
    return Watcher(user_id(request), request.session.session_key or "", view, _queue_of(seat), seat.roles)


def still_there(watcher: Watcher, *, now: datetime, real_now: datetime) -> Watcher | None:
    """The watcher as their rights are now; None if the session is over, or they may no longer see this business."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(watcher.session_key)
    user = auth.get_user(request)
    if not isinstance(user, User) or user.pk != watcher.user_id or is_over(request.session, now=real_now):
        return None
    seat = seats.take(user.pk, now=now)
    if seat is None or seat.business_id != watcher.view.business_id or not seat.may(Act.SEE):
        return None
    return replace(watcher, queue_of=_queue_of(seat), roles=seat.roles)


def _queue_of(seat: Seat) -> str | None:
    return None if seat.may(Act.SEE_ALL) else seat.operator_id or ""
