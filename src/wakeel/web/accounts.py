"""What django-allauth asks of us: who may come in, our words, how secrets are kept. Decision record 0022."""

import re
from ipaddress import ip_address
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from wakeel.flows.seal_secret import SecretLost, open_secret, seal_secret

PRODUCT = "Wakeel"
"""How an authenticator app and the browser's passkey window call us; both are stored outside, so it is one word."""

_SLOWED = _("Too many wrong tries. Try again in 15 minutes.")
_SAID = {
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up: its code is asked for at each sign-in."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is taken away."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is taken away."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes are made. Keep them where you find them."),
    "account/messages/password_changed.txt": _("The password is changed. Other browsers are signed out."),
}
"""The library's news by its file of words; what is not here goes without saying."""


class Accounts(DefaultAccountAdapter):
    """Logins are given by invitation or on the command line; nobody signs up, no mail is sent."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The name or the password is wrong."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("The password is wrong."),
        "incorrect_code": _("The code is wrong, or was used before."),
        "too_many_login_attempts": _SLOWED,
        "rate_limited": _SLOWED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        """A closed login answers as a wrong password does."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Only a passkey comes this far with a closed login."""
        messages.warning(request, _("This login is closed. An administrator can open it."))
        return redirect("account_login")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: dict[str, Any] | None = None, extra_tags: str = "", message: str | None = None,
    ) -> None:  # fmt: skip
        """In our words; a passkey's refusal comes as words already."""
        said = message or _SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address that a socket for both writes as IPv6 is itself; else all of them would be one network."""
        address: str = super().get_client_ip(request)
        return str(getattr(ip_address(address), "ipv4_mapped", None) or address)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Beside the tries on one name, those on all names from one address: a list of names is no way round."""
        super().pre_authenticate(request, **credentials)
        if _is_own(request, credentials) or not ip_address(self.get_client_ip(request)).is_global:
            # An address that is not public is a proxy's or an office's: strangers would keep everybody out.
            return
        usage = ratelimit.consume(request, app="allauth.account", action="login_failed_from_address")
        if usage is None:
            super()._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_login_attempts")
        self._usage_of_address = usage

    def _rollback_login_failed_rl_usage(self) -> None:
        """The right password is no try."""
        super()._rollback_login_failed_rl_usage()
        usage = getattr(self, "_usage_of_address", None)
        if usage is not None:
            usage.rollback()

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted for one name from one address: nobody far away can lock somebody out. Over IPv6 an address
        is its network, as the library has it. Who is signed in proves it in their own session: no stranger's tries
        count there, whatever address they share.
        """
        if _is_own(request, credentials):
            return f"{request.user.pk}\0session\0{request.session.session_key}"
        return f"{_name(credentials)}\0{ratelimit.get_ip(request)}"


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).strip().casefold()


def _is_own(request: HttpRequest, credentials: dict[str, Any]) -> bool:
    """Somebody who is signed in gives the password of their own login."""
    user = request.user
    return user.is_authenticated and user.get_username().casefold() == _name(credentials)


class SecondFactors(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong, or was used before."),
    }

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """If the key is lost, a secret that nobody knows: no code fits, and an administrator takes the factor away."""
        try:
            return open_secret(encrypted_text)
        except SecretLost:
            return generate_totp_secret()

    def build_totp_svg(self, url: str) -> str:
        """A picture that stands in the page itself: no address of a picture, no `data:` in the policy."""
        drawn = super().build_totp_svg(url)
        view_box = re.search(r'viewBox="([^"]+)"', drawn)
        path = re.search(r'<path[^>]* d="([^"]+)"', drawn)
        if view_box is None or path is None:
            raise ValueError("the QR library draws in another way")
        return f'<svg class="qr" viewBox="{view_box[1]}" aria-hidden="true"><path d="{path[1]}"/></svg>'

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey %(number)d") % {"number": number})

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": PRODUCT}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username() if isinstance(user, User) else str(user)
