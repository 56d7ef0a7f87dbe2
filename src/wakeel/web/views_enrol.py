"""Linking a phone: a code on the screen, sent from the phone, confirmed on the screen with the password."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wakeel import clock
from wakeel.flows.enrol_operator import CannotEnrol, issue_code
from wakeel.flows.enrol_operator import confirm as confirm_enrolment
from wakeel.store.screens import enrolment
from wakeel.store.screens.seat import Seat
from wakeel.web import throttle
from wakeel.web.forms import PasswordForm
from wakeel.web.seats import language, seated, show, user_id, user_of


@require_safe
@seated
def enrol(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How far it is. The page asks again by itself while a code is under way."""
    return _page(request, seat, PasswordForm())


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
    """The person at the screen says that the phone shown is theirs."""
    user, form = user_of(request), PasswordForm(request.POST)
    name = user.get_username()
    if not throttle.may_try(request, name):
        form.add_error(None, _("Too many wrong passwords. Try again in 15 minutes."))
    elif form.is_valid():
        if user.check_password(form.cleaned_data["password"]):
            throttle.forget(request, name)
            return _bind(request, user)
        form.add_error("password", _("The password is wrong. The phone is not linked yet."))
    return _page(request, seat, form, status=422)


def _bind(request: HttpRequest, user: User) -> HttpResponse:
    """The operator is called what the login is called; a WhatsApp profile's name is anybody's."""
    try:
        confirm_enrolment(user.pk, name=user.get_full_name() or user.get_username(), now=clock.now())
    except CannotEnrol as refused:
        messages.warning(request, refused.text.say(language(request)))
        return redirect("desk:enrol")
    messages.success(request, _("Your phone is linked. Cards come to it from now on."))
    return redirect("desk:queue")


def _page(request: HttpRequest, seat: Seat, form: PasswordForm, *, status: int = 200) -> HttpResponse:
    under_way = enrolment.read(user_id(request), real_now=clock.real_now())
    return show(request, seat, "enrol.html", status=status, nav="enrol", under_way=under_way, form=form)
