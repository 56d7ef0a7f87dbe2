"""A supervisor says which of the approved templates the desk offers. What was approved with one leaves all the same."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action, login
from wakeel.flows import audit
from wakeel.store import template_use
from wakeel.store.retry import whole_transaction


@whole_transaction
def set_use(
    business_id: str, name: str, language: str, *, in_use: bool, user_id: int, username: str, now: datetime
) -> bool | None:
    """True if it changed; None if the business knows no such template."""
    spoken = (name, language)
    with transaction.atomic():
        if not template_use.is_known(business_id, spoken):
            return None
        if in_use:
            changed = template_use.put_in(business_id, spoken)
        else:
            changed = template_use.take_out(business_id, spoken, by=username, at=now)
        if changed:
            action = Action.TEMPLATE_ENABLED if in_use else Action.TEMPLATE_DISABLED
            audit.note(business_id, by=login(user_id), action=action, subject=f"{name}/{language}", now=now)
        return changed
