"""People we write to. The key is our own id; numbers and BSUIDs are aliases with a history."""

from django.db import models

from wakeel.domain.suppression import SuppressionCause
from wakeel.store.models.columns import business_key, id_column, one_of


class Contact(models.Model):
    """last_inbound_at: business time of their last message, opens the window; None if they never wrote.

    gave_number: what an operator recorded as evidence that they gave us their number; '' if nothing was.
    time_zone: '' means the zones of the number. paused_until: they asked not to be disturbed until then. checked_at:
    when an operator made sure that messages can reach them again. expecting: which question of ours they may answer
    now (`optin_confirm`), asked at expecting_since; '' without one. epoch_started_at: the number is theirs since then,
    entries before it were somebody else's. merged_into: the record that speaks for this one; None for most.
    identity_doubt: why `identity_hold` is set (`domain.recognition.IdentityDoubt`); '' if nobody said.
    unread_since: something of theirs could not be read or carried out and nobody has looked yet; None for most.
    erased_at: everything personal was overwritten; None for everybody else. referred_at: when they last came by an
    advertisement; free_until: we answered that in time, and until then nothing they are sent is charged (reference WA
    5.1). Both None for most.
    """

    id = id_column("con")
    business = business_key()
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    last_inbound_at = models.DateTimeField(null=True)
    gave_number = models.TextField(blank=True)
    identity_hold = models.BooleanField(default=False)
    identity_doubt = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    paused_until = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    expecting = models.CharField(max_length=20, blank=True)
    expecting_since = models.DateTimeField(null=True)
    epoch_started_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    unread_since = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    referred_at = models.DateTimeField(null=True)
    free_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "contact"
        indexes = [
            # Also the list of contacts, page by page.
            models.Index(fields=["business", "last_inbound_at", "id"], name="contact_by_last_word"),
            # Most are merged into nobody: the foreign key's own index tells a planner nothing.
            models.Index(fields=["merged_into"], name="contact_merged", condition=models.Q(merged_into__isnull=False)),
        ]


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
        # Whose this is, or ever was: asked of everybody who writes.
        indexes = [models.Index(fields=["business", "value"], name="contact_alias_by_value")]


class Suppression(models.Model):
    """A person who is never written to, whatever the ledger says; a row stands until it is lifted.

    contact: None after an erasure, when only the address's token is left to recognise them by. note: why, in words of
    ours, nothing personal after an erasure.
    """

    id = id_column("sup")
    business = business_key()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="suppressions")
    address_token = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    actor = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "suppression"
        constraints = [one_of("cause", [c.value for c in SuppressionCause], name="suppression_cause")]
        indexes = [
            models.Index(
                fields=["business", "contact"], condition=models.Q(lifted_at=None), name="suppression_by_contact"
            ),
            models.Index(
                fields=["business", "address_token"], condition=models.Q(lifted_at=None), name="suppression_by_address"
            ),
        ]
