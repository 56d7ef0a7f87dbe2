"""Meetings with contacts, for the screens."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.drafts import UNDECIDED
from wakeel.store import meetings as verbs
from wakeel.store.models import Draft, DraftVersion, Meeting

SHOWN = 100


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """holds_at: the agreed time, else the first one proposed. is_agreed: the contact confirmed it. state, calendar,
    mail, answer: the stored words. is_invited: WhatsApp took an invitation. is_moved: other times were proposed
    since."""

    id: str
    title: str
    name: str
    contact_id: str
    opportunity_id: str
    state: str
    answer: str
    holds_at: datetime
    is_agreed: bool
    is_invited: bool
    calendar: str
    calendar_why: str
    mail: str
    mail_why: str
    is_moved: bool

    def is_over(self, *, now: datetime) -> bool:
        """Its time has passed, whatever came of it."""
        return self.holds_at < now


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting. draft_id: of its newest invitation, '' without one; text: its words; draft_state, version: its."""

    line: MeetingLine
    slots: tuple[datetime, ...]
    minutes: int
    place: str
    attendees: tuple[str, ...]
    organiser: str
    approved_by: str
    answered_at: datetime | None
    mailed_at: datetime | None
    draft_id: str
    draft_state: str
    version: int
    text: str

    @property
    def waits(self) -> bool:
        """Its invitation waits for approval."""
        return self.draft_state in UNDECIDED


def listed(business_id: str) -> tuple[MeetingLine, ...]:
    """The newest hundred, the newest first."""
    rows = Meeting.objects.filter(business_id=business_id).select_related("contact").order_by("-id")
    return tuple(map(_line, rows[:SHOWN]))


def read(business_id: str, meeting_id: str) -> MeetingPage | None:
    """None if this business has no such meeting."""
    rows = Meeting.objects.filter(business_id=business_id, pk=meeting_id)
    row = rows.select_related("contact", "organiser", "approved_by").first()
    if row is None:
        return None
    draft = Draft.objects.filter(meeting=row).order_by("-id").first()
    version = DraftVersion.objects.filter(draft=draft, number=draft.version).first() if draft is not None else None
    return MeetingPage(
        line=_line(row),
        slots=tuple(verbs.slots_of(row)),
        minutes=row.minutes,
        place=row.place,
        attendees=tuple(row.attendees),
        organiser=row.organiser.name,
        approved_by=row.approved_by.name if row.approved_by is not None else "",
        answered_at=row.answered_at,
        mailed_at=row.mailed_at,
        draft_id=draft.id if draft is not None else "",
        draft_state=draft.state if draft is not None else "",
        version=draft.version if draft is not None else 0,
        text=version.text if version is not None else "",
    )


def opportunity_of(business_id: str, meeting_id: str) -> str | None:
    """None if this business has no such meeting."""
    rows = Meeting.objects.filter(business_id=business_id, pk=meeting_id)
    return rows.values_list("opportunity_id", flat=True).first()


def _line(row: Meeting) -> MeetingLine:
    return MeetingLine(
        id=row.id,
        title=row.title,
        name=row.contact.name,
        contact_id=row.contact_id,
        opportunity_id=row.opportunity_id,
        state=row.state,
        answer=row.answer,
        holds_at=verbs.holds_at(row),
        is_agreed=row.chosen is not None,
        is_invited=row.invited_at is not None,
        calendar=row.calendar,
        calendar_why=row.calendar_why,
        mail=row.mail,
        mail_why=row.mail_why,
        is_moved=row.version > 1,
    )
