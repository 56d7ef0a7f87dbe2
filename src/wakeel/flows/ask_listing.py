"""A person asks for what WhatsApp lists now, instead of tomorrow; the worker reads it within seconds."""

from datetime import datetime

from django.db import transaction

from wakeel import clock
from wakeel.domain.audit import Action, login
from wakeel.flows import audit
from wakeel.store import heartbeat


def ask_for_listing(business_id: str, *, user_id: int, now: datetime) -> None:
    """Asking twice before it is read is one wish."""
    with transaction.atomic():
        heartbeat.ask_for_listing(real_now=clock.real_now())
        audit.note(business_id, by=login(user_id), action=Action.TEMPLATES_PULLED, subject=business_id, now=now)


def take_wish() -> bool:
    """True once for each wish; the worker asks."""
    with transaction.atomic():
        return heartbeat.take_listing_wish()
