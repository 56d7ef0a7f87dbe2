"""`wakeel replay`: stored webhooks through today's code once more."""

import argparse
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wakeel.commands.start import EXIT_REFUSED, Add, Refused, configured, set_up_django
from wakeel.processes import EXIT_SETTINGS

if TYPE_CHECKING:
    from wakeel.flows.replay import Replayed
    from wakeel.flows.replay_item import Outcome

_AGE = re.compile(r"([0-9]{1,6})([mhdw])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIMES = "a date (2026-11-22), a date and time (2026-11-22T14:30, with or without an offset) or an age (90m, 2h, 3d)"


def add_to(command: Add) -> None:
    """Add it to the console script."""
    adder = command("replay", _replay, "run stored webhooks through today's code; what was done is not done again")
    adder.add_argument("--since", required=True, metavar="TIME", help=f"received since then: {_TIMES}")
    adder.add_argument("--until", metavar="TIME", help="received before then; a date is that whole day; now by itself")
    adder.add_argument(
        "--field", metavar="FIELD", help="only items of this webhook field: messages, statuses, user_preferences …"
    )
    adder.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")


def _replay(given: argparse.Namespace) -> int:
    config = configured("tool")
    set_up_django("tool")
    from django.db import OperationalError

    from wakeel import clock
    from wakeel.flows.replay import replay
    from wakeel.flows.replay_item import Outcome

    real_now, zone = clock.real_now(), ZoneInfo(config.time_zone)
    since = moment(given.since, zone=zone, now=real_now)
    until = moment(given.until, zone=zone, now=real_now, ends_day=True) if given.until else real_now
    if since >= until:
        raise Refused("--since must be before --until and not in the future", exit_code=EXIT_SETTINGS)
    try:
        done = replay(since=since, until=until, field=given.field, dry_run=given.dry_run, now=clock.now())
    except OperationalError:
        raise Refused("the database is busy: what was carried out is kept; run the same command again") from None
    span = f"{_local(since, zone)} to {_local(until, zone)} ({zone})"
    print("\n".join(_lines(done, span=span, dry_run=given.dry_run)))
    return EXIT_REFUSED if done.total(Outcome.QUARANTINED) + done.total(Outcome.SEALED) else 0


def moment(text: str, *, zone: ZoneInfo, now: datetime, ends_day: bool = False) -> datetime:
    """The instant that `text` names, aware. zone: of a time without an offset. ends_day: a date means its end.

    Raises Refused (exit code 2) for anything else.
    """
    try:
        if age := _AGE.fullmatch(text):
            return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
        if "T" not in text and " " not in text:
            day = date.fromisoformat(text) + timedelta(days=ends_day)
            return datetime.combine(day, time.min, tzinfo=zone)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise Refused(f"{text} is no time: give {_TIMES}", exit_code=EXIT_SETTINGS) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _lines(done: "Replayed", *, span: str, dry_run: bool) -> list[str]:
    from wakeel.flows.replay_item import Outcome

    words = {
        Outcome.CARRIED_OUT: "would be carried out now" if dry_run else "carried out now",
        Outcome.DONE_BEFORE: "done before",
        Outcome.QUARANTINED: "quarantined",
        Outcome.DISMISSED: "put aside by a person before, still not readable",
        Outcome.NOT_OURS: "not ours",
        Outcome.UNRECOGNISED: "unrecognised",
        Outcome.SEALED: "not opened, because the key they were sealed with is not here",
    }
    lines = [f"{_number(done.bodies, 'stored webhook')} received from {span}"]
    lines += [f"{kind}: {_counted(found, words)}" for kind, found in sorted(done.counts.items())]
    if dry_run:
        lines.append("dry run: nothing was changed")
    if count := done.total(Outcome.QUARANTINED):
        lines.append(f"{_number(count, 'item')} cannot be carried out: see /webhooks/, Incoming WhatsApp notices")
    return lines


def _counted(found: "Mapping[Outcome, int]", words: "Mapping[Outcome, str]") -> str:
    return ", ".join(f"{found[outcome]:,} {said}" for outcome, said in words.items() if outcome in found)


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
