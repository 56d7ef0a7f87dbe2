"""How fast a number may send: an administrator's matter."""

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wakeel import clock
from wakeel.domain.sending_limits import OwnLimits
from wakeel.flows.set_own_limits import set_own_limits
from wakeel.store.screens import platform
from wakeel.store.screens.seat import Seat
from wakeel.web.forms import LimitsForm
from wakeel.web.seats import seated, show, user_id


@seated
def limits(request: HttpRequest, seat: Seat, number_id: str) -> HttpResponse:
    """Show and change them. 404 for a number of others."""
    found = platform.own_limits(seat.business_id, number_id)
    if found is None:
        raise Http404
    phone, present = found
    form = LimitsForm(request.POST) if request.method == "POST" else LimitsForm(initial=asdict(present))
    if form.is_bound and form.is_valid():
        set_own_limits(
            seat.business_id, number_id, OwnLimits(**form.cleaned_data), by=str(user_id(request)), now=clock.now()
        )
        messages.success(request, _("The speed is changed, from the next message on."))
        return redirect("desk:health")
    return show(request, seat, "limits.html", status=422 if form.errors else 200, nav="health", form=form, phone=phone)
