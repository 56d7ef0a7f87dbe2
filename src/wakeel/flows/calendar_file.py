"""A meeting as an iCalendar file (RFC 5545): for the calendar, for e-mail, and behind a link nobody can guess."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.core import signing
from icalendar import Calendar, Event, vCalAddress

from wakeel import config
from wakeel.domain.meetings import MeetingState
from wakeel.domain.text import plain
from wakeel.domain.words import Text
from wakeel.flows.both_calendars import time_words
from wakeel.store import meetings
from wakeel.store.models import Meeting

_SALT = "wakeel.meeting-file"
_PRODUCT = "-//Wakeel//Meetings//EN"
_TIMES = Text("الوقت: {when}", "When: {when}")
_ALSO = Text("أوقات أخرى مقترحة: {others}", "Other times proposed: {others}")


class Use(StrEnum):
    """What the file is for (RFC 5546 names the last two)."""

    STORE = ""  # an event in our own calendar: no method, and nobody for a server to invite by itself
    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What of an event in a calendar must be as we wrote it; servers may write the rest their own way."""

    uid: str
    sequence: int
    begins_at: datetime
    status: str


def file_of(meeting: Meeting, *, use: Use, now: datetime) -> bytes:
    """The file as it stands: at the chosen time, else at the first one proposed, tentative then."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    if use is not Use.STORE:
        calendar.add("method", use.value)
    calendar.add_component(_event(meeting, use=use, now=now))
    return bytes(calendar.to_ical())


def fingerprint(meeting: Meeting) -> Fingerprint:
    """What `read_fingerprint` finds in a file of this meeting."""
    return Fingerprint(meeting.uid, _sequence(meeting), meetings.holds_at(meeting).astimezone(UTC), _status(meeting))


def read_fingerprint(file: bytes) -> Fingerprint | None:
    """Of the first event in a file from outside; None if there is none that can be read."""
    try:
        event = next(iter(Calendar.from_ical(file).walk("VEVENT")), None)
        if event is None:
            return None
        begins_at = event.decoded("dtstart")
        return Fingerprint(
            str(event["uid"]), int(event.get("sequence", 0)), begins_at.astimezone(UTC), str(event.get("status", ""))
        )
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


def file_link(meeting: Meeting) -> str | None:
    """The address of the file for whoever has the link; None if no public address is configured."""
    public_url = config.get().public_url
    return f"{public_url}/m/{_signer().sign(meeting.id)}.ics" if public_url is not None else None


def meeting_behind(token: str) -> Meeting | None:
    """The meeting of such a link; None for anything we did not sign, for one with somebody who was erased, and while
    other times or another place wait for their invitation: whoever has the link from an earlier one must not see them.
    """
    try:
        meeting_id = _signer().unsign(token)
    except signing.BadSignature:
        return None
    known = Meeting.objects.filter(pk=meeting_id, contact__erased_at=None)
    meeting = known.select_related("opportunity__business", "contact").first()
    if meeting is None or (meeting.invited_at is not None and meetings.is_unsent(meeting)):
        return None
    return meeting


def meeting_of(business_id: str, meeting_id: str) -> Meeting | None:
    """For somebody of the business; None for another's, one called off, and one with somebody who was erased."""
    rows = Meeting.objects.filter(pk=meeting_id, business=business_id, contact__erased_at=None)
    return rows.exclude(state=MeetingState.CANCELLED.value).select_related("opportunity__business", "contact").first()


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")


def _event(meeting: Meeting, *, use: Use, now: datetime) -> Event:
    begins_at = meetings.holds_at(meeting).astimezone(UTC)
    event = Event()
    # UTC needs no VTIMEZONE; a fixed offset would be written without one (toolchain 11).
    event.add("uid", meeting.uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", _sequence(meeting))
    event.add("dtstart", begins_at)
    event.add("dtend", begins_at + timedelta(minutes=meeting.minutes))
    event.add("summary", plain(meeting.title))
    event.add("description", _description(meeting))
    event.add("status", _status(meeting))
    if meeting.place:
        event.add("location", plain(meeting.place))
    if use is Use.REQUEST:
        _add_people(event, meeting)
    return event


def _add_people(event: Event, meeting: Meeting) -> None:
    organiser = vCalAddress(f"mailto:{config.get().smtp_from}")
    organiser.params["CN"] = plain(meeting.opportunity.business.name)
    event["organizer"] = organiser
    for address in meeting.attendees:
        event.add("attendee", vCalAddress(f"mailto:{address}"), encode=False)


def _sequence(meeting: Meeting) -> int:
    """Grows with every change that a calendar must notice (RFC 5545, 3.8.7.4): other times, an answer, the end."""
    return (meeting.version - 1) * 2 + (meeting.state == MeetingState.CANCELLED)


def _status(meeting: Meeting) -> str:
    if meeting.state == MeetingState.CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if meeting.chosen is not None else "TENTATIVE"


def _description(meeting: Meeting) -> str:
    zone = config.get().time_zone
    holds_at = meetings.holds_at(meeting)
    lines = [_TIMES.say("ar", when=time_words(holds_at, "ar", zone=zone))]
    others = [slot for slot in meetings.slots_of(meeting) if slot != holds_at]
    if meeting.chosen is None and others:
        lines.append(_ALSO.say("ar", others=" · ".join(time_words(slot, "ar", zone=zone) for slot in others)))
    return "\n".join(lines)
