"""Files on their way in: one worker at a time is with a file, and its place is written with the rows it took."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from wakeel.domain.imports import ALLOWED, AT_WORK, ImportState, WhyStopped
from wakeel.store.keyring import keyring
from wakeel.store.models import ImportColumns, ImportedRow, ImportRun, PendingImport, RefusedRow

READING = timedelta(minutes=5)
"""Longer than the largest file takes to be read; only then a part is written."""
LEASE = timedelta(seconds=30)
"""Longer than any one part takes."""
MOST_STARTS = 3
KEPT = timedelta(days=30)
"""So long an import can be taken back, and its faults be looked at."""


def queue(row: PendingImport, *, operator_id: str, columns: dict[str, str], now: datetime) -> ImportRun:
    """The uploaded file as work for the worker, under the same id: it is sealed for that. Inside a transaction."""
    return ImportRun.objects.create(
        id=row.id, business_id=row.business_id, operator_id=operator_id, kind=row.kind, name=row.name,
        sealed=bytes(row.sealed), columns=columns, taken_at=now,
    )  # fmt: skip


def find(business_id: str, run_id: str) -> ImportRun | None:
    return ImportRun.objects.filter(business_id=business_id, pk=run_id).first()


def next_at_work(*, real_now: datetime) -> ImportRun | None:
    """The oldest that no worker is with."""
    free = Q(lease_until=None) | Q(lease_until__lt=real_now)
    return ImportRun.objects.filter(free, state__in=[state.value for state in AT_WORK]).order_by("taken_at").first()


def claim(run: ImportRun, *, real_now: datetime) -> bool:
    """True if this worker is with it now. Every start counts until a row is taken: what ends workers ends there."""
    rows = ImportRun.objects.filter(pk=run.pk, lease_until=run.lease_until, state=run.state, starts=run.starts)
    run.lease_until, run.starts = real_now + READING, run.starts + 1
    return rows.update(lease_until=run.lease_until, starts=run.starts) == 1


def contents(run: ImportRun) -> bytes | None:
    """The file; None once it is gone."""
    return None if run.sealed is None else keyring().open_field(bytes(run.sealed), place=run.id)


def move(run: ImportRun, to: ImportState, *, come_from: Collection[ImportState], **fields: Any) -> bool:
    """True if it came from one of these states; False if somebody was first."""
    allowed = [state.value for state in come_from if to in ALLOWED[state]]
    moved = ImportRun.objects.filter(pk=run.pk, state__in=allowed).update(state=to.value, **fields) == 1
    if moved:
        run.state = to.value
    return moved


class NotOurs(Exception):
    """Another worker, a person or an erasure took a run over: what this transaction did must not stay."""


def step(run: ImportRun, *, real_now: datetime, **fields: Any) -> None:
    """Note how far this worker came, inside the transaction of the rows it took. Raises NotOurs."""
    mine = ImportRun.objects.filter(pk=run.pk, state=run.state, lease_until=run.lease_until)
    lease_until = real_now + LEASE
    if not mine.update(lease_until=lease_until, starts=0, **fields):
        raise NotOurs
    run.lease_until, run.starts = lease_until, 0


def counted(**numbers: int) -> dict[str, Any]:
    """Columns that grow by these."""
    return {name: F(name) + number for name, number in numbers.items() if number}


def note(run: ImportRun, *, made: Sequence[tuple[str, str]], faults: Sequence[tuple[int, str, str, str]]) -> None:
    """What a part made and why rows of it were refused: line, column, reason in Arabic and English."""
    who = {"business_id": run.business_id, "run_id": run.pk}
    ImportedRow.objects.bulk_create(ImportedRow(**who, made=kind, target=target) for kind, target in made)
    RefusedRow.objects.bulk_create(
        RefusedRow(**who, line=line, column=column[:200], reason_ar=ar, reason_en=en) for line, column, ar, en in faults
    )


def made_last(run: ImportRun, *, limit: int) -> list[ImportedRow]:
    """What it made and was not looked at yet for taking it back, the last first: a person after their opportunities."""
    return list(ImportedRow.objects.filter(run=run).order_by("-id")[:limit])


def made_anything(run: ImportRun) -> bool:
    return ImportedRow.objects.filter(run=run, made="opportunity").exists()


def is_kept(business_id: str, target: str) -> None:
    """A later import changed this: it is not the first one's to take back any more."""
    ImportedRow.objects.filter(business_id=business_id, target=target).delete()


def looked_at(rows: Sequence[ImportedRow]) -> None:
    ImportedRow.objects.filter(pk__in=[row.pk for row in rows]).delete()


OVER_WITH: dict[str, Any] = {"sealed": None, "columns": {}, "lease_until": None}
"""What an import that ended does not need any more."""


def forget_person(business_ids: Collection[str], words: Collection[str], *, now: datetime) -> None:
    """End what is being imported for these businesses and put the files away: nobody can see whom a sealed file names.

    words: of the person's name and numbers; what people called a file or a column may hold one.
    """
    rows = ImportRun.objects.filter(business__in=business_ids)
    rows.filter(state__in=[ImportState.QUEUED.value, ImportState.RUNNING.value]).update(
        state=ImportState.STOPPED.value, why=WhyStopped.ERASURE.value, ended_at=now, **OVER_WITH
    )
    for word in words:
        rows.filter(name__contains=word).update(name="")
        RefusedRow.objects.filter(business__in=business_ids, column__contains=word).update(column="")
    for kept in ImportColumns.objects.filter(business__in=business_ids):
        if any(word in header for word in words for header in kept.chosen):
            kept.delete()


def forget_details(*, now: datetime, limit: int = 500) -> int:
    """Drop what an old import made and refused, a small part at a time; how many rows went."""
    old = ImportRun.objects.filter(ended_at__lte=now - KEPT).values("pk")
    gone = 0
    for model in (ImportedRow, RefusedRow):
        some = model.objects.filter(run__in=old).order_by("pk").values_list("pk", flat=True)[:limit]
        gone += model.objects.filter(pk__in=list(some)).delete()[0]
    return gone


def remembered(business_id: str, *, kind: str, headers: str) -> dict[str, str]:
    """How these headers were matched the last time; {} for never."""
    row = ImportColumns.objects.filter(business_id=business_id, kind=kind, headers=headers).first()
    return row.chosen if row is not None else {}


def remember(business_id: str, *, kind: str, headers: str, chosen: dict[str, str], now: datetime) -> None:
    ImportColumns.objects.update_or_create(
        business_id=business_id, kind=kind, headers=headers, defaults={"chosen": chosen, "at": now}
    )
