"""Signing in and out, proving oneself again, the language switch: the library's views on our pages. Record 0022."""

from http import HTTPStatus
from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordChangeView, ReauthenticateView
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from wakeel import clock
from wakeel.flows import change_profile
from wakeel.flows.end_sessions import end_sessions
from wakeel.store.screens import seat as seats
from wakeel.store.screens.seat import Seat
from wakeel.web import proof
from wakeel.web.forms_account import NewPasswordForm, OwnCodeForm, OwnPasswordForm, SecondStepForm, SignInForm
from wakeel.web.seats import common, seat_of, seated, show, user_id

# A visitor who begins with a passkey and goes away leaves a session behind; not for long.
_HALFWAY_S = 600


class Refusing:
    """A form that is shown again has the status of a refusal, as on all our pages."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


class Seated:
    """A page of the library inside our frame; `nav`: where it belongs."""

    request: HttpRequest
    nav = "settings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**common(seat_of(self.request)), "nav": self.nav, **super().get_context_data(**kwargs)}  # type: ignore[misc]


class SignIn(Refusing, LoginView):
    """`next` is followed only to a page of ours (the library's own check)."""

    template_name = "web/login.html"
    form_class = SignInForm


class SignOut(LogoutView):
    """POST only."""

    http_method_names = ["post"]  # noqa: RUF012 - read only, as in the class above


class SecondStep(Refusing, mfa.AuthenticateView):
    """After the password: a code of the app, a recovery code or a passkey."""

    template_name = "web/second_step.html"
    form_class = SecondStepForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        types = frozenset(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        has_passkey = Authenticator.Type.WEBAUTHN in types
        has_codes = bool(types - {Authenticator.Type.WEBAUTHN})
        return {**super().get_context_data(**kwargs), "has_passkey": has_passkey, "has_codes": has_codes}


class PasskeySignIn(LoginWebAuthnView):
    """Without name and password. GET hands the browser its question, POST brings the answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Each question is a session, and anybody may ask.
        if not ratelimit.consume(request, app="allauth.mfa", action="webauthn_login", limit_get=True):
            return ratelimit.respond_429(request)
        response = super().get(request, *args, **kwargs)
        if not request.session.is_empty():
            request.session.set_expiry(_HALFWAY_S)
        return response


class ProvePassword(Seated, Refusing, ReauthenticateView):
    template_name = "web/prove.html"
    form_class = OwnPasswordForm


class ProveCode(Seated, Refusing, mfa.ReauthenticateView):
    template_name = "web/prove.html"
    form_class = OwnCodeForm


class ProvePasskey(Seated, ReauthenticateWebAuthnView):
    template_name = "web/prove_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """A passkey that does not fit: the ways are shown again."""
        super().form_invalid(form)
        return redirect(self.passthrough_next_url(reverse("account_reauthenticate")))


class ChangePassword(Seated, Refusing, PasswordChangeView):
    template_name = "web/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("desk:settings", args=["security"])

    def form_valid(self, form: Any) -> HttpResponse:
        """The other browsers are signed out by the library; here their sessions go too."""
        response: HttpResponse = super().form_valid(form)
        this = self.request.session.session_key or ""
        end_sessions(user_id(self.request), this=this, is_meant=lambda _key: True, now=clock.now())
        return response


@require_safe
@seated
def go_on(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What was sent before the proof, to be sent again with one button."""
    return show(request, seat, "go_on.html", nav="settings", kept=proof.take_kept(request))


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """For this browser, and for the person if somebody is signed in."""
    response = set_language(request)
    seat = seats.take(user_id(request), now=clock.now()) if request.user.is_authenticated else None
    if seat is not None:
        change_profile.set_language(seat.business_id, user_id(request), request.POST.get("language", ""))
    return response
