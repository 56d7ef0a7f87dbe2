"""Signs of life, in real time."""

from django.db import models


class Heartbeat(models.Model):
    """One row a process role. counters: numbers worth showing on the health page."""

    role = models.CharField(primary_key=True, max_length=20)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    at = models.DateTimeField()
    counters = models.JSONField(default=dict)

    class Meta:
        db_table = "heartbeat"


class DatabaseRun(models.Model):
    """One row, id 1: how far this database has come; the file `run` in the data folder knows the same number.

    database: random id, made with the row; a copy of the database has the same. number: one more at each start of a
    worker and every few seconds while one runs. finding: RunFinding of the last start. expected, found: the file's
    number and ours when they were last found to differ; restored_at: real time of that, None for never.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    database = models.CharField(max_length=32)
    number = models.PositiveBigIntegerField(default=0)
    finding = models.CharField(max_length=12, blank=True)
    expected = models.PositiveBigIntegerField(null=True)
    found = models.PositiveBigIntegerField(null=True)
    restored_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()

    class Meta:
        db_table = "database_run"
