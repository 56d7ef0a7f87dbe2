"""Who did what, from where, and what it changed. Issue 8."""

from django.db import models

from wakeel.domain.audit import Place
from wakeel.store.models.columns import business_key, one_of


class AuditEntry(models.Model):
    """One act as in `domain.audit.Act`, never changed or removed. seq: gap-free per business, in the order of writing.

    before, after: canonical JSON, '' for nothing. epoch: of the chain key. mac: HMAC-SHA-256 over the previous row's
    mac and this row's canonical entry.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=8)
    action = models.CharField(max_length=32)
    subject = models.CharField(max_length=160, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    epoch = models.PositiveSmallIntegerField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_entry"
        constraints = [
            models.UniqueConstraint(fields=["business", "seq"], name="audit_entry_seq_once"),
            one_of("place", [place.value for place in Place], name="audit_entry_place"),
        ]
        indexes = [
            models.Index(fields=["business", "by", "seq"], name="audit_entry_by_person"),
            models.Index(fields=["business", "subject", "seq"], name="audit_entry_by_subject"),
            models.Index(fields=["business", "action", "seq"], name="audit_entry_by_action"),
            models.Index(fields=["business", "at"], name="audit_entry_by_time"),
        ]
