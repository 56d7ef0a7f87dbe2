"""Who may do what on the screens. Issue 8."""

from django.conf import settings
from django.db import models

from wakeel.domain.roles import Role
from wakeel.store.models.columns import business_key, one_of


class RoleGrant(models.Model):
    """One role of one login in one business; a person has as many as there are rows. by: who gave it, '' for the
    command line.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12)
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "role_grant"
        constraints = [
            one_of("role", [role.value for role in Role], name="role_grant_role"),
            models.UniqueConstraint(fields=["business", "user", "role"], name="role_grant_once"),
        ]
