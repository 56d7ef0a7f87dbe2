"""What came in, once each: messages by wamid, statuses by wamid, status and recipient."""

from django.db import models

from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact
from wakeel.store.models.operator import Operator
from wakeel.store.models.outbox import Attempt

MEDIA_STATES = ("waiting", "kept", "refused", "failed")


class InboundMessage(models.Model):
    """One message from a person. sent_at: Meta's time of it; handled: one word for what was done.

    content: what it holds besides words (`domain.message_contents`) by its field names, {} for nothing. kind `echo`:
    somebody of the business wrote it to the contact in the WhatsApp Business app. read_wanted_at: an operator turned
    to it, so that the person may see that it was read; read_sent_at: WhatsApp was told. Both None before.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    wamid = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="inbound")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    button_id = models.CharField(max_length=256, blank=True)
    context_wamid = models.CharField(max_length=200, blank=True)
    handled = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    read_wanted_at = models.DateTimeField(null=True)
    read_sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbound_message"
        constraints = [models.UniqueConstraint(fields=["business", "wamid"], name="inbound_message_once")]
        indexes = [
            models.Index(fields=["business", "contact", "-sent_at"], name="inbound_by_contact"),
            models.Index(
                fields=["id"],
                name="inbound_to_be_marked",
                condition=models.Q(read_wanted_at__isnull=False, read_sent_at=None),
            ),
        ]


class MediaFile(models.Model):
    """A picture, voice note or document that a contact sent, fetched and kept apart from the web root.

    media_id: Meta's; a webhook's URL is never used. sha256: of the bytes, the name it is kept under; '' before. state:
    `waiting` to be fetched, `kept`, `refused` (its size or kind is not on our list) or `failed` (gone, or not what was
    promised). why: of the last two, one word.
    """

    id = id_column("med")
    business = business_key()
    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="media")
    media_id = models.CharField(max_length=64)
    mime_type = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=240, blank=True)
    bytes = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, default="waiting")
    why = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "media_file"
        constraints = [
            models.UniqueConstraint(fields=["business", "message", "media_id"], name="media_file_once"),
            one_of("state", MEDIA_STATES, name="media_file_state"),
        ]
        indexes = [
            models.Index(fields=["try_at"], name="media_file_waiting", condition=models.Q(state="waiting")),
        ]


class StatusEvent(models.Model):
    """One piece of news of a message. attempt: None while parked – statuses may come before the send's answer.

    pricing_category, pricing_type: what Meta charges it as, '' on most statuses.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    wamid = models.CharField(max_length=200)
    status = models.CharField(max_length=40)
    recipient = models.CharField(max_length=160, blank=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="statuses", db_index=False)
    failure_code = models.IntegerField(null=True)
    details = models.TextField(blank=True)
    pricing_category = models.CharField(max_length=40, blank=True)
    pricing_type = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "status_event"
        constraints = [
            models.UniqueConstraint(fields=["business", "wamid", "status", "recipient"], name="status_event_once")
        ]
        # By hand: the index of a foreign key would bring a second one on PostgreSQL, for searching by its beginning.
        indexes = [
            models.Index(fields=["attempt"], name="status_event_by_attempt"),
            models.Index(fields=["recorded_at"], name="status_event_parked", condition=models.Q(attempt__isnull=True)),
        ]
