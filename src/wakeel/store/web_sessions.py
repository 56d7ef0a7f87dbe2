"""Web sessions of one login: found by what they hold, because Django keeps them by their key alone."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def of_user(user_id: int) -> list[str]:
    """Keys of this login's sessions that have not ended; reads every living one."""
    return list(facts_of_user(user_id))


def facts_of_user(user_id: int) -> dict[str, dict[str, Any]]:
    """The same, with what each holds."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    held = {session.session_key: session.get_decoded() for session in living}
    return {key: facts for key, facts in held.items() if facts.get(SESSION_KEY) == str(user_id)}


def end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
