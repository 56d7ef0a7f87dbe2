"""Who decided what, what the gate said, and which exact text was approved."""

from django.db import models

from wakeel.domain.reasons import Answer
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.draft import Draft
from wakeel.store.models.operator import Operator
from wakeel.store.models.outbox import OutboxMessage


class PolicyRow(models.Model):
    """A sending policy as it was when a verdict was given, stored once by its version."""

    version = models.CharField(max_length=40, primary_key=True)
    document = models.JSONField()
    first_used_at = models.DateTimeField()

    class Meta:
        db_table = "policy"


class VerdictRow(models.Model):
    """One answer of the gate. phase: plan (when approving) or claim (when leaving). Never changed.

    request: what the gate read, without ledger entries and policy: those are found by ledger_seq and policy_version,
    so that the answer can be given again. at: the `now` of the decision.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, related_name="verdicts")
    outbox = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, null=True, related_name="verdicts")
    phase = models.CharField(max_length=8)
    answer = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    all_codes = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    next_allowed_at = models.DateTimeField(null=True)
    grant_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: rests on no consent
    policy_version = models.CharField(max_length=40)
    ledger_seq = models.PositiveBigIntegerField()
    request = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "verdict"
        constraints = [
            one_of("phase", ["plan", "claim"], name="verdict_phase"),
            one_of("answer", [a.value for a in Answer], name="verdict_answer"),
        ]
        indexes = [
            models.Index(fields=["business", "draft"], name="verdict_by_draft"),
            models.Index(fields=["business", "outbox"], name="verdict_by_outbox"),
        ]


class Approval(models.Model):
    """One person approved exactly the request with this digest. revoked_at: None while it stands. words_read: what the
    content checks said of the text then (`domain.content_reading`), so that the claim need not read it again; '' where
    nobody kept it.
    """

    id = id_column("apr")
    business = business_key()
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="approvals")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    words_read = models.TextField(blank=True)
    grant_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: rests on no consent
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8)
    approved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "approval"
        constraints = [
            models.UniqueConstraint(
                fields=["business", "draft"], condition=models.Q(revoked_at=None), name="approval_one_standing"
            ),
            one_of("via", ["phone", "screen"], name="approval_via"),
        ]


class FixedTextApproval(models.Model):
    """An administrator approved one version of a text that goes out without a tap. content_hash: of its body, see
    `domain.fixed_texts`; another wording is another version and waits for its own approval.
    """

    id = id_column("fxt")
    business = business_key()
    intent = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    approved_by = models.CharField(max_length=64)
    approved_at = models.DateTimeField()

    class Meta:
        db_table = "fixed_text_approval"
        constraints = [
            models.UniqueConstraint(fields=["business", "content_hash"], name="fixed_text_approval_once"),
        ]


class Decision(models.Model):
    """One tap, click or typed command and what it did. answer: the code of what the operator was told.

    tap_key: the wamid of the tap, or the screen's one-time key; a repeated one finds this row instead of deciding.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8)
    tap_key = models.CharField(max_length=200)
    action = models.CharField(max_length=20)
    opportunity = models.ForeignKey("store.Opportunity", on_delete=models.PROTECT, null=True, related_name="decisions")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, related_name="decisions")
    version = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=24)
    carried_out = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "decision"
        constraints = [
            models.UniqueConstraint(fields=["business", "tap_key"], name="decision_tap_once"),
            one_of("via", ["phone", "screen"], name="decision_via"),
        ]
        indexes = [
            models.Index(fields=["business", "opportunity"], name="decision_by_opportunity"),
            models.Index(fields=["business", "at"], name="decision_by_time"),
        ]
