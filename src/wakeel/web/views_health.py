"""Is everything alive, and the stop switch: anybody may press it, an administrator releases it."""

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wakeel import clock
from wakeel.flows import fixed_text, stop_sending
from wakeel.store.screens import health as signs
from wakeel.store.screens import platform
from wakeel.store.screens.seat import Seat
from wakeel.web import throttle
from wakeel.web.forms import ReleaseForm
from wakeel.web.seats import seated, show, user_of


@require_safe
@seated
def health(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Signs of life, each with what to do when it is red."""
    return _page(request, seat, ReleaseForm())


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """For machines: 200 while the database answers and the worker lives, else 503."""
    try:
        found = signs.readiness(real_now=clock.real_now())
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    body = {
        "database": "ok",
        "worker_heartbeat_age_s": _rounded(found.worker_age_s),
        "oldest_received_age_s": _rounded(found.oldest_waiting_s),
    }
    return JsonResponse(body, status=200 if found.is_ready else 503)


@require_POST
@seated
def press(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Stop all sending to contacts."""
    stop_sending.press(seat.business_id, user_of(request).get_username(), now=clock.now())
    messages.success(request, _("All sending to contacts is stopped. Approvals are kept and nothing leaves."))
    return redirect("desk:health")


@require_POST
@seated
def release(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Resume: administrators only, and only with their password."""
    user, form = user_of(request), ReleaseForm(request.POST)
    if not user.is_staff:
        return show(request, seat, "forbidden.html", status=403, nav="health")
    name = user.get_username()
    if not throttle.may_try(request, name):
        form.add_error(None, _("Too many wrong passwords. Try again in 15 minutes."))
    elif form.is_valid():
        if user.check_password(form.cleaned_data["password"]):
            throttle.forget(request, name)
            send = form.cleaned_data["held"] == "send"
            leaving, asked = stop_sending.release(seat.business_id, send=send, now=clock.now())
            words = _("Sending is resumed. Messages that leave now: %(leaving)d; asked again: %(asked)d.")
            messages.success(request, words % {"leaving": leaving, "asked": asked})
            return redirect("desk:health")
        form.add_error("password", _("The password is wrong. Sending is still stopped."))
    return _page(request, seat, form, status=422)


def _page(request: HttpRequest, seat: Seat, form: ReleaseForm, *, status: int = 200) -> HttpResponse:
    now, real_now = clock.now(), clock.real_now()
    signs_of_life = signs.read(seat.business_id, now=now, real_now=real_now)
    return show(
        request, seat, "health.html", status=status, nav="health", signs=signs_of_life, form=form, real_now=real_now,
        offset_s=round((now - real_now).total_seconds()), is_staff=user_of(request).is_staff,
        texts_waiting=len(fixed_text.waiting(seat.business_id)), whatsapp=platform.read(seat.business_id),
    )  # fmt: skip


def _rounded(age_s: float | None) -> float | None:
    return None if age_s is None else round(age_s, 1)
