"""Whose opportunities they are, which number sends, and the stop switches."""

from django.db import models

from wakeel.store.models.columns import ID_LENGTH, business_key, id_column


class Business(models.Model):
    """practice: made by the demo, for ever; such a business never sends live."""

    id = id_column("biz")
    name = models.CharField(max_length=120)
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "business"


class SendingNumber(models.Model):
    """One number of ours at Meta; phone_number_id is the routing key. display_phone: digits with country code.

    quality: GREEN, YELLOW, RED or ''; throughput_mps, messaging_limit (people in 24 h): None if it was not said or has
    no bound. account_state: '' while Meta allows sending, else its event or kind of ban (ACCOUNT_RESTRICTION,
    DISABLE …), until account_until, None without an end. …_at: Meta's time of the newest news of those columns: older
    news changes nothing.
    """

    phone_number_id = models.CharField(primary_key=True, max_length=32)
    business = business_key()
    waba_id = models.CharField(max_length=32)
    display_phone = models.CharField(max_length=20)
    webhook_seen_at = models.DateTimeField(null=True)
    verified_name = models.CharField(max_length=120, blank=True)
    quality = models.CharField(max_length=20, blank=True)
    quality_at = models.DateTimeField(null=True)
    throughput_mps = models.PositiveIntegerField(null=True)
    messaging_limit = models.PositiveIntegerField(null=True)
    limit_at = models.DateTimeField(null=True)
    account_state = models.CharField(max_length=60, blank=True)
    account_until = models.DateTimeField(null=True)
    account_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sending_number"


class StopSwitch(models.Model):
    """A row is a switch that is on; releasing deletes it. target: business id, phone_number_id, or '' for all.

    pressed_by: an operator's id, or `whatsapp` when Meta restricted the account; reason: its word then, else ''.
    """

    class Scope(models.TextChoices):
        EVERYWHERE = "global"
        BUSINESS = "business"
        NUMBER = "number"

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    target = models.CharField(max_length=ID_LENGTH, blank=True)
    pressed_by = models.CharField(max_length=ID_LENGTH)
    reason = models.CharField(max_length=60, blank=True)
    pressed_at = models.DateTimeField()

    class Meta:
        db_table = "stop_switch"
        constraints = [models.UniqueConstraint(fields=["scope", "target"], name="stop_switch_once")]
