"""What Meta lets our account do, kept with its numbers, and what goes on again when a stop is over."""

import hashlib
from datetime import datetime

from wakeel.domain.account import RESUMED, AccountState, state_of
from wakeel.domain.platform_events import AccountUpdated
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.sender_cured import go_on, show_refused
from wakeel.store import platform


def refresh(business_id: str, waba_id: str, *, now: datetime) -> AccountState:
    """Compute the state anew from everything that was said and keep it, inside the caller's transaction.

    What waited for nothing but this goes on, or waits for the stop switch if that is on.
    """
    numbers = platform.lock_numbers(business_id, waba_id)
    state = state_of(platform.account_news(business_id, waba_id), now=now)
    platform.set_account(business_id, waba_id, state)
    stopped = [number.pk for number in numbers if number.account_state]
    if stopped and not state.word:
        go_on(business_id, stopped, code=ReasonCode.SENDER_NOT_READY, now=now)
    return state


def note_resumed(business_id: str, *, now: datetime) -> None:
    """An administrator resumed sending: every stop without a known end is over, whatever word of Meta's was lost, and
    what could not be approved meanwhile is shown again.

    Inside the caller's transaction, the switch released.
    """
    for waba_id in platform.stopped_accounts(business_id):
        key = hashlib.sha256(f"{RESUMED}:{waba_id}:{now.isoformat()}".encode()).hexdigest()
        resumed = AccountUpdated(waba_id=waba_id, webhook_field="", key=key, at=now, event=RESUMED)
        platform.keep(business_id, resumed, at=now, now=now)
        refresh(business_id, waba_id, now=now)
    show_refused(business_id, now=now)
