"""What the library does with logins is written into the audit log; its signals are the only place that knows."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest

from wakeel import clock
from wakeel.domain.audit import Action
from wakeel.flows.note_login import note_login, note_refused

_FACTORS = {
    Authenticator.Type.TOTP: "totp", Authenticator.Type.WEBAUTHN: "passkey", Authenticator.Type.RECOVERY_CODES: "codes",
}  # fmt: skip


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    """With what: `password`, `password totp`, `webauthn`."""
    records = get_authentication_records(request, user)
    ways = [str(record.get("type") or record.get("method")) for record in records]
    note_login(user.pk, Action.SIGNED_IN, now=clock.now(), after={"ways": ways})


@receiver(auth.user_logged_out)
def signed_out(user: AbstractBaseUser | None, **_more: Any) -> None:
    if user is not None:
        note_login(user.pk, Action.SIGNED_OUT, now=clock.now())


@receiver(auth.user_login_failed)
def refused(credentials: dict[str, Any], **_more: Any) -> None:
    note_refused(str(credentials.get("username", "")), now=clock.now())


@receiver(account.password_changed)
def password_changed(user: AbstractBaseUser, **_more: Any) -> None:
    note_login(user.pk, Action.PASSWORD_CHANGED, now=clock.now())


@receiver(mfa.authentication_failed)
def code_refused(user: AbstractBaseUser, **_more: Any) -> None:
    """The password was right and the code was not."""
    note_login(user.pk, Action.SIGN_IN_REFUSED, now=clock.now(), after={"factor": "code"}, is_theirs=False)


@receiver([mfa.authenticator_added, mfa.authenticator_reset])
def factor_added(user: AbstractBaseUser, authenticator: Authenticator, **_more: Any) -> None:
    note_login(user.pk, Action.FACTOR_ADDED, now=clock.now(), after={"factor": _FACTORS[authenticator.type]})


@receiver(mfa.authenticator_removed)
def factor_removed(user: AbstractBaseUser, authenticator: Authenticator, **_more: Any) -> None:
    note_login(user.pk, Action.FACTOR_REMOVED, now=clock.now(), after={"factor": _FACTORS[authenticator.type]})
