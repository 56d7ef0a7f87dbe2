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
    """One number of ours at Meta; phone_number_id is the routing key. display_phone: digits with country code."""

    phone_number_id = models.CharField(primary_key=True, max_length=32)
    business = business_key()
    waba_id = models.CharField(max_length=32)
    display_phone = models.CharField(max_length=20)
    webhook_seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sending_number"


class StopSwitch(models.Model):
    """A row is a switch that is on; releasing deletes it. target: business id, phone_number_id, or '' for all."""

    class Scope(models.TextChoices):
        EVERYWHERE = "global"
        BUSINESS = "business"
        NUMBER = "number"

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    target = models.CharField(max_length=ID_LENGTH, blank=True)
    pressed_by = models.CharField(max_length=ID_LENGTH)
    pressed_at = models.DateTimeField()

    class Meta:
        db_table = "stop_switch"
        constraints = [models.UniqueConstraint(fields=["scope", "target"], name="stop_switch_once")]
