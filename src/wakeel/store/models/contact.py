"""People we write to. The key is our own id; numbers and BSUIDs are aliases with a history."""

from django.db import models

from wakeel.store.models.columns import business_key, id_column, one_of


class Contact(models.Model):
    """last_inbound_at: business time of their last message, opens the window; None if they never wrote.

    gave_number: what an operator recorded as evidence that they gave us their number; '' if nothing was.
    """

    id = id_column("con")
    business = business_key()
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    last_inbound_at = models.DateTimeField(null=True)
    gave_number = models.TextField(blank=True)
    identity_hold = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "contact"
        indexes = [models.Index(fields=["business", "last_inbound_at"], name="contact_by_window")]


class ContactAlias(models.Model):
    """One way to reach a person, valid from–to; valid_to None means now. value: `+` and digits, or a BSUID."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        BSUID = "bsuid"

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="aliases")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(max_length=160)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_alias"
        constraints = [
            models.UniqueConstraint(
                fields=["business", "value"], condition=models.Q(valid_to=None), name="contact_alias_current_once"
            ),
            models.UniqueConstraint(
                fields=["business", "contact", "kind"],
                condition=models.Q(valid_to=None),
                name="contact_alias_one_of_a_kind",
            ),
            one_of("kind", ["phone", "bsuid"], name="contact_alias_kind"),
        ]
