"""Meetings with contacts: proposed, approved, answered, in the calendar or not."""

from django.db import models

from wakeel.domain.meetings import CalendarState, MailState, MeetingState
from wakeel.store.models.business import SendingNumber
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact
from wakeel.store.models.operator import Operator


class Meeting(models.Model):
    """slots: ISO times with zone, the proposed beginnings, two or three. chosen: the one that holds; None before.

    attendees: e-mail addresses, of the contact and of us. answer: '' until the contact said `confirm` or `other`.
    invited_at: when WhatsApp took the newest invitation, None before. uid: of the calendar event, ours. calendar: a
    `CalendarState`; calendar_why: the calendar's refusal, one word, or `busy` if something else is in it then. mail: a
    `MailState`; mail_why: one word; mail_at: when it is due, or was begun, None otherwise.
    mailed_at: when the .ics last left by e-mail, None if it did not.
    """

    id = id_column("mtg")
    business = business_key()
    opportunity = models.ForeignKey("store.Opportunity", on_delete=models.PROTECT, related_name="meetings")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="meetings")
    number = models.ForeignKey(SendingNumber, on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    attendees = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=30)
    slots = models.JSONField(default=list)
    chosen = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default=MeetingState.DRAFT.value)
    answer = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    uid = models.CharField(max_length=120)
    calendar = models.CharField(max_length=8, blank=True)
    calendar_why = models.CharField(max_length=60, blank=True)
    calendar_tries = models.PositiveSmallIntegerField(default=0)
    calendar_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=8, blank=True)
    mail_why = models.CharField(max_length=60, blank=True)
    mail_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "meeting"
        constraints = [
            one_of("state", [s.value for s in MeetingState], name="meeting_state"),
            one_of("calendar", [s.value for s in CalendarState], name="meeting_calendar"),
            one_of("mail", [s.value for s in MailState], name="meeting_mail"),
            models.UniqueConstraint(fields=["business", "uid"], name="meeting_uid_once"),
        ]
        indexes = [
            models.Index(fields=["business", "state"], name="meeting_by_state"),
            models.Index(fields=["calendar_at"], name="meeting_to_be_written", condition=models.Q(calendar="waiting")),
            models.Index(fields=["mail_at"], name="meeting_to_be_mailed", condition=models.Q(mail_at__isnull=False)),
        ]
