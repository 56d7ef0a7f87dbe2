"""The worker process: `python -m wakeel.worker.run`, or `wakeel worker`. Decode, dispatch, timers; a clean stop."""

import asyncio
import logging
import os
import sys
from datetime import timedelta

import django

from wakeel import clock, config
from wakeel.domain.outbox import CONNECTIONS
from wakeel.domain.runs import WHAT_HAPPENED, Mark
from wakeel.processes import EXIT_SETTINGS, leave_alone_what_is_loaded, told_to_stop
from wakeel.store.run_file import NAME as RUN_FILE
from wakeel.worker.database import DatabaseThread

log = logging.getLogger(__name__)


async def work(mark: Mark) -> int:
    """Run every loop until SIGTERM or SIGINT, or until one of them fails; 0 after a clean stop. mark: of this start."""
    # Models may be imported only after django.setup().
    from wakeel.whatsapp.client import ApiOptions, CloudApi  # noqa: PLC0415
    from wakeel.worker.anchoring import keep_anchored  # noqa: PLC0415
    from wakeel.worker.booking import keep_booked  # noqa: PLC0415
    from wakeel.worker.decoding import decode_inbox  # noqa: PLC0415
    from wakeel.worker.dispatching import Dispatcher  # noqa: PLC0415
    from wakeel.worker.fetching import keep_fetching  # noqa: PLC0415
    from wakeel.worker.importing import keep_importing  # noqa: PLC0415
    from wakeel.worker.listing import keep_listed  # noqa: PLC0415
    from wakeel.worker.mailing import keep_mailed  # noqa: PLC0415
    from wakeel.worker.marking import keep_marked  # noqa: PLC0415
    from wakeel.worker.pricing import keep_counted  # noqa: PLC0415
    from wakeel.worker.receipts import keep_receipts  # noqa: PLC0415
    from wakeel.worker.releasing import keep_releasing  # noqa: PLC0415
    from wakeel.worker.searching import keep_searchable  # noqa: PLC0415
    from wakeel.worker.submitting import keep_submitting  # noqa: PLC0415
    from wakeel.worker.suggesting import keep_suggesting  # noqa: PLC0415
    from wakeel.worker.timers import forget_bodies, keep_time  # noqa: PLC0415

    settings, stop, database = config.get(), told_to_stop(), DatabaseThread()
    options = ApiOptions(
        graph_url=settings.graph_url,
        version=settings.graph_version,
        token=settings.access_token,
        allow_live_send=settings.allow_live_send,
        connections=CONNECTIONS,
    )
    try:
        async with CloudApi(options) as api:
            loops = [
                asyncio.create_task(decode_inbox(database, stop), name="decode"),
                asyncio.create_task(Dispatcher(api, database).run(stop), name="dispatch"),
                asyncio.create_task(keep_time(database, stop), name="timers"),
                asyncio.create_task(
                    forget_bodies(database, stop, keep=timedelta(days=settings.raw_days)), name="retention"
                ),
                asyncio.create_task(keep_marked(database, stop, settings.data_dir / RUN_FILE, mark), name="run"),
                asyncio.create_task(keep_counted(stop), name="prices"),
                asyncio.create_task(keep_releasing(stop), name="releases"),
                asyncio.create_task(keep_searchable(stop), name="search"),
                asyncio.create_task(keep_anchored(stop), name="anchors"),
                asyncio.create_task(keep_listed(options, stop), name="listing"),
                asyncio.create_task(keep_receipts(api, database, stop), name="receipts"),
                asyncio.create_task(keep_fetching(options, stop), name="media"),
                asyncio.create_task(keep_suggesting(stop), name="suggestions"),
                asyncio.create_task(keep_importing(stop), name="imports"),
                asyncio.create_task(keep_booked(stop), name="calendar"),
                asyncio.create_task(keep_mailed(stop), name="mail"),
                asyncio.create_task(keep_submitting(database, options, stop), name="templates"),
            ]
            leave_alone_what_is_loaded()
            print("worker ready", flush=True)
            return await _until_stopped(loops, stop)
    finally:
        await database.close()


async def _until_stopped(loops: list["asyncio.Task[None]"], stop: asyncio.Event) -> int:
    """A loop that fails ends the process, so that the supervisor starts it afresh; nothing is swallowed."""
    await asyncio.wait(loops, return_when=asyncio.FIRST_EXCEPTION)
    stop.set()
    results = await asyncio.gather(*loops, return_exceptions=True)
    failures = [(task.get_name(), result) for task, result in zip(loops, results, strict=True) if result is not None]
    for name, failure in failures:
        log.error("the %s loop failed: %s", name, type(failure).__name__, exc_info=failure)
    return 1 if failures else 0


def main() -> int:
    """Set up and run; returns the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    os.environ.setdefault("WAKEEL_ROLE", "worker")
    django.setup()
    # Models may be imported only now. A practice database must never be driven by live settings.
    from wakeel.flows import note_run  # noqa: PLC0415
    from wakeel.flows.set_up import PracticeMixed, ensure_business  # noqa: PLC0415
    from wakeel.store.keyring import KeyRefused, keyring  # noqa: PLC0415

    settings = config.get()
    try:
        if settings.phone_number_id:
            ensure_business(settings)
        keyring()
        path, now, real_now = settings.data_dir / RUN_FILE, clock.now(), clock.real_now()
        mark, finding = note_run.begin(path, now=now, real_now=real_now)
    except (PracticeMixed, KeyRefused) as refused:
        print(refused, file=sys.stderr)
        return EXIT_SETTINGS
    if finding in WHAT_HAPPENED:
        log.warning("%s: see the health page", WHAT_HAPPENED[finding].en)
    return asyncio.run(work(mark))


if __name__ == "__main__":
    sys.exit(main())
