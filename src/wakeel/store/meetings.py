"""Meetings: rows, their moves by compare-and-set, what of them is due."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from wakeel.domain.drafts import LIVING, UNDECIDED
from wakeel.domain.meetings import ALLOWED, CalendarState, MailState, MeetingState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.recognition import OperatorState
from wakeel.store import operators
from wakeel.store.compiled import Compiled
from wakeel.store.ids import new_id
from wakeel.store.models import Draft, Meeting, Operator, Opportunity, OutboxMessage, SendingNumber


def create(
    opportunity: Opportunity, *, organiser: Operator, number: SendingNumber, title: str, slots: Sequence[datetime],
    minutes: int, attendees: Sequence[str], now: datetime,
) -> Meeting:  # fmt: skip
    """A new meeting; its invitation is still to be written."""
    return Meeting.objects.create(
        business_id=opportunity.business_id, opportunity=opportunity, contact=opportunity.contact, number=number,
        organiser=organiser, title=title, minutes=minutes, attendees=list(attendees), slots=_written(slots),
        uid=f"{new_id('evt')}@wakeel", created_at=now,
    )  # fmt: skip


def lock(business_id: str, meeting_id: str) -> Meeting | None:
    """The meeting with contact, opportunity and organiser, locked until the transaction ends; None without one."""
    rows = Meeting.objects.select_for_update(of=("self",)).filter(business_id=business_id, pk=meeting_id)
    return rows.select_related("contact", "opportunity__owner", "opportunity__business", "organiser").first()


def waiting_invitation(opportunity: Opportunity) -> Draft | None:
    """The invitation of this opportunity that waits for approval or for new words, None without one."""
    rows = Draft.objects.filter(opportunity=opportunity, meeting__isnull=False, state__in=UNDECIDED)
    return rows.select_related("opportunity", "contact", "number__business").order_by("-id").first()


def invitations_among(draft_ids: Collection[str]) -> list[Draft]:
    """Those of these drafts that are invitations, with their meetings."""
    return list(_INVITATIONS(drafts=list(draft_ids))) if draft_ids else []


_INVITATIONS = Compiled(
    lambda drafts: Draft.objects.filter(pk__in=drafts, meeting__isnull=False).select_related("meeting").order_by("pk")
)


def invitation_of(meeting: Meeting) -> Draft | None:
    """The newest living invitation, locked until the transaction ends: it waits, is approved, or left."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(meeting=meeting, state__in=_LIVING)
    return rows.select_related("opportunity", "contact", "number__business", "meeting").order_by("-id").first()


def waiting_draft_of(business_id: str, meeting_id: str) -> Draft | None:
    """The invitation of this meeting that waits for approval or for new words, None without one."""
    return Draft.objects.filter(business_id=business_id, meeting=meeting_id, state__in=UNDECIDED).first()


def of_contacts(contact_ids: Collection[str]) -> list[Meeting]:
    """Every meeting with one of these records."""
    return list(Meeting.objects.filter(contact__in=contact_ids).order_by("pk"))


def sent_of(invitation: Draft) -> OutboxMessage | None:
    """The message of this invitation that WhatsApp took, None before."""
    return OutboxMessage.objects.filter(draft=invitation, wamid__isnull=False).order_by("-id").first()


def is_being_changed(meeting: Meeting) -> bool:
    """Whether other times are proposed in an invitation that has not left yet."""
    left = OutboxMessage.objects.filter(draft=OuterRef("pk"), wamid__isnull=False)
    return Draft.objects.filter(~Exists(left), meeting=meeting, state__in=_LIVING).exists()


def is_unsent(meeting: Meeting) -> bool:
    """Whether what it says now stands in an invitation that waits or has not begun to leave: until then it is no
    outsider's business."""
    left = OutboxMessage.objects.filter(draft=OuterRef("pk"), draft_version=OuterRef("version"), state__in=_OUT)
    return Draft.objects.filter(~Exists(left), meeting=meeting, state__in=_LIVING).exists()


@dataclass(frozen=True, slots=True)
class SentInvitation:
    """The newest invitation to a person. is_last: nothing else was sent to them since."""

    meeting_id: str
    wamid: str
    is_last: bool


def last_invitation_to(contact_ids: Collection[str], *, since: datetime) -> SentInvitation | None:
    """The newest one that left since then, None without one."""
    sent = OutboxMessage.objects.filter(contact__in=contact_ids, wamid__isnull=False, created_at__gte=since)
    newest = sent.filter(draft__meeting__isnull=False).select_related("draft").order_by("-id").first()
    if newest is None or newest.draft is None or newest.draft.meeting_id is None:
        return None
    return SentInvitation(newest.draft.meeting_id, newest.wamid or "", not sent.filter(id__gt=newest.id).exists())


def newest_sent(meeting: Meeting) -> OutboxMessage | None:
    """The newest invitation that WhatsApp took, None before."""
    rows = OutboxMessage.objects.filter(draft__meeting=meeting, wamid__isnull=False)
    return rows.order_by("-id").first()


