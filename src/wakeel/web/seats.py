"""What a view is handed: the seat that `permissions.Doorkeeper` found, and for decisions an enrolled phone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wakeel import clock, config
from wakeel.domain.ids import OperatorId
from wakeel.domain.roles import Act
from wakeel.flows.reply import Reply
from wakeel.store.screens.seat import Seat

View = Callable[..., HttpResponse]


class NotTheirs(Exception):
    """The act that a form stands for belongs to others; where the address alone says so, `permissions` does."""

    def __init__(self, act: Act) -> None:
        self.act = act
        super().__init__(f"not theirs to do: {act}")


def must(seat: Seat, act: Act) -> None:
    """Raises NotTheirs, which answers 403 with whose task it is."""
    if not seat.may(act):
        raise NotTheirs(act)


def seated(view: View) -> View:
    """Calls `view(request, seat, …)`; that somebody sits there and may come in was asked before."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, seat_of(request), *args, **kwargs)

    return page


def deciding(view: View) -> View:
    """`seated`, POST only, and only with an enrolled phone: an operator is who decides."""

    @require_POST
    @seated
    @wraps(view)
    def page(request: HttpRequest, seat: Seat, *args: Any, **kwargs: Any) -> HttpResponse:
        if seat.operator_id is None:
            messages.warning(request, _("Nothing was done: link your phone first, then decide."))
            return redirect("desk:enrol")
        return view(request, seat, *args, **kwargs)

    return page


def show(request: HttpRequest, seat: Seat, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render one page with what all of them show."""
    return render(request, f"web/{template}", {**common(seat), **context}, status=status)


def common(seat: Seat) -> dict[str, Any]:
    """What every page shows."""
    settings = config.get()
    return {
        "seat": seat,
        "mode": settings.mode.value,
        "simulator_url": settings.simulator_url if settings.mode.value == "practice" else None,
        "now": clock.now(),
    }


def seat_of(request: HttpRequest) -> Seat:
    """Of whoever is signed in; every address that is not public has one."""
    seat = getattr(request, "seat", None)
    if not isinstance(seat, Seat):
        raise SuspiciousOperation("no seat")
    return seat


def operator_of(seat: Seat) -> OperatorId:
    """The operator of a seat that `deciding` let through."""
    if seat.operator_id is None:
        raise SuspiciousOperation("no operator")
    return seat.operator_id


def user_of(request: HttpRequest) -> User:
    """The signed-in person; only behind `seated`."""
    if not isinstance(request.user, User):
        raise SuspiciousOperation("no login")
    return request.user


def user_id(request: HttpRequest) -> int:
    return user_of(request).pk


def one_time_key(request: HttpRequest) -> str:
    """The form's key, so that a form posted twice decides once. A missing or malformed one is not ours: 400."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        raise SuspiciousOperation("no one-time key") from None


def tell(request: HttpRequest, reply: Reply) -> None:
    """Say on the next page what became of a click."""
    (messages.success if reply.carried_out else messages.warning)(request, reply.say(language(request)))


def language(request: HttpRequest) -> str:
    return "en" if getattr(request, "LANGUAGE_CODE", "ar") == "en" else "ar"


def next_page(request: HttpRequest) -> str | None:
    """The page a form stood on, if it says so and it is one of ours."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/") else None
