"""Opportunities, the cards that ask about them and about drafts, and each showing of a card."""

from django.db import models

from wakeel.domain.opportunities import OpportunityState, Source
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact
from wakeel.store.models.draft import Draft
from wakeel.store.models.operator import Operator
from wakeel.store.models.outbox import OutboxMessage


class Opportunity(models.Model):
    """external_key: the stable key of the import. score: 0 to 100, None if the file had none.

    draft_text: the text the import suggested, '' for the standard one. owner: who accepted or asked for the draft, or
    whom it was assigned to. source: how it came in. snoozed_until: when it comes back, None for no such time;
    snoozed_for_reply: it comes back when they write. skip_reason: '1' to '5' of `domain.skip_reasons`, '' for none
    given. result_value: what a won one was worth, in the currency of `value`; None if nobody said. closed_at: when it
    was won or lost.
    """

    id = id_column("opp")
    business = business_key()
    external_key = models.CharField(max_length=120)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="opportunities")
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    value = models.CharField(max_length=60, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    purpose = models.CharField(max_length=40, default="offers")
    draft_text = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=10, default=Source.IMPORT.value)
    state = models.CharField(max_length=12, default=OpportunityState.NEW.value)
    snoozed_until = models.DateTimeField(null=True)
    snoozed_for_reply = models.BooleanField(default=False)
    skip_reason = models.CharField(max_length=1, blank=True)
    result_value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    closed_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "opportunity"
        constraints = [
            models.UniqueConstraint(fields=["business", "external_key"], name="opportunity_key_once"),
            one_of("state", [s.value for s in OpportunityState], name="opportunity_state"),
            one_of("source", [s.value for s in Source], name="opportunity_source"),
        ]
        indexes = [
            models.Index(fields=["business", "state"], name="opportunity_by_state"),
            # The queue: the best of what waits, without reading the rest.
            models.Index(
                fields=["business", "-score", "created_at", "id"],
                name="opportunity_waiting",
                condition=models.Q(state="new") | models.Q(state="presented"),
            ),
            models.Index(
                fields=["expires_at"],
                name="opportunity_expiring",
                condition=models.Q(state="presented", expires_at__isnull=False),
            ),
            models.Index(
                fields=["snoozed_until"],
                name="opportunity_coming_back",
                condition=models.Q(snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["contact"],
                name="opportunity_awaits_reply",
                condition=models.Q(snoozed_for_reply=True),
            ),
            # What a rejected offer teaches about an organisation: asked whenever something is ranked.
            models.Index(
                fields=["business", "purpose"],
                name="opportunity_no_fit",
                condition=models.Q(state="skipped", skip_reason="3"),
            ),
            # Whoever wrote first has no score, and is looked for beside what the scores put in front.
            models.Index(
                fields=["business", "-created_at"],
                name="opportunity_wrote_first",
                condition=models.Q(source__in=["inbound", "referral"])
                & (models.Q(state="new") | models.Q(state="presented")),
            ),
            # How often a person was passed over: asked for everybody who is ranked.
            models.Index(fields=["contact", "state"], name="opportunity_of_contact"),
        ]


class Card(models.Model):
    """One question to one operator. digest: of what is asked; a tap decides only for the current digest.

    draft: None on opportunity cards. version: of the draft that is shown. closed_at: None while the question is open.
    """

    class Kind(models.TextChoices):
        OPPORTUNITY = "opportunity"
        APPROVAL = "approval"

    id = id_column("crd")
    business = business_key()
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="cards")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="cards")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, related_name="cards")
    version = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "card"
        constraints = [
            one_of("kind", ["opportunity", "approval"], name="card_kind"),
            models.UniqueConstraint(fields=["business", "operator", "draft", "digest"], name="card_of_draft_once"),
            models.UniqueConstraint(
                fields=["business", "operator", "opportunity", "digest"],
                condition=models.Q(draft=None),
                name="card_of_opportunity_once",
            ),
        ]
        indexes = [models.Index(fields=["business", "operator"], condition=models.Q(closed_at=None), name="card_open")]


class Showing(models.Model):
    """A card on its way to, or on, a phone. wamid: None until WhatsApp accepted it.

    rendering: the message that carried the whole text before a card too small for it; None when the card has it all.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="showings")
    number = models.PositiveIntegerField()
    outbox = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="showings")
    rendering = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, null=True, related_name="+")
    wamid = models.CharField(max_length=200, null=True)  # noqa: DJ001 - None: not accepted yet
    created_at = models.DateTimeField()

    class Meta:
        db_table = "showing"
        constraints = [
            models.UniqueConstraint(fields=["business", "card", "number"], name="showing_number_once"),
            models.UniqueConstraint(fields=["business", "wamid"], name="showing_wamid_once"),
            models.UniqueConstraint(fields=["business", "outbox"], name="showing_message_once"),
        ]
