"""The raw inbox: what Meta posted, on disk before the 200. The one table without a business: nobody has read it yet."""

from django.db import models


class InboxState(models.TextChoices):
    RECEIVED = "received"
    DONE = "done"
    QUARANTINED = "quarantined"


class InboxRow(models.Model):
    """One POST body. Written by `store.inbox_writer` in raw SQL; a test holds its columns against this model.

    digest: SHA-256 of the body as it came, so that Meta's repetition of one POST is one row. body: sealed with the
    `field` key of key_epoch (`store.raw_bodies` opens it); None: as it came, from before. received_at: real time.
    errors: one entry per item that could not be read or carried out, [] when all went well.
    attempts: how often processing was cut short by a fault of ours; next_try_at: None means at once.
    """

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField(max_length=32, unique=True)
    body = models.BinaryField()
    key_epoch = models.PositiveSmallIntegerField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=InboxState.choices, default=InboxState.RECEIVED)
    errors = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox"
        constraints = [models.CheckConstraint(condition=models.Q(state__in=InboxState.values), name="inbox_state")]
        indexes = [
            models.Index(fields=["id"], name="inbox_waiting", condition=models.Q(state="received")),
            models.Index(fields=["id"], name="inbox_quarantined", condition=models.Q(state="quarantined")),
            models.Index(fields=["id"], name="inbox_noted", condition=~models.Q(errors=[])),
            models.Index(fields=["received_at"], name="inbox_received_at"),
        ]
