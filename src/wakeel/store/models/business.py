"""Whose opportunities they are, which number sends, and the stop switches."""

from django.db import models

from wakeel.domain.buckets import CONTACT_BURST, OPERATOR_BURST, PAIR_EVERY_S
from wakeel.domain.risk import Risk
from wakeel.domain.tones import Tone
from wakeel.store.models.columns import ID_LENGTH, business_key, id_column, one_of


class Business(models.Model):
    """practice: made by the demo, for ever; such a business never sends live.

    tone: of the drafts that the machine writes. quorum_from: the lowest risk (`domain.risk`) that needs two people's
    approval; '' for none. expiry_days: working days that a draft waits for approval, by risk; what is not named waits
    three. high_value: what an opportunity is worth from which its texts are of high risk, in the currency of the
    business; None for no such limit.
    """

    id = id_column("biz")
    name = models.CharField(max_length=120)
    practice = models.BooleanField(default=False)
    tone = models.CharField(max_length=8, default=Tone.WARM.value)
    quorum_from = models.CharField(max_length=8, blank=True)
    expiry_days = models.JSONField(default=dict)
    high_value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "business"
        constraints = [
            one_of("tone", [t.value for t in Tone], name="business_tone"),
            one_of("quorum_from", ["", *(r.value for r in Risk)], name="business_quorum_from"),
        ]


class SendingNumber(models.Model):
    """One number of ours at Meta; phone_number_id is the routing key. display_phone: digits with country code.

    quality: GREEN, YELLOW, RED or ''; throughput_mps, messaging_limit (people in 24 h): None if it was not said or has
    no bound. account_state: '' while Meta allows sending, else its event or kind of ban (ACCOUNT_RESTRICTION,
    DISABLE …), until account_until, None without an end. …_at: Meta's time of the newest news of those columns: older
    news changes nothing.
    own_limit_mps: messages a second we allow ourselves, below what Meta says (20 with the app beside it); None for no
    limit of ours. pair_interval_ms: to one person one message in so long after a burst of operator_burst or
    contact_burst; 0 for no such limit.
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
    own_limit_mps = models.PositiveIntegerField(null=True)
    pair_interval_ms = models.PositiveIntegerField(default=int(PAIR_EVERY_S * 1000))
    operator_burst = models.PositiveSmallIntegerField(default=OPERATOR_BURST)
    contact_burst = models.PositiveSmallIntegerField(default=CONTACT_BURST)

    class Meta:
        db_table = "sending_number"


class SenderSeat(models.Model):
    """Who sends for one number: one worker at a time, on databases that several workers share.

    holder: id of one run of a worker. fence: how often the seat was taken. lease_until: real time; over, and the next
    worker that asks has it.
    """

    number = models.OneToOneField(SendingNumber, on_delete=models.PROTECT, primary_key=True, related_name="seat")
    business = business_key()
    holder = models.CharField(max_length=ID_LENGTH)
    fence = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField()

    class Meta:
        db_table = "sender_seat"


class StopSwitch(models.Model):
    """A row is a switch that is on; releasing deletes it. target: business id, phone_number_id, or '' for all.

    pressed_by: an operator's id, or `whatsapp` when Meta restricted the account; reason: its word then, else ''.
    leaving: ids of the messages that were on the wire when it was pressed.
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
    leaving = models.JSONField(default=list)

    class Meta:
        db_table = "stop_switch"
        constraints = [models.UniqueConstraint(fields=["scope", "target"], name="stop_switch_once")]


class StopEvent(models.Model):
    """One press or release of a stop switch, never changed but for what a release has done so far.

    scope, target, reason: as in StopSwitch. by: who. send: of a release, whether what waited may leave; None of a
    press. leaving, asked: how many messages a release has let go and asked about again. done_at: None while messages
    that waited for it are still to be looked at.
    """

    class Kind(models.TextChoices):
        PRESSED = "pressed"
        RELEASED = "released"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    scope = models.CharField(max_length=10, choices=StopSwitch.Scope.choices)
    target = models.CharField(max_length=ID_LENGTH, blank=True)
    by = models.CharField(max_length=ID_LENGTH, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    send = models.BooleanField(null=True)
    leaving = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stop_event"
        indexes = [
            models.Index(fields=["id"], name="stop_event_undone", condition=models.Q(done_at=None)),
            models.Index(fields=["at"], name="stop_event_by_time"),
        ]