def move(meeting: Meeting, *, to: MeetingState, come_from: Iterable[MeetingState], **fields: Any) -> bool:
    """Compare-and-set, only along `ALLOWED`; True if this caller moved it."""
    allowed = [state.value for state in come_from if state is to or to in ALLOWED[state]]
    if Meeting.objects.filter(pk=meeting.pk, state__in=allowed).update(state=to.value, **fields) != 1:
        return False
    meeting.state = to.value
    for name, value in fields.items():
        setattr(meeting, name, value)
    return True


def change(meeting: Meeting, **fields: Any) -> None:
    """Write columns of a locked meeting; its state stays."""
    Meeting.objects.filter(pk=meeting.pk).update(**fields)
    for name, value in fields.items():
        setattr(meeting, name, value)


def to_calendar(meeting: Meeting, *, now: datetime) -> None:
    """Have the event written, or written anew. A draft is approved by that; a booked one stays booked meanwhile."""
    state = MeetingState(meeting.state)
    move(
        meeting, to=_ON_ITS_WAY.get(state, state), come_from=[state],
        calendar=CalendarState.WAITING, calendar_why="", calendar_tries=0, calendar_at=now,
    )  # fmt: skip


_ON_ITS_WAY = {MeetingState.DRAFT: MeetingState.APPROVED}


def to_mail(meeting: Meeting, *, now: datetime) -> None:
    """Have the calendar file mailed, or mailed anew."""
    change(meeting, mail=MailState.WAITING, mail_why="", mail_at=now)


def whose(meeting: Meeting) -> list[Operator]:
    """Who hears about it: whoever has the opportunity, else who proposed the meeting, else everybody who is active."""
    for operator in (meeting.opportunity.owner, meeting.organiser):
        if operator is not None and operator.state == OperatorState.ACTIVE:
            return [operator]
    return operators.active(meeting.business_id)


def to_be_written(*, now: datetime, limit: int) -> list[Meeting]:
    """Those whose event is due in the calendar, the longest waiting first."""
    rows = Meeting.objects.filter(calendar=CalendarState.WAITING, calendar_at__lte=now)
    return list(rows.select_related("contact", "opportunity").order_by("calendar_at")[:limit])


def to_be_mailed(*, now: datetime) -> Meeting | None:
    """One whose file is due by e-mail, the longest waiting; None without one. Not locked."""
    return Meeting.objects.filter(mail=MailState.WAITING, mail_at__lte=now).order_by("mail_at").first()


def left_sending(*, before: datetime) -> list[Meeting]:
    """Those whose e-mail was begun before then, and nobody wrote down how it ended; locked."""
    rows = Meeting.objects.select_for_update(of=("self",)).filter(mail=MailState.SENDING, mail_at__lt=before)
    return list(rows.select_related("contact", "opportunity__owner", "organiser"))


def propose(meeting: Meeting, slots: Sequence[datetime]) -> None:
    """Other times, and nothing answered to the earlier ones counts any more."""
    change(meeting, slots=_written(slots), chosen=None, answer="", answered_at=None, version=meeting.version + 1)


def note_answer(meeting: Meeting, answer: str, *, chosen: datetime | None, now: datetime) -> None:
    """What the contact said to the invitation; the file and the event are newer ones by it."""
    change(meeting, answer=answer, answered_at=now, chosen=chosen, version=meeting.version + 1)


def slots_of(meeting: Meeting) -> list[datetime]:
    """The proposed beginnings, aware, in the order in which they are numbered."""
    return [datetime.fromisoformat(slot) for slot in meeting.slots]


def holds_at(meeting: Meeting) -> datetime:
    """When it takes place as things stand: the chosen time, else the first one proposed."""
    return meeting.chosen or slots_of(meeting)[0]


def leaves_before(draft: Draft) -> datetime | None:
    """When its message would come too late; None if never. An invitation must come before the first time it names."""
    ends = [draft.opportunity.expires_at, min(slots_of(draft.meeting)) if draft.meeting is not None else None]
    return min((at for at in ends if at is not None), default=None)


def has_begun(draft: Draft, *, now: datetime) -> bool:
    """Whether it invites to a time that is over; False for every other draft."""
    return draft.meeting is not None and min(slots_of(draft.meeting)) <= now


def taken_times(organiser: Operator, *, now: datetime) -> set[datetime]:
    """Beginnings that this operator proposed, or that were agreed on, and that are still to come."""
    rows = Meeting.objects.filter(business_id=organiser.business_id, organiser=organiser)
    rows = rows.exclude(state=MeetingState.CANCELLED).filter(created_at__gt=now - _LOOKS_BACK)
    return {at for row in rows for at in ([row.chosen] if row.chosen else slots_of(row)) if at > now}


def _written(slots: Sequence[datetime]) -> list[str]:
    return [slot.isoformat() for slot in slots]


_LIVING = [state.value for state in LIVING]
_OUT = [OutboxState.SENDING.value, OutboxState.UNKNOWN.value, OutboxState.ACCEPTED.value]
_LOOKS_BACK = timedelta(days=30)
"""A time is proposed for at most two weeks ahead, and again when the contact asks for another."""
