"""Drafts and their versions. A version is never edited; the next text is the next version."""

from django.db import models

from wakeel.domain.consent import Category
from wakeel.domain.drafts import DraftState
from wakeel.domain.risk import Risk
from wakeel.store.models.business import SendingNumber
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact
from wakeel.store.models.operator import Operator


class Draft(models.Model):
    """address: the form the message will be addressed to, fixed when the version is shown. version: the current one.

    editor, edit_asked_at: who was asked for the new text, and when; None outside `editing`. meeting: whose invitation
    it is; None for other messages. answers: wamid of what the contact wrote to a message of ours, '' for first messages
    and meetings: an opportunity has one living first message, and any number of answers. waits_until: business time
    when it expires unapproved, None for never; reminded_at, escalated_at: when its operators, and everybody, were last
    reminded of it. nudge, nudge_at: what happens to it by the clock next (`domain.waiting.Nudge`), and when; '' and
    None for nothing. A decided draft may still have them: whoever looks at the clock finds out then.
    """

    id = id_column("drf")
    business = business_key()
    opportunity = models.ForeignKey("store.Opportunity", on_delete=models.PROTECT, related_name="drafts")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="drafts")
    number = models.ForeignKey(SendingNumber, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=16)
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=20, default=DraftState.AWAITING_APPROVAL.value)
    version = models.PositiveIntegerField(default=1)
    editor = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    edit_asked_at = models.DateTimeField(null=True)
    reshow_when_cured = models.BooleanField(default=False)
    meeting = models.ForeignKey("store.Meeting", on_delete=models.PROTECT, null=True, related_name="drafts")
    answers = models.CharField(max_length=200, blank=True)
    risk = models.CharField(max_length=8, default=Risk.NORMAL.value)
    waits_until = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    nudge = models.CharField(max_length=8, blank=True)
    nudge_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        constraints = [
            one_of("state", [s.value for s in DraftState], name="draft_state"),
            one_of("category", [c.value for c in Category], name="draft_category"),
            models.UniqueConstraint(
                fields=["business", "opportunity"],
                condition=models.Q(state__in=["awaiting_approval", "approved", "editing"], meeting=None, answers=""),
                name="draft_one_living",
            ),
            models.UniqueConstraint(
                # One waits; earlier ones left, before another time was asked for.
                fields=["business", "meeting"],
                condition=models.Q(state__in=["awaiting_approval", "editing"]),
                name="draft_one_of_meeting",
            ),
            one_of("risk", [r.value for r in Risk], name="draft_risk"),
        ]
        indexes = [
            models.Index(fields=["business", "state"], name="draft_by_state"),
            models.Index(fields=["business", "contact"], name="draft_by_contact"),
            models.Index(
                fields=["business", "created_at"],
                name="draft_waiting",
                condition=models.Q(state="awaiting_approval") | models.Q(state="editing"),
            ),
            models.Index(fields=["nudge_at"], name="draft_nudge", condition=models.Q(nudge_at__isnull=False)),
        ]


class DraftVersion(models.Model):
    """author: None for the machine's first text; written_by: the name of the model that wrote it, '' for none.

    template: {"name", "language", "values"} of a version that goes out as an approved template, text then being what
    the contact will read; None for free text. values: texts by the name or place of the variable.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    author = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    written_by = models.CharField(max_length=80, blank=True)
    template = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "draft_version"
        constraints = [models.UniqueConstraint(fields=["business", "draft", "number"], name="draft_version_once")]


class Vote(models.Model):
    """One person's approval of a text that needs two; the last one needed approves. digest: of what they saw."""

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="votes")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        db_table = "vote"
        constraints = [
            models.UniqueConstraint(fields=["business", "draft", "version", "digest", "operator"], name="vote_once")
        ]
