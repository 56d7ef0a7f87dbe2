"""What is to leave, and every attempt to send it."""

from django.db import models

from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store.models.business import SendingNumber
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact
from wakeel.store.models.draft import Draft
from wakeel.store.models.operator import Operator


class OutboxMessage(models.Model):
    """One message. body: the request as it will be POSTed, without `biz_opaque_callback_data`.

    request_key: unique for ever, names what this message is for. digest: of the approved request, '' to operators.
    due_at: business time. lease_until: real time, while `sending`. fence: number of the current attempt, 0 before.
    failure_code: Meta's, of the last refusal or failed status. hold_code: ReasonCode while held or suppressed,
    or why a pending message waits for a later due_at.
    recalled_at: a stop or withdrawal came while it was leaving; None otherwise. status: merged, None before acceptance.
    about: whom a message to an operator speaks of, so that erasing a person finds it; None if nobody. intent: which
    fixed text it is, '' for what an operator approved. content_hash: SHA-256 of the body without its address.
    failed_at: business time of the news that it did not arrive, also if a later one proves that wrong; None without.
    updated_at: what WhatsApp tells of it (sent, delivered, read) leaves it as it is.

    Three such ticks follow every message: no index names a column they write, and none is kept that nobody reads by,
    so that PostgreSQL writes the row anew on its own page and touches no index (docs/decisions/0016).
    """

    id = id_column("out")
    business = business_key(db_index=False)
    number = models.ForeignKey(SendingNumber, on_delete=models.PROTECT, related_name="+", db_index=False)
    audience = models.CharField(max_length=8)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="outbox", db_index=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    about = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, related_name="outbox", db_index=False)
    draft_version = models.PositiveIntegerField(null=True)
    address = models.CharField(max_length=160)
    lane = models.PositiveSmallIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=16)
    purpose = models.CharField(max_length=40, blank=True)
    intent = models.CharField(max_length=40, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    request_key = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=OutboxState.PENDING.value)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    hold_code = models.CharField(max_length=40, blank=True)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    failure_code = models.IntegerField(null=True)
    failure_details = models.TextField(blank=True)
    wamid = models.CharField(max_length=200, null=True)  # noqa: DJ001 - None: not accepted
    status = models.CharField(max_length=10, null=True)  # noqa: DJ001 - None: nothing heard
    failed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "outbox"
        constraints = [
            models.UniqueConstraint(fields=["business", "request_key"], name="outbox_key_once"),
            one_of("state", [s.value for s in OutboxState], name="outbox_state"),
            one_of("audience", [a.value for a in Audience], name="outbox_audience"),
            models.CheckConstraint(condition=models.Q(lane__in=[lane.value for lane in Lane]), name="outbox_lane"),
            models.CheckConstraint(
                condition=models.Q(status__isnull=True) | models.Q(status__in=[s.value for s in MessageStatus]),
                name="outbox_status",
            ),
            models.CheckConstraint(
                condition=models.Q(audience="operator", operator__isnull=False, contact__isnull=True)
                | models.Q(audience="contact", contact__isnull=False, operator__isnull=True),
                name="outbox_one_recipient",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(lease_until__isnull=False), name="outbox_lease_known"
            ),
            # Nothing leaves to a contact without an approval's digest.
            models.CheckConstraint(
                condition=models.Q(audience="operator") | ~models.Q(digest=""), name="outbox_contact_approved"
            ),
        ]
        indexes = [
            # What leaves next from one number: each lane is read from its front.
            models.Index(
                fields=["business", "number", "lane", "due_at", "id"],
                name="outbox_due",
                condition=models.Q(state="pending"),
            ),
            models.Index(fields=["business", "lease_until"], name="outbox_leases", condition=models.Q(state="sending")),
            # What the release of a stop switch lets go.
            models.Index(fields=["id"], name="outbox_held", condition=models.Q(state="held")),
            # Who is ahead, who is on the wire: asked for every message that is due.
            models.Index(fields=["number", "address", "state", "lane", "id"], name="outbox_queue"),
            *(
                models.Index(
                    fields=[column], name=f"outbox_of_{column}", condition=models.Q(**{f"{column}__isnull": False})
                )
                for column in ("contact", "operator", "about", "draft", "wamid")
            ),
            # The screens: what needs a person, what is on its way, cards behind an operator's closed window.
            models.Index(
                fields=["business", "state", "-updated_at"],
                name="outbox_in_trouble",
                condition=models.Q(audience="contact")
                & (
                    models.Q(state="failed")
                    | models.Q(state="held")
                    | models.Q(state="suppressed")
                    | models.Q(state="unknown")
                ),
            ),
            models.Index(
                fields=["business", "-failed_at"],
                name="outbox_not_delivered",
                condition=models.Q(audience="contact", failed_at__isnull=False),
            ),
            models.Index(
                fields=["business"],
                name="outbox_simulated",
                condition=models.Q(audience="contact", state="simulated"),
            ),
            models.Index(
                fields=["business", "operator"],
                name="outbox_for_operator",
                condition=models.Q(audience="operator", state="pending"),
            ),
        ]


ATTEMPT_OUTCOMES = ("sending", "accepted", "failed", "unknown", "not_sent")


class Attempt(models.Model):
    """One try, journalled before the request. id travels as `biz_opaque_callback_data`. Times are real time, but
    claimed_at, the business time of the claim, by which caps and pauses count.

    outcome: sending until answered; not_sent when nothing was written. settled_by: operator id when a person settled.
    """

    id = id_column("att")
    business = business_key(db_index=False)
    outbox = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    request_key = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, default="sending")
    wamid = models.CharField(max_length=200, null=True)  # noqa: DJ001 - None: not accepted
    message_status = models.CharField(max_length=40, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    failure_code = models.IntegerField(null=True)
    details = models.TextField(blank=True)
    settled_by = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "attempt"
        constraints = [
            models.UniqueConstraint(fields=["outbox", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["business", "wamid"], name="attempt_wamid_once"),
            one_of("outcome", ATTEMPT_OUTCOMES, name="attempt_outcome"),
        ]
        indexes = [models.Index(fields=["business", "claimed_at"], name="attempt_by_claim")]


class ReachedPerson(models.Model):
    """Somebody to whom a template left outside of their window: WhatsApp counts them for a day (reference WA 5.3).

    at: business time of the last claim of such a message.
    """

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, primary_key=True, related_name="reached")
    business = business_key()
    at = models.DateTimeField()

    class Meta:
        db_table = "reached_person"
        indexes = [models.Index(fields=["business", "at"], name="reached_person_by_time")]


class Mention(models.Model):
    """Somebody else, beside `about`, whom a message to an operator names: erasing a person finds it by this."""

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    message = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="mentions", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "mention"
        constraints = [models.UniqueConstraint(fields=["business", "message", "contact"], name="mention_once")]
