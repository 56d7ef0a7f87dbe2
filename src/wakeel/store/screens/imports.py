"""Imports as the pages show them: one with its counts and refused rows, and the list of the past ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.imports import AT_WORK, OVER, WHY_WORDS, ImportKind, ImportState, WhyStopped
from wakeel.domain.words import Text
from wakeel.store.models import ImportRun, RefusedRow

A_PAGE = 25
SHOWN_FAULTS = 200


@dataclass(frozen=True, slots=True)
class RunLine:
    """One import. total: rows of the file, None before it was read. by, undone_by: names, '' for nobody. why: of one
    that was stopped, None otherwise. Counts: as in `store.models.ImportRun`.
    """

    id: str
    kind: ImportKind
    name: str
    state: ImportState
    why: Text | None
    by: str
    taken_at: datetime
    ended_at: datetime | None
    done: int
    total: int | None
    imported: int
    updated: int
    unchanged: int
    withdrawn: int
    refused: int
    conflicts: int
    taken_back: int
    closed: int
    kept: int
    undone_by: str
    undone_at: datetime | None

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_over(self) -> bool:
        """Nothing more is taken, and nothing was taken back yet."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class FaultLine:
    line: int
    column: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Page:
    """more: where the next page begins, '' at the end."""

    rows: tuple[RunLine, ...]
    more: str


def page(business_id: str, *, before: str) -> Page:
    """The newest first. before: `more` of the page before, '' for the beginning; nonsense is the beginning."""
    rows = ImportRun.objects.filter(business_id=business_id).select_related("operator", "undone_by")
    rows = rows.defer("sealed", "columns").order_by("-taken_at", "-id")
    last = rows.filter(pk=before).first() if before else None
    if last is not None:
        rows = rows.filter(taken_at__lte=last.taken_at).exclude(taken_at=last.taken_at, pk__gte=last.pk)
    found = list(rows[: A_PAGE + 1])
    return Page(tuple(map(_line, found[:A_PAGE])), found[A_PAGE - 1].pk if len(found) > A_PAGE else "")


def one(business_id: str, run_id: str) -> RunLine | None:
    rows = ImportRun.objects.filter(business_id=business_id, pk=run_id).select_related("operator", "undone_by")
    row = rows.defer("sealed", "columns").first()
    return None if row is None else _line(row)


def faults(run_id: str, *, most: int | None = None) -> Iterator[FaultLine]:
    """Why rows were refused, in file order; kept for a month."""
    rows = RefusedRow.objects.filter(run=run_id).order_by("id")[:most]
    for row in rows.iterator(chunk_size=2_000):
        yield FaultLine(row.line, row.column, Text.literal(row.reason_ar, row.reason_en))


def fault_count(run_id: str) -> int:
    return RefusedRow.objects.filter(run=run_id).count()


def _line(row: ImportRun) -> RunLine:
    return RunLine(
        id=row.pk,
        kind=ImportKind(row.kind),
        name=row.name,
        state=ImportState(row.state),
        why=WHY_WORDS[WhyStopped(row.why)] if row.why else None,
        by=row.operator.name,
        taken_at=row.taken_at,
        ended_at=row.ended_at,
        done=row.done,
        total=row.total,
        imported=row.imported,
        updated=row.updated,
        unchanged=row.unchanged,
        withdrawn=row.withdrawn,
        refused=row.refused,
        conflicts=row.conflicts,
        taken_back=row.taken_back,
        closed=row.closed,
        kept=row.kept,
        undone_by=row.undone_by.name if row.undone_by else "",
        undone_at=row.undone_at,
    )
