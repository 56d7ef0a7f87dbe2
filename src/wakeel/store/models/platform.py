"""What Meta says of our templates, numbers and account."""

from django.db import models

from wakeel.store.models.columns import business_key


class Template(models.Model):
    """One template in one language, as Meta reports it; webhooks and `wakeel templates pull` fill it.

    template_id: Meta's, '' until it was said. status: '' until it was said; sendable when APPROVED. components: []
    until they were said. paused_until: None without a known end. pending_category: announced, in force from
    pending_category_at; '' without one. …_at, pending_said_at: Meta's time of the newest news of that column, None for
    none: older news changes nothing. pulled_at: real time of the last listing that had it, None before the first.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    waba_id = models.CharField(max_length=32)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    template_id = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=40, blank=True)
    status_note = models.TextField(blank=True)
    category = models.CharField(max_length=40, blank=True)
    pending_category = models.CharField(max_length=40, blank=True)
    pending_category_at = models.DateTimeField(null=True)
    pending_said_at = models.DateTimeField(null=True)
    quality = models.CharField(max_length=20, blank=True)
    components = models.JSONField(default=list)
    paused_until = models.DateTimeField(null=True)
    status_at = models.DateTimeField(null=True)
    category_at = models.DateTimeField(null=True)
    quality_at = models.DateTimeField(null=True)
    components_at = models.DateTimeField(null=True)
    pulled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "template"
        constraints = [
            models.UniqueConstraint(fields=["business", "waba_id", "name", "language"], name="template_once"),
        ]


class TemplateText(models.Model):
    """One version of a template of ours, never changed after it was made: the next wording is the next version.

    name: what people call it; meta_name: as submitted, one for every version. components: as Meta's API takes them.
    payloads: what each quick-reply button carries when it is sent, in their order. asked_at: when somebody asked for
    its submission, None while nobody did; submitted_at: None while it is only here; refused: Meta's words when it did
    not take it, '' otherwise. Its state at Meta is the row of `Template` with its meta_name and language.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    name = models.CharField(max_length=400)
    version = models.PositiveIntegerField(default=1)
    meta_name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    components = models.JSONField(default=list)
    payloads = models.JSONField(default=list)
    author = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    refused = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "template_text"
        constraints = [
            models.UniqueConstraint(fields=["business", "name", "language", "version"], name="template_text_once"),
            models.UniqueConstraint(fields=["business", "meta_name", "language"], name="template_text_meta_name_once"),
        ]


class PlatformEventRow(models.Model):
    """One piece of news of the account, its numbers or templates, kept once by its natural key. Nothing personal.

    kind: name of the domain event. facts: what it said, by our names of its fields. at: Meta's time, else received.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    key = models.CharField(max_length=64)
    webhook_field = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "platform_event"
        constraints = [models.UniqueConstraint(fields=["business", "key"], name="platform_event_once")]
        indexes = [models.Index(fields=["business", "-at"], name="platform_event_newest")]
