"""How one's own login is kept: password, authenticator app, passkeys, recovery codes, where it is signed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wakeel import clock
from wakeel.flows.end_sessions import end_sessions
from wakeel.store.screens import sessions
from wakeel.store.screens.seat import Seat
from wakeel.store.screens.sessions import called
from wakeel.web.forms_account import AppForm, PasskeyForm, PasskeyNameForm
from wakeel.web.seats import seated, show, user_id
from wakeel.web.views_account import Refusing, Seated

SECURITY = reverse_lazy("desk:settings", args=["security"])
CODES = reverse_lazy("mfa_view_recovery_codes")


@dataclass(frozen=True, slots=True)
class Factors:
    """codes_left: recovery codes that were not used; None without any."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes_left: int | None


def security(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All of it on one page; each change has its own."""
    mine, this = user_id(request), request.session.session_key or ""
    return show(
        request, seat, "security.html", nav="settings", section="security", factors=_factors(mine),
        sessions=sessions.of_user(mine, this=this),
    )  # fmt: skip


@require_POST
@seated
def end_session(request: HttpRequest, _seat: Seat, session_id: str) -> HttpResponse:
    """Sign out one other browser."""
    return _ended(request, lambda key: called(key) == session_id)


@require_POST
@seated
def end_others(request: HttpRequest, _seat: Seat) -> HttpResponse:
    """Sign out every other browser."""
    return _ended(request, lambda _key: True)


class AppOn(Seated, Refusing, ActivateTOTPView):
    template_name = "web/app_on.html"
    form_class = AppForm

    def get_success_url(self) -> str:
        return str(CODES if self.did_generate_recovery_codes else SECURITY)


class AppOff(Seated, Refusing, DeactivateTOTPView):
    template_name = "web/app_off.html"
    success_url = SECURITY


class PasskeyAdd(Seated, Refusing, AddWebAuthnView):
    template_name = "web/passkey_add.html"
    form_class = PasskeyForm

    def get_success_url(self) -> str:
        return str(CODES if self.did_generate_recovery_codes else SECURITY)


class PasskeyName(Seated, Refusing, EditWebAuthnView):
    template_name = "web/passkey_name.html"
    form_class = PasskeyNameForm
    success_url = SECURITY


class PasskeyRemove(Seated, RemoveWebAuthnView):
    template_name = "web/passkey_remove.html"
    success_url = SECURITY


class CodesShown(Seated, ViewRecoveryCodesView):
    template_name = "web/codes.html"


class CodesNew(Seated, Refusing, GenerateRecoveryCodesView):
    template_name = "web/codes_new.html"
    success_url = CODES


def _factors(user_pk: int) -> Factors:
    found = list(Authenticator.objects.filter(user_id=user_pk).order_by("created_at", "pk"))
    by_type: Mapping[str, list[Any]] = {kind: [row for row in found if row.type == kind] for kind in Authenticator.Type}
    codes = by_type[Authenticator.Type.RECOVERY_CODES]
    return Factors(
        app=next(iter(by_type[Authenticator.Type.TOTP]), None),
        passkeys=tuple(by_type[Authenticator.Type.WEBAUTHN]),
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
    )


def _ended(request: HttpRequest, is_meant: Callable[[str], bool]) -> HttpResponse:
    if count := end_sessions(
        user_id(request), this=request.session.session_key or "", is_meant=is_meant, now=clock.now()
    ):
        words = ngettext("%(count)d browser is signed out.", "%(count)d browsers are signed out.", count)
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Nothing changed."))
    return redirect(SECURITY)
