"""The settings: one's own profile, and which way to the rest."""

from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from wakeel import clock
from wakeel.flows.change_profile import change_profile
from wakeel.store.screens.seat import Seat
from wakeel.web import views_people, views_security
from wakeel.web.forms_settings import ProfileForm
from wakeel.web.seats import language, seated, show, user_id, user_of

SECTIONS = ("profile", "security", "people")


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def settings(request: HttpRequest, seat: Seat, section: str) -> HttpResponse:
    """One section; security and people have their buttons at addresses of their own."""
    match section:
        case "security":
            return views_security.security(request, seat)
        case "people":
            return views_people.people(request, seat)
        case _:
            return _profile(request, seat)


def _profile(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=_initial(request, seat))
    if form.is_bound and form.is_valid():
        wanted = form.wanted()
        if change_profile(seat.business_id, user_id(request), wanted, now=clock.now()):
            with override(wanted.language.value):
                messages.success(request, _("Your settings are kept."))
            return redirect("desk:settings", "profile")
        form.add_error("time_zone", _("There is no such time zone. Nothing was changed."))
    return show(
        request, seat, "profile.html", status=422 if form.errors else 200, nav="settings", section="profile", form=form,
        zones=sorted(zone for zone in available_timezones() if "/" in zone),
    )  # fmt: skip


def _initial(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    user = user_of(request)
    return {
        "name": seat.operator_name or user.get_full_name() or user.get_username(),
        "language": seat.language or language(request), "digits": seat.digits.value, "time_zone": seat.time_zone,
        "has_shortcuts": seat.has_shortcuts,
    }  # fmt: skip
