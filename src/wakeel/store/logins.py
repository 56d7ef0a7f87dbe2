"""Logins of a business: open or closed, and their second factors."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User


def find(username: str) -> int | None:
    """Of whoever signs in with this name, whatever its capital letters."""
    return User.objects.filter(username__iexact=username).values_list("pk", flat=True).first()


def set_open(user_id: int, *, is_open: bool) -> bool:
    """False if it was so before."""
    return bool(User.objects.filter(pk=user_id, is_active=not is_open).update(is_active=is_open))


def drop_second_factors(user_id: int) -> int:
    """How many there were: app, passkeys, recovery codes."""
    return Authenticator.objects.filter(user_id=user_id).delete()[0]
