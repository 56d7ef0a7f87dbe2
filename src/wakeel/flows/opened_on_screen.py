"""An operator opened an opportunity on the screen: it was presented, as if its card had arrived. Design section 4."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.opportunities import OpportunityState
from wakeel.store import decisions
from wakeel.store.retry import whole_transaction


@whole_transaction
def opened_on_screen(opportunity_id: str, *, now: datetime) -> None:
    """Nothing happens to one that is presented already, or decided."""
    with transaction.atomic():
        for opportunity in decisions.lock_opportunities([opportunity_id]).values():
            decisions.move_opportunity(
                opportunity, to=OpportunityState.PRESENTED, come_from=[OpportunityState.NEW], now=now
            )
