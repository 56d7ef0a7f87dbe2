"""How one person wants the screens to be. Issue 8."""

from django.conf import settings
from django.db import models

from wakeel.domain.digits import Digits
from wakeel.store.models.columns import business_key, one_of


class Profile(models.Model):
    """The screens of one login in one business; without a row everything is as by default.

    language: of the screens, '' until it was chosen. time_zone: IANA, '' for the business's; an operator's own
    (`Operator.time_zone`) goes before it.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, blank=True)
    digits = models.CharField(max_length=8, default=Digits.LATIN.value)
    time_zone = models.CharField(max_length=40, blank=True)
    has_shortcuts = models.BooleanField(default=True)

    class Meta:
        db_table = "profile"
        constraints = [
            one_of("digits", [digits.value for digits in Digits], name="profile_digits"),
            models.UniqueConstraint(fields=["business", "user"], name="profile_once"),
        ]
