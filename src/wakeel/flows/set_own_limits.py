"""How fast we let a number send, below what Meta allows. The worker reads it with every claim."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.sending_limits import OwnLimits
from wakeel.flows import audit
from wakeel.store import businesses


def set_own_limits(business_id: str, number_id: str, limits: OwnLimits, *, by: str, now: datetime) -> bool:
    """From the next message on. False if the business has no such number."""
    with transaction.atomic():
        changed = businesses.set_own_limits(business_id, number_id, limits)
        if changed:
            audit.note(
                business_id, by=by, action=Action.LIMITS_CHANGED, subject=number_id, after=asdict(limits), now=now
            )
        return changed
