"""What every page needs before it starts: a login, its seat, and for decisions an enrolled phone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wakeel import clock, config
from wakeel.domain.ids import OperatorId
from wakeel.flows.reply import Reply
from wakeel.store.screens import seat as seats
from wakeel.store.screens.seat import Seat

View = Callable[..., HttpResponse]


def seated(view: View) -> View:
    """Calls `view(request, seat, …)` for a signed-in person who belongs to a business."""

    @login_required
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seat = seats.take(user_id(request), now=clock.now())
        if seat is None:
            return render(request, "web/no_business.html", status=403)
        return view(request, seat, *args, **kwargs)

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
    settings = config.get()
    common = {
        "seat": seat,
        "mode": settings.mode.value,
        "simulator_url": settings.simulator_url if settings.mode.value == "practice" else None,
        "now": clock.now(),
    }
    return render(request, f"web/{template}", {**common, **context}, status=status)


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
