"""Operators and how a phone becomes one."""

from django.conf import settings
from django.db import models

from wakeel.domain.briefs import BRIEF_DAYS, BRIEF_MINUTE
from wakeel.domain.recognition import EnrolmentState, OperatorState
from wakeel.store.models.business import SendingNumber
from wakeel.store.models.columns import business_key, id_column, one_of


class Operator(models.Model):
    """One person's phone bound to one web account. bsuid: bound for good once seen; wa_id: digits, may be unknown.

    time_zone: '' for the business's. brief_minute: of their local day, when the daily brief goes out; None for none.
    brief_days: its weekdays, 1 Monday to 7 Sunday. knocked_at: business time when a template last asked them to open
    their closed window; None if never.
    """

    id = id_column("opr")
    business = business_key()
    number = models.ForeignKey(SendingNumber, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operators")
    name = models.CharField(max_length=120)
    wa_id = models.CharField(max_length=20, null=True)  # noqa: DJ001 - None: the phone is hidden
    bsuid = models.CharField(max_length=160, null=True)  # noqa: DJ001 - None: not seen yet
    state = models.CharField(max_length=10, default=OperatorState.ACTIVE.value)
    language = models.CharField(max_length=5, default="ar")
    time_zone = models.CharField(max_length=40, blank=True)
    brief_minute = models.PositiveSmallIntegerField(null=True, default=BRIEF_MINUTE)
    brief_days = models.CharField(max_length=7, default=BRIEF_DAYS)
    knocked_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField()

    class Meta:
        db_table = "operator"
        constraints = [
            one_of("state", [s.value for s in OperatorState], name="operator_state"),
            models.UniqueConstraint(
                fields=["business", "bsuid"], condition=models.Q(state="active"), name="operator_bsuid_once"
            ),
            models.UniqueConstraint(
                fields=["business", "wa_id"], condition=models.Q(state="active"), name="operator_phone_once"
            ),
            models.UniqueConstraint(
                fields=["business", "user"], condition=models.Q(state="active"), name="operator_per_user"
            ),
            models.CheckConstraint(
                condition=models.Q(wa_id__isnull=False) | models.Q(bsuid__isnull=False), name="operator_has_address"
            ),
        ]


class Enrolment(models.Model):
    """One code shown to one signed-in person. Times are real time. sender_*: the phone the code came from."""

    id = id_column("enr")
    business = business_key()
    number = models.ForeignKey(SendingNumber, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=EnrolmentState.ISSUED.value)
    expires_at = models.DateTimeField()
    sender_wa_id = models.CharField(max_length=20, null=True)  # noqa: DJ001 - None: hidden
    sender_bsuid = models.CharField(max_length=160, null=True)  # noqa: DJ001 - None: not sent
    sender_name = models.CharField(max_length=200, blank=True)
    sender_wrote_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "enrolment"
        constraints = [one_of("state", [s.value for s in EnrolmentState], name="enrolment_state")]
        indexes = [models.Index(fields=["business", "state", "code_hash"], name="enrolment_by_code")]


class WrongCode(models.Model):
    """A code that matched nothing, for the limits; sender is a keyed hash, never a number."""

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    sender_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "wrong_code"
        indexes = [models.Index(fields=["business", "at"], name="wrong_code_recent")]
