"""Signs of life."""

from datetime import datetime

from wakeel.store.models import Heartbeat

LEDGER = "ledger"


def beat(role: str, *, pid: int, started_at: datetime, real_now: datetime) -> None:
    Heartbeat.objects.update_or_create(role=role, defaults={"pid": pid, "started_at": started_at, "at": real_now})


def note_ledger_check(*, entries: int, faults: int, pid: int, started_at: datetime, real_now: datetime) -> None:
    """What `ledger-verify` found the last time, for the health page."""
    values = {"pid": pid, "started_at": started_at, "at": real_now, "counters": {"entries": entries, "faults": faults}}
    Heartbeat.objects.update_or_create(role=LEDGER, defaults=values)


def ledger_checked_at() -> datetime | None:
    """Real time of the last check; None before the first."""
    return Heartbeat.objects.filter(role=LEDGER).values_list("at", flat=True).first()
