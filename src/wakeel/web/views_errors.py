"""When a page cannot be shown: what happened, whether anything was saved; and what was typed is not lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wakeel import clock, config
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import common
from wakeel.web.typed import typed_in


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: no page of ours makes such a request."""
    return _page(request, "400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without a rule of `permissions`, which says whose task it is."""
    return _page(request, "403.html", status=403)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was opened before the last sign-in, or cookies are off."""
    return _page(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or of another business."""
    return _page(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, in both languages and without the database: it may be what is broken."""
    return render(request, "500.html", {"typed": typed_in(request), "user": None}, status=500)


def _page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    seat = getattr(request, "seat", None)
    around = common(seat) if isinstance(seat, Seat) else {"mode": config.get().mode.value, "now": clock.now()}
    return render(request, template, {**around, "typed": typed_in(request)}, status=status)
