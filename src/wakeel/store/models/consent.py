"""The consent ledger: append-only. Triggers refuse changes; the state is computed in `domain.consent`."""

from django.db import models

from wakeel.domain.consent import ConsentType
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact


class ConsentEventRow(models.Model):
    """Fields as in `domain.consent.ConsentEvent`. seq: gap-free per business, the order of recording.

    purposes: null means all. proof_ref: what the evidence is; proof_sha256: of the evidence text as it was entered.
    """

    id = id_column("cns")
    business = business_key()
    seq = models.PositiveBigIntegerField()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consent_events")
    type = models.CharField(max_length=16)
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    clock = models.CharField(max_length=12, default="server")
    address = models.CharField(max_length=160)
    channel = models.CharField(max_length=16, default="whatsapp")
    categories = models.JSONField(default=list)
    purposes = models.JSONField(null=True)
    explicit = models.BooleanField(default=False)
    needs_confirmation = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)
    grant_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: targets no grant
    withdraw_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: targets no withdrawal
    source = models.CharField(max_length=40)
    collected_directly = models.BooleanField(default=False)
    wording = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    proof_ref = models.TextField(blank=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=64)
    wamid = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "consent_event"
        constraints = [
            models.UniqueConstraint(fields=["business", "seq"], name="consent_event_seq_once"),
            one_of("type", [t.value for t in ConsentType], name="consent_event_type"),
            models.CheckConstraint(
                condition=models.Q(at__isnull=False) | models.Q(type="withdraw"), name="consent_event_at_known"
            ),
        ]
        indexes = [
            models.Index(fields=["business", "contact"], name="consent_event_by_contact"),
            models.Index(fields=["business", "address"], name="consent_event_by_address"),
        ]
