"""What happens by the clock: signs of life, leases that ended, cards that may be brought."""

import asyncio
import os
from datetime import datetime, timedelta

from wakeel import clock
from wakeel.flows import pending_import
from wakeel.flows.account_changed import end_restrictions
from wakeel.flows.dispatch_outbox import expire_leases
from wakeel.flows.forget_live_events import OldLiveEvents
from wakeel.flows.forget_old_bodies import OldBodies
from wakeel.flows.match_late import LateMatches
from wakeel.flows.remind import remind_and_expire
from wakeel.flows.send_brief import BriefTimer
from wakeel.flows.show_card import expire_opportunities, fill_every_phone
from wakeel.flows.wake_snoozed import wake_due
from wakeel.store import heartbeat
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

BEAT_S = 2.0
FORGET_S = 60.0
BETWEEN_CHUNKS_S = 0.1
ROLE = "worker"


async def keep_time(database: DatabaseThread, stop: asyncio.Event) -> None:
    """Every two seconds: beat, end leases, opportunities and restrictions whose time is over, top up cards; put old
    uploads away.
    """
    started_at, late, briefs = clock.real_now(), LateMatches(), BriefTimer()
    while not stop.is_set():
        await database.write(_tick, started_at, late, briefs)
        await pause(stop, BEAT_S)


async def forget_bodies(database: DatabaseThread, stop: asyncio.Event, *, keep: timedelta) -> None:
    """Delete raw bodies that are older than `keep`, and changes that no page asks for: one small chunk, and then the
    database is everybody else's.
    """
    old, events = OldBodies(keep), OldLiveEvents()
    while not stop.is_set():
        gone = await database.write(old.forget_some, real_now=clock.real_now())
        gone += await database.write(events.forget_some)
        await pause(stop, BETWEEN_CHUNKS_S if gone else FORGET_S)


def _tick(started_at: datetime, late: LateMatches, briefs: BriefTimer) -> None:
    heartbeat.beat(ROLE, pid=os.getpid(), started_at=started_at, real_now=clock.real_now())
    expire_leases(now=clock.now())
    late.match(now=clock.now())
    wake_due(now=clock.now())
    remind_and_expire(now=clock.now())
    expire_opportunities(now=clock.now())
    fill_every_phone(now=clock.now())
    briefs.look(now=clock.now())
    end_restrictions(now=clock.now())
    pending_import.drop_old(now=clock.now(), real_now=clock.real_now())
