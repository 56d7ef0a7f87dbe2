"""What people asked of us about their data, with the clock that runs, and files waiting for an answer."""

from django.conf import settings
from django.db import models

from wakeel.domain.rights import RequestState, Right
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact


class RightsRequest(models.Model):
    """One request, oral ones too. Times are business time. due_at: 30 days after receipt; extended_until: once, by 30
    more, with a reason; None without. identity_checked: how we made sure who asks, '' until then. held_because: why the
    data must be kept for now (a claim, a complaint), '' while nothing stands against it. answer: what was done or why
    not; '' while open. opened_by, closed_by: web accounts' ids as text.

    Source: PDPL implementing regulation, articles 3 and 10, by the reference, section 1.1, read 2026-11-22.
    """

    id = id_column("rgt")
    business = business_key()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="rights_requests")
    right = models.CharField(max_length=10)
    came_by = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    extended_until = models.DateTimeField(null=True)
    extension_reason = models.TextField(blank=True)
    identity_checked = models.TextField(blank=True)
    held_because = models.TextField(blank=True)
    state = models.CharField(max_length=8, default=RequestState.OPEN.value)
    answer = models.TextField(blank=True)
    opened_by = models.CharField(max_length=64)
    closed_by = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_request"
        constraints = [
            one_of("right", [r.value for r in Right], name="rights_request_right"),
            one_of("state", [s.value for s in RequestState], name="rights_request_state"),
        ]
        indexes = [models.Index(fields=["business", "state", "due_at"], name="rights_request_due")]


class PendingImport(models.Model):
    """A file that was uploaded and waits for "import" after its preview; sealed by the `field` key, gone after it."""

    id = id_column("imp")
    business = business_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "pending_import"
        indexes = [models.Index(fields=["business", "created_at"], name="pending_import_age")]
