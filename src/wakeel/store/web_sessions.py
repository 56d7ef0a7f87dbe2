"""Web sessions of one login: found by what they hold, because Django keeps them by their key alone."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def of_user(user_id: int) -> list[str]:
    """Keys of this login's sessions that have not ended; reads every living one."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    return [session.session_key for session in living if session.get_decoded().get(SESSION_KEY) == str(user_id)]


def end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
