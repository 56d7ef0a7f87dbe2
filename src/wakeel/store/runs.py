"""How far this database has come: one row that only grows."""

import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from wakeel.domain.runs import Mark, RunFinding
from wakeel.store.models import DatabaseRun, Heartbeat, OutboxMessage

COMPANY_WITHIN = timedelta(seconds=30)
_ROW = 1


def mark() -> Mark | None:
    """What the database says, its row locked until the transaction ends; None if no worker ever ran on it."""
    row = DatabaseRun.objects.select_for_update().filter(pk=_ROW).first()
    return Mark(row.database, row.number) if row is not None else None


def has_messages() -> bool:
    return OutboxMessage.objects.exists()


def has_company(role: str, *, real_now: datetime) -> bool:
    """True if another process of this role gave a sign of life just now; on SQLite there is only this one."""
    if connection.vendor == "sqlite":
        return False
    return Heartbeat.objects.filter(role=role, at__gt=real_now - COMPANY_WITHIN).exists()


def begin(kept: Mark | None, file: Mark | None, *, finding: RunFinding, is_doubtful: bool, real_now: datetime) -> Mark:
    """One more than everything that was seen, inside the caller's transaction."""
    database = kept.database if kept is not None else secrets.token_hex(16)
    before = kept.number if kept is not None else 0
    known = file.number if file is not None and (kept is None or file.database == database) else 0
    fresh = Mark(database, max(before, known) + 1)
    values = {"database": database, "number": fresh.number, "finding": finding.value, "started_at": real_now}
    if is_doubtful:
        values |= {"restored_at": real_now, "expected": file.number if file else None, "found": before}
    DatabaseRun.objects.update_or_create(pk=_ROW, defaults=values)
    return fresh


def advance(database: str) -> Mark | None:
    """One more; None if this is not that database any more."""
    if not DatabaseRun.objects.filter(pk=_ROW, database=database).update(number=F("number") + 1):
        return None
    return Mark(database, DatabaseRun.objects.values_list("number", flat=True).get(pk=_ROW))


def note_unwritable() -> None:
    DatabaseRun.objects.filter(pk=_ROW).update(finding=RunFinding.UNWRITABLE.value)


def read() -> DatabaseRun | None:
    return DatabaseRun.objects.filter(pk=_ROW).first()
