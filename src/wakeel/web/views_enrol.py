"""Linking a phone: a code on the screen, sent from the phone, confirmed on the screen by the person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wakeel import clock
from wakeel.flows.enrol_operator import CannotEnrol, issue_code
from wakeel.flows.enrol_operator import confirm as confirm_enrolment
from wakeel.store.screens import enrolment
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import language, seated, show, user_id, user_of


@require_safe
@seated
def enrol(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How far it is. The page asks again by itself while a code is under way."""
    under_way = enrolment.read(user_id(request), real_now=clock.real_now())
    return show(request, seat, "enrol.html", nav="enrol", under_way=under_way)


@require_POST
@seated
def issue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Make a code and show it in this one answer: it is stored hashed, so no later page can."""
    try:
        issued = issue_code(user_id(request))
    except CannotEnrol as refused:
        messages.warning(request, refused.text.say(language(request)))
        return redirect("desk:enrol")
    return show(request, seat, "enrol_code.html", nav="enrol", issued=issued)


@require_POST
@seated
def confirm(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The person at the screen says that the phone shown is theirs; that it is them was asked before.

    The operator is called what the login is called; a WhatsApp profile's name is anybody's.
    """
    user = user_of(request)
    try:
        confirm_enrolment(user.pk, name=user.get_full_name() or user.get_username(), now=clock.now())
    except CannotEnrol as refused:
        messages.warning(request, refused.text.say(language(request)))
        return redirect("desk:enrol")
    messages.success(request, _("Your phone is linked. Cards come to it from now on."))
    return redirect("desk:queue")
