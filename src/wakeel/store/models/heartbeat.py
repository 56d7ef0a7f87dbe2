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
