"""The audit log: who did what, from where, and whether it still is what was written."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from wakeel import clock
from wakeel.domain.audit_words import ACTION_WORDS, NAME_WORDS, PLACE_WORDS, VALUE_WORDS, VALUES_OF
from wakeel.domain.roles import Act
from wakeel.domain.words import Text
from wakeel.flows.audit_file import audit_file
from wakeel.flows.check_audit import check_newest
from wakeel.flows.reply import state_words
from wakeel.store.screens import audit as log
from wakeel.store.screens.audit import Filter, Line, Person, Scope
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import language, seated, show, user_id

_FIELDS = ("who", "action", "subject", "since", "until")
_LONGEST = 160


@seated
def audit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The newest first; everybody their own, who may see everything all of it."""
    everybody = log.people(seat.business_id)
    given = _given(request.GET)
    before = request.GET.get("before", "")
    lines, more = log.read(
        seat.business_id, _filter(given), scope=_scope(seat, user_id(request), everybody), everybody=everybody,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004
    )  # fmt: skip
    return show(
        request, seat, "audit.html", nav="audit", lines=[(line, _drawn(line)) for line in lines], given=given,
        people=everybody if seat.may(Act.SEE_ALL) else (), checked=log.checked(seat.business_id),
        actions=[(word, ACTION_WORDS.get(word, word)) for word in log.actions(seat.business_id)],
        more=urlencode({**given, "before": more}) if more is not None else "",
    )  # fmt: skip


@seated
def check(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Walk along the newest part of the chain now."""
    report = check_newest(seat.business_id, by=str(user_id(request)), now=clock.now())
    spoken = language(request)
    if report.total:
        worst = "\n".join(finding.in_words(spoken) for finding in report.findings[:5])
        messages.error(request, f"{report.summary.say(spoken)}\n{worst}")
    else:
        messages.success(request, _("Checked: the newest %(n)d entries are what was written.") % {"n": report.entries})
    return redirect("desk:audit")


@seated
def export(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the filter shows, as CSV; the newest if it is more than a file holds."""
    everybody, given = log.people(seat.business_id), _given(request.POST)
    lines, _more = log.read(
        seat.business_id, _filter(given), scope=_scope(seat, user_id(request), everybody), everybody=everybody,
        most=log.MOST_EXPORTED,
    )  # fmt: skip
    data = audit_file(
        seat.business_id, lines, wanted=given, language=language(request), by=str(user_id(request)), now=clock.now()
    )
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


def _scope(seat: Seat, viewer: int, everybody: tuple[Person, ...]) -> Scope:
    if seat.may(Act.EXPORT_AUDIT):
        return Scope()
    if seat.may(Act.SEE_ALL):
        return log.of_team(seat.business_id, everybody)
    return log.own(everybody, viewer, operator_id=seat.operator_id)


def _given(sent: QueryDict) -> dict[str, str]:
    """The filter as it was sent, without what says nothing."""
    named = {name: sent.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    return {name: value for name, value in named.items() if value}


def _filter(given: dict[str, str]) -> Filter:
    """Days are whole days of the zone of the page; the last one is included. What is no day filters nothing."""
    until = _midnight(given.get("until", ""))
    return Filter(
        who=given.get("who", ""),
        action=given.get("action", ""),
        subject=given.get("subject", ""),
        since=_midnight(given.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(day: str) -> datetime | None:
    try:
        found = parse_date(day)
    except ValueError:
        found = None
    return timezone.make_aware(datetime.combine(found, time.min)) if found else None


def _drawn(line: Line) -> dict[str, object]:
    """The words of a line."""
    return {
        "action": ACTION_WORDS.get(line.action, line.action),
        "place": PLACE_WORDS.get(line.place, line.place),
        "before": _side(line.before),
        "after": _side(line.after),
    }


def _side(values: Mapping[str, object]) -> list[tuple[Text | str, Text | str]]:
    """Without the code of the answer: state and `carried_out` say what became of it. The file has it."""
    return [(NAME_WORDS.get(name, name), _word(name, value)) for name, value in values.items() if name != "answer"]


def _word(name: str, value: object) -> Text | str:
    """In words where there are any; ids, numbers and what somebody wrote stand as they were written."""
    match value:
        case bool():
            return _YES if value else _NO
        case None | "" | [] | {}:
            return "—"
        case list():
            return Text.joined(_said(name, one) for one in value)
        case dict():
            each = [(_said(name, key), one) for key, one in value.items()]
            return Text.joined(Text.literal(f"{key.ar}: {one}", f"{key.en}: {one}") for key, one in each)
        case _:
            known = _known(name, str(value))
            return str(value) if known is None else known


def _said(name: str, value: object) -> Text:
    return _known(name, str(value)) or Text.literal(str(value), str(value))


def _known(name: str, value: str) -> Text | None:
    """The words of one value; None if it has none."""
    found = VALUES_OF.get(name, {}).get(value) or VALUE_WORDS.get(value)
    return state_words(value) if found is None and name == "state" else found


_YES, _NO = Text("نعم", "yes"), Text("لا", "no")
