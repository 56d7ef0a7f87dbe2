"""Questions with buttons or rows other than the cards of opportunities and drafts, and what they are about."""

from django.db import models

from wakeel.domain.prompts import BatchState, PromptKind
from wakeel.store.models.columns import ID_LENGTH, business_key, id_column, one_of
from wakeel.store.models.operator import Operator
from wakeel.store.models.outbox import OutboxMessage


class Prompt(models.Model):
    """One such question to one operator. A tap answers it only on the message that carried it (`outbox.wamid`).

    subject: id of the opportunity, contact, meeting, batch or brief it is about. digest: of what is asked where that
    can change, '' elsewhere. closed_at: None while it may be answered. again_at: it was put off until then;
    again_on_reply: until they write.
    """

    id = id_column("prm")
    business = business_key()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="prompts")
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=ID_LENGTH)
    digest = models.CharField(max_length=64, blank=True)
    outbox = models.OneToOneField(OutboxMessage, on_delete=models.PROTECT, related_name="prompt")
    again_at = models.DateTimeField(null=True)
    again_on_reply = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "prompt"
        constraints = [one_of("kind", [k.value for k in PromptKind], name="prompt_kind")]
        indexes = [
            models.Index(fields=["business", "operator"], name="prompt_open", condition=models.Q(closed_at=None)),
            models.Index(fields=["business", "subject"], name="prompt_by_subject"),
            models.Index(fields=["again_at"], name="prompt_again", condition=models.Q(again_at__isnull=False)),
        ]


class Batch(models.Model):
    """Several drafts that one operator may approve together. drafts: [{"id", "version", "digest"}], as listed."""

    id = id_column("bat")
    business = business_key()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    drafts = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=BatchState.OPEN.value)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "batch"
        constraints = [one_of("state", [s.value for s in BatchState], name="batch_state")]


class Brief(models.Model):
    """What one operator was told of one day, once. local_date: in their zone. facts: counts and ids it was made of."""

    id = id_column("brf")
    business = business_key()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="briefs")
    local_date = models.DateField()
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "brief"
        constraints = [
            models.UniqueConstraint(fields=["business", "operator", "local_date"], name="brief_once_a_day"),
        ]
