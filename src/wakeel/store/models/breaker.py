"""Why a number sends nothing for now."""

from django.db import models

from wakeel.domain.breakers import BreakerState, Cause
from wakeel.store.models.business import SendingNumber
from wakeel.store.models.columns import business_key, one_of


class Breaker(models.Model):
    """One number in trouble; a number without a row answers. Times are real time.

    unknowns: sends in a row without a clear answer. cause, opened_at: '' and None while closed. failure_code: Meta's,
    None for an outage. contacts_only: answers to operators still go. probe_at: when one message is let through; None
    if only a person may release. probe_id: attempt that sees whether answers come again, '' without one. probes: of
    them were not answered either.
    """

    number = models.OneToOneField(SendingNumber, on_delete=models.PROTECT, primary_key=True, related_name="breaker")
    business = business_key()
    state = models.CharField(max_length=10, default=BreakerState.CLOSED.value)
    unknowns = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=10, blank=True)
    failure_code = models.IntegerField(null=True)
    contacts_only = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)
    probe_id = models.CharField(max_length=64, blank=True)
    probes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "breaker"
        constraints = [
            one_of("state", [state.value for state in BreakerState], name="breaker_state"),
            one_of("cause", ["", *(cause.value for cause in Cause)], name="breaker_cause"),
            models.CheckConstraint(
                condition=models.Q(state="closed", cause="")
                | (~models.Q(state="closed") & ~models.Q(cause="") & models.Q(opened_at__isnull=False)),
                name="breaker_open_says_why",
            ),
        ]
