"""A month of a business: five operators with their silences, four hundred contacts, two thousand opportunities.

    python -m benchmarks.month [--quick] [--seed N] [--days 30] [--database sqlite|postgresql]

`make soak-month`. The flows run as the worker runs them, one business day after the other, with the policy that ships:
its hours, caps and holidays count. Operators tap, write, put off, plan meetings and are silent for days at a time;
contacts answer, confirm, ask and stop. Meta is played at the edge: answers get lost, workers die with a request in the
air, some messages are refused or never arrive, statuses come late and twice.

Everything that leaves is held against the approvals, votes and windows as read here (`tests.flows.team`); at the end of
each day every tap must have its answer, nothing may have arrived twice, and whatever is undecided must stand before
somebody or be known to wait. The last line is JSON: what was done, and what the month cost, as Meta told it and as
Wakeel counted it, which must be the same. 1: something that must not happen did; the seed is in the line.
"""

import argparse
import json
import os
import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, deployed
from benchmarks.month_plan import PLAN, QUICK, Plan

if TYPE_CHECKING:
    from benchmarks.month_world import World

ZONE = ZoneInfo("Asia/Riyadh")
FIRST_HOUR, LAST_HOUR, TICK = 7, 23, timedelta(minutes=20)
QUIET_DAYS = 2
"""At the end: no new opportunities, no faults, everybody is there."""


def main() -> int:
    """Without --step: a deployment of its own, and the month in a process with its settings."""
    given = _arguments()
    if given.step:
        return _play(given)
    argv = [
        *("-m", "benchmarks.month", "--step", "--seed", str(given.seed), "--database", given.database),
        *(["--quick"] if given.quick else []), *(["--days", str(given.days)] if given.days else []),
    ]  # fmt: skip
    # A practising deployment, whose worker is not started: messages are claimed and answered here.
    with deployed(given.database, WHATSAPP_GRAPH_URL="http://127.0.0.1:9", WHATSAPP_ACCESS_TOKEN="none") as made:
        done = os.spawnve(os.P_WAIT, sys.executable, [sys.executable, *argv], made.environ)
    return done


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A simulated month.")
    parser.add_argument("--quick", action="store_true", help="four days of a small business")
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL], default=SQLITE)
    parser.add_argument("--step", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _play(given: argparse.Namespace) -> int:
    import django

    os.environ["WAKEEL_ROLE"] = "tool"
    django.setup()
    from benchmarks.month_world import World

    plan = QUICK if given.quick else PLAN
    world = World(plan, seed=given.seed)
    began = time.monotonic()
    said: dict[str, Any] = {"benchmark": "month", "database": given.database, "seed": given.seed}
    try:
        _days(world, plan, days=given.days or plan.days)
        said |= world.report()
        broken = ""
        print("no card lost, none doubled, no unapproved text out", file=sys.stderr)
    except AssertionError as fault:
        broken = next(iter(str(fault).splitlines()), "a check without words")
        said |= {"broken": broken, "at": world.stage.now.isoformat()}
        if os.environ.get("MONTH_DEBUG"):
            raise
    print(json.dumps({**said, "seconds": round(time.monotonic() - began)}, ensure_ascii=False), flush=True)
    return 1 if broken else 0


def _days(world: "World", plan: Plan, *, days: int) -> None:
    for day in range(days + QUIET_DAYS):
        begins = _at(world.stage.now, FIRST_HOUR)
        world.until(begins if begins > world.stage.now else begins + timedelta(days=1))
        if day < days:
            world.morning(plan.opportunities * (day + 1) // days - plan.opportunities * day // days)
        else:
            world.calm()
        ends = _at(world.stage.now, LAST_HOUR)
        while world.stage.now < ends:
            world.tick()
            world.until(world.stage.now + TICK)
        world.evening()
        print(f"day {day + 1}: {world.stage.now:%Y-%m-%d}, {world.line()}", file=sys.stderr, flush=True)
    world.close()


def _at(now: datetime, hour: int) -> datetime:
    """That hour of the same local day."""
    return now.astimezone(ZONE).replace(hour=hour, minute=0, second=0, microsecond=0)


if __name__ == "__main__":
    sys.exit(main())
