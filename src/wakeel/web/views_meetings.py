"""Meetings: the list, one of them, what is done about it, and its calendar file for whoever has the link."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from wakeel import clock, config
from wakeel.domain.meetings import MeetingState
from wakeel.domain.words import Text
from wakeel.flows import arrange_meeting, calendar_file
from wakeel.flows.calendar_file import Use
from wakeel.flows.meeting_sides import on_both_clocks
from wakeel.flows.preview_draft import previews
from wakeel.flows.reply import Reply
from wakeel.store.screens import meetings as screens
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.seats import deciding, language, one_time_key, operator_of, seated, show, tell

COMING, OVER = Text("القادمة", "To come"), Text("ما مضى أو أُلغي", "Over or called off")
LONGEST_FIELD = 2_500
"""Letters of a form field: eight addresses of the longest kind."""


@require_safe
@seated
def meetings(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Those to come, the next first; then what is over or was called off, the newest first."""
    lines, now = screens.listed(seat.business_id), clock.now()
    to_come = [line for line in lines if not line.is_over(now=now) and line.state != MeetingState.CANCELLED]
    parts = [
        (COMING, sorted(to_come, key=lambda line: line.holds_at)),
        (OVER, [line for line in lines if line not in to_come]),
    ]
    return show(
        request, seat, "meetings.html", nav="meetings", parts=[part for part in parts if part[1]],
        has_calendar=bool(config.get().caldav_url),
    )  # fmt: skip


@require_safe
@seated
def meeting(request: HttpRequest, seat: Seat, meeting_id: str) -> HttpResponse:
    """One meeting: its times in both calendars, its invitation, where it stands."""
    page = screens.read(seat.business_id, meeting_id)
    if page is None:
        raise Http404
    settings = config.get()
    seen = previews([page.draft_id], now=clock.now()) if page.waits else {}
    times = [page.line.holds_at] if page.line.is_agreed else page.slots
    zone = seat.time_zone or settings.time_zone
    clocks = on_both_clocks(page.line.contact_id, times, language=language(request), zone=zone)
    return show(
        request, seat, "meeting.html", nav="meetings", page=page, line=page.line, seen=seen.get(page.draft_id),
        has_calendar=bool(settings.caldav_url), has_mail=bool(settings.smtp_host), clocks=clocks,
        is_over=page.line.is_over(now=clock.now()),
        owner=whose.others(seat, [page.line.opportunity_id]).get(page.line.opportunity_id, ""),
    )  # fmt: skip


@require_safe
@seated
def calendar(request: HttpRequest, seat: Seat, meeting_id: str) -> HttpResponse:
    """Its calendar file, for one of us."""
    found = calendar_file.meeting_of(seat.business_id, meeting_id)
    if found is None:
        raise Http404
    return _calendar_file(calendar_file.file_of(found, use=Use.PUBLISH, now=clock.now()))


@deciding
def act(request: HttpRequest, seat: Seat, meeting_id: str, verb: str) -> HttpResponse:
    """edit, cancel, calendar, mail, people or place."""
    opportunity_id = screens.opportunity_of(seat.business_id, meeting_id)
    if opportunity_id is None:
        raise Http404
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    given = request.POST.get("value", "")[:LONGEST_FIELD]
    reply = _ACTS[verb](operator_of(seat), meeting_id, given, one_time_key(request), clock.now())
    tell(request, reply)
    return redirect("desk:meeting", meeting_id)


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file, without a login: the address is signed and is given to the contact alone."""
    found = calendar_file.meeting_behind(token)
    if found is None:
        raise Http404
    return _calendar_file(calendar_file.file_of(found, use=Use.PUBLISH, now=clock.now()))


def _calendar_file(written: bytes) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"', "Cache-Control": "private, no-store"}
    return HttpResponse(written, content_type="text/calendar; charset=utf-8", headers=headers)


def _decide(action: str) -> Callable[[str, str, str, str, datetime], Reply]:
    def run(operator_id: str, meeting_id: str, _: str, key: str, now: datetime) -> Reply:
        return arrange_meeting.decide_on_page(operator_id, meeting_id, action, tap_key=key, now=now)

    return run


def _calendar(operator_id: str, meeting_id: str, _: str, key: str, now: datetime) -> Reply:
    return arrange_meeting.write_again(operator_id, meeting_id, tap_key=key, now=now)


def _mail(operator_id: str, meeting_id: str, _: str, key: str, now: datetime) -> Reply:
    return arrange_meeting.mail_again(operator_id, meeting_id, tap_key=key, now=now)


def _people(operator_id: str, meeting_id: str, given: str, key: str, now: datetime) -> Reply:
    return arrange_meeting.set_attendees(operator_id, meeting_id, given, tap_key=key, now=now)


def _place(operator_id: str, meeting_id: str, given: str, key: str, now: datetime) -> Reply:
    return arrange_meeting.set_place(operator_id, meeting_id, given, tap_key=key, now=now)


_ACTS: Mapping[str, Callable[[str, str, str, str, datetime], Reply]] = {
    "edit": _decide("edit"),
    "cancel": _decide("cancel"),
    "calendar": _calendar,
    "mail": _mail,
    "people": _people,
    "place": _place,
}
VERBS = tuple(_ACTS)
