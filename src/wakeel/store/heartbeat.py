"""Signs of life."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from wakeel.store.models import Heartbeat

LEDGER = "ledger"
AUDIT = "audit"
WEBHOOK = "webhook"
TOKEN = "token"  # noqa: S105 - the name of a row
LISTING = "listing"
KEPT_HOURS = 25


def beat(role: str, *, pid: int, started_at: datetime, real_now: datetime) -> None:
    Heartbeat.objects.update_or_create(role=role, defaults={"pid": pid, "started_at": started_at, "at": real_now})


def note_ledger_check(*, entries: int, faults: int, pid: int, started_at: datetime, real_now: datetime) -> None:
    """What `ledger-verify` found the last time, for the health page."""
    values = {"pid": pid, "started_at": started_at, "at": real_now, "counters": {"entries": entries, "faults": faults}}
    Heartbeat.objects.update_or_create(role=LEDGER, defaults=values)


def note_audit_check(
    found: Mapping[str, tuple[int, int]], *, pid: int, started_at: datetime, real_now: datetime
) -> None:
    """What checking whole audit logs found the last time: entries and faults, by business."""
    counters = {business_id: {"entries": entries, "faults": faults} for business_id, (entries, faults) in found.items()}
    values = {"pid": pid, "started_at": started_at, "at": real_now, "counters": counters}
    Heartbeat.objects.update_or_create(role=AUDIT, defaults=values)


def ledger_checked_at() -> datetime | None:
    """Real time of the last check; None before the first."""
    return Heartbeat.objects.filter(role=LEDGER).values_list("at", flat=True).first()


def add_webhook_counts(*, wrong: int, not_verified: int, is_verified: bool, real_now: datetime) -> None:
    """By the hour, inside the caller's transaction. wrong: requests whose signature was not ours; not_verified: asked
    for the challenge without our token; is_verified: somebody asked with it."""
    row, _ = Heartbeat.objects.select_for_update().get_or_create(
        role=WEBHOOK, defaults={"pid": 0, "started_at": real_now, "at": real_now}
    )
    known = row.counters
    for name, number in (("wrong", wrong), ("not_verified", not_verified)):
        hours = Counter(_lately(known.get(name, {}), real_now=real_now))
        hours[_hour(real_now)] += number
        known[name] = {hour: count for hour, count in hours.items() if count}
    if is_verified:
        known["verified_at"] = real_now.isoformat()
    Heartbeat.objects.filter(pk=row.pk).update(at=real_now, counters=known)


def lately(counted: dict[str, int], *, real_now: datetime) -> int:
    """How many within the last day, by whole hours."""
    return sum(_lately(counted, real_now=real_now).values())


def _lately(counted: dict[str, int], *, real_now: datetime) -> dict[str, int]:
    first = _hour(real_now - timedelta(hours=KEPT_HOURS - 1))
    return {hour: number for hour, number in counted.items() if hour >= first}


def _hour(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}"


def note_token(*, is_valid: bool, expires_at: datetime | None, real_now: datetime) -> None:
    """What WhatsApp said of our access token. expires_at: None for one that does not end."""
    counters = {"is_valid": is_valid, "expires_at": expires_at.isoformat() if expires_at else ""}
    values = {"pid": 0, "started_at": real_now, "at": real_now, "counters": counters}
    Heartbeat.objects.update_or_create(role=TOKEN, defaults=values)


def ask_for_listing(*, real_now: datetime) -> None:
    """Somebody wants templates and number to be read from WhatsApp now."""
    values = {"pid": 0, "started_at": real_now, "at": real_now}
    Heartbeat.objects.update_or_create(role=LISTING, defaults=values)


def take_listing_wish() -> bool:
    """True, once, if somebody asked since the last time."""
    return bool(Heartbeat.objects.filter(role=LISTING).delete()[0])
