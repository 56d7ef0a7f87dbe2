"""An operator's own daily brief: its hour, days and clock."""

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wakeel import clock
from wakeel.domain.briefs import BRIEF_MINUTE
from wakeel.flows import brief_settings, knock
from wakeel.flows.brief_settings import Wanted
from wakeel.store.screens.seat import Seat
from wakeel.web.forms import BriefForm
from wakeel.web.seats import language, seated, show


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def brief(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show and change it. Whoever has no phone here is asked to link one."""
    standing = brief_settings.read(seat.operator_id, now=clock.now()) if seat.operator_id is not None else None
    if seat.operator_id is None or standing is None:
        messages.warning(request, _("Link your phone first: the brief comes to it."))
        return redirect("desk:enrol")
    form = BriefForm(request.POST if request.method == "POST" else None, initial=_initial(standing.wanted))
    if form.is_bound and form.is_valid():
        said = brief_settings.change(seat.operator_id, _wanted(form.cleaned_data), now=clock.now())
        if said.carried_out:
            messages.success(request, said.say(language(request)))
            return redirect("desk:brief")
        form.add_error("time_zone", said.say(language(request)))
    return show(
        request, seat, "brief.html", status=422 if form.errors else 200, nav="enrol", form=form, standing=standing,
        brief=knock.to_submit(seat.business_id, language=language(request)), zones=sorted(available_timezones()),
    )  # fmt: skip


def _initial(wanted: Wanted) -> dict[str, Any]:
    minute = BRIEF_MINUTE if wanted.minute is None else wanted.minute
    return {
        "is_wanted": wanted.minute is not None, "at": time(minute // 60, minute % 60), "days": list(wanted.days),
        "time_zone": wanted.zone,
    }  # fmt: skip


def _wanted(data: dict[str, Any]) -> Wanted:
    at: time = data["at"]
    minute = at.hour * 60 + at.minute if data["is_wanted"] else None
    return Wanted(minute, "".join(data["days"]), data["time_zone"].strip())
