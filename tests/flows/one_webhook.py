"""One stored webhook becomes its effects, through the batches of the worker and without its loop."""

from datetime import datetime

from django.db import DatabaseError

from wakeel import clock
from wakeel.flows.inbox_batch import unfold
from wakeel.flows.route_batch import BACK_OFF, Paces, RouteBatch
from wakeel.store import inbox


def route_inbound(row_id: int, *, now: datetime) -> bool:
    """Decode one inbox row and carry out every item; True if the row is finished.

    An item that cannot be carried out is noted alone and its neighbours go on; the row is then quarantined with the
    errors. A fault of the database leaves the row `received`, to be tried again: a STOP is never lost to it.

    A large body is carried out in several short commits, the last one together with "done": a webhook or a screen
    never waits for a thousand items. Items are known by their own keys, so one that was done is not done again.
    """
    waiting = inbox.one(row_id)
    try:
        batch = RouteBatch(unfold(waiting), blocked={}, paces=Paces())
        while batch.quiet_step(now=now):
            pass
        for queue in batch.queues():
            while batch.step(queue, now=now):
                pass
        batch.end()
    except DatabaseError as fault:
        wait = BACK_OFF[min(waiting[0].attempts, len(BACK_OFF) - 1)]
        inbox.try_later(row_id, at=clock.real_now() + wait, error=type(fault).__name__)
        return False
    return batch.finished == 1
