"""What was changed about a team and its rules, and by whom. Issue 7."""

from django.db import models

from wakeel.domain.team import TeamChange
from wakeel.store.models.columns import business_key, one_of
from wakeel.store.models.operator import Operator


class TeamEvent(models.Model):
    """One change, never edited. operator: whom it is about; None for rules. by: the administrator's login, or the name
    of the operator who gave somebody an opportunity.

    before, after: of rules, what they were and are, by name; of an opportunity, its id and whose it was; {} else.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    kind = models.CharField(max_length=12)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=150)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "team_event"
        constraints = [one_of("kind", [k.value for k in TeamChange], name="team_event_kind")]
        indexes = [models.Index(fields=["business", "-at"], name="team_event_newest")]
