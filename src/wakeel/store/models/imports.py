"""Files that a person said yes to: how far the worker is with each, what it refused, and what it made."""

from django.db import models

from wakeel.domain.imports import ImportKind, ImportState
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.operator import Operator


class ImportRun(models.Model):
    """One import. sealed: the file, by the `field` key under this id; None once it is not needed. columns: header of
    the file → our column, '' for one that is left out; {} if the headers speak for themselves. line: of the last row
    that was taken or refused; total: rows of the file, None before it was read. starts: how often a worker began
    without getting a row further. lease_until: real time. why: a `WhyStopped`, '' unless stopped.

    imported … conflicts: rows, as in `table_report.Report`. taken_back, closed, kept: opportunities of an import that
    was taken back: gone; gone from the queue because a phone had shown them; left alone because something happened.
    """

    id = id_column("imp")
    business = business_key()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200, blank=True)
    sealed = models.BinaryField(null=True)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default=ImportState.QUEUED.value)
    why = models.CharField(max_length=8, blank=True)
    line = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    imported = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    taken_back = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    starts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_run"
        constraints = [
            one_of("state", [s.value for s in ImportState], name="import_run_state"),
            one_of("kind", [k.value for k in ImportKind], name="import_run_kind"),
        ]
        indexes = [
            models.Index(fields=["business", "-taken_at"], name="import_run_newest"),
            models.Index(
                fields=["taken_at"],
                name="import_run_at_work",
                condition=models.Q(state="queued") | models.Q(state="running") | models.Q(state="undoing"),
            ),
        ]


class ImportedRow(models.Model):
    """Something an import made that was not there before. target: its id and not a key, for it may be taken back."""

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="made", db_index=False)
    made = models.CharField(max_length=12)
    target = models.CharField(max_length=64)

    class Meta:
        db_table = "imported_row"
        constraints = [one_of("made", ["contact", "opportunity"], name="imported_row_made")]
        indexes = [
            models.Index(fields=["run", "id"], name="imported_row_of_run"),
            models.Index(fields=["business", "target"], name="imported_row_of_target"),
        ]


class RefusedRow(models.Model):
    """Why a row of an import was not taken. column: its header in the file, '' for the whole row."""

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="faults", db_index=False)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    reason_ar = models.TextField()
    reason_en = models.TextField()

    class Meta:
        db_table = "refused_row"
        indexes = [models.Index(fields=["run", "id"], name="refused_row_of_run")]


class ImportColumns(models.Model):
    """How a person matched the headers of a kind of file, for the next one with the same. headers: SHA-256 of them in
    their order. chosen: header → our column, '' for one that is left out.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    kind = models.CharField(max_length=16)
    headers = models.CharField(max_length=64)
    chosen = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "import_columns"
        constraints = [
            models.UniqueConstraint(fields=["business", "kind", "headers"], name="import_columns_once"),
        ]
