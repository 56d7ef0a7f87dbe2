"""Links by which people get a login. Issue 8."""

from django.conf import settings
from django.db import models

from wakeel.domain.invitations import InvitationState
from wakeel.store.models.columns import business_key, id_column, one_of


class Invitation(models.Model):
    """One link, shown once. token_hash: a keyed hash of what stands in it. roles: the words of the roles it gives.

    name: whom it is for, as the administrator calls them; it is gone once the link is used or withdrawn. by: the
    administrator's login. user: who came by it. Times are real time.
    """

    id = id_column("inv")
    business = business_key()
    token_hash = models.CharField(max_length=64)
    roles = models.JSONField()
    name = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, default=InvitationState.OPEN.value)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "invitation"
        constraints = [
            one_of("state", [state.value for state in InvitationState], name="invitation_state"),
            models.UniqueConstraint(fields=["business", "token_hash"], name="invitation_token"),
        ]
