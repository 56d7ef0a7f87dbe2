"""One person: what is known, whether they may be written to, correcting a number."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.domain.reasons import Answer, ReasonCode
from wakeel.flows import policies
from wakeel.flows.answer_reply import meant
from wakeel.flows.confirm_identity import confirm_identity
from wakeel.flows.correct_number import correct_number
from wakeel.flows.may_contact import is_only_closed, may_contact
from wakeel.flows.verdict_line import Line
from wakeel.store.screens import contact as contacts
from wakeel.store.screens import contact_timeline, conversation, stops
from wakeel.store.screens.contact_timeline import Part
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.forms import NumberForm
from wakeel.web.seats import deciding, language, operator_of, seated, show, tell
from wakeel.web.sight import sight_of
from wakeel.web.steps import Subject, chat_link, draw

_GOES = frozenset({Answer.ALLOW, Answer.SIMULATE, Answer.DEFER})


@require_safe
@seated
def contact(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Whether they may be written to, how to reach them, their consents and the ledger."""
    page, now = contact_page(seat, contact_id), clock.now()
    part, before = _part(request), _moment(request.GET.get("before", ""))
    lines = may_contact(contact_id, now=now) if page.erased_at is None and seat.our_phone else ()
    keeper = whose.keeper(seat, contact_id, page.records)
    subject = Subject(contact_id="" if keeper else contact_id)
    drawn = [(line, draw(line.steps, subject, our_phone=seat.our_phone, may=seat.may)) for line in lines]
    return show(
        request, seat, "contact.html", nav="contacts", page=page, lines=drawn, chat_link=chat_link(seat.our_phone),
        stops=stops.read(seat.business_id, contact_id),
        unreachable=_says(lines, ReasonCode.RECIPIENT_UNREACHABLE),
        conversation=conversation.read(seat.business_id, contact_id, now=now), may_begin=_may_begin(lines),
        timeline=contact_timeline.read(seat.business_id, contact_id, part=part, before=before), before=before,
        keeper=keeper, may_answer=_may_answer(seat, page.records),
        part=part, parts=[(one, words, one is part) for one, words in _PARTS.items()],
    )  # fmt: skip


_PARTS = {
    Part.ALL: _("Everything"),
    Part.MESSAGES: _("Messages"),
    Part.DECISIONS: _("Cards and decisions"),
    Part.CONSENT: _("Consent"),
}


def _part(request: HttpRequest) -> Part:
    wanted = request.GET.get("part", "")
    return Part(wanted) if wanted in set(Part) else Part.ALL


def _moment(written: str) -> datetime | None:
    """None for anything that names no moment with its zone."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _may_answer(seat: Seat, records: tuple[str, ...]) -> bool:
    """Whether something is open with them that an answer of whoever looks would belong to."""
    opportunity_id = meant(seat.operator_id, records) if seat.operator_id is not None else None
    return opportunity_id is not None and not whose.others(seat, [opportunity_id])


def _may_begin(lines: Iterable[Line]) -> bool:
    """Whether something may be sent to them now or later; of a closed window alone, a template may."""
    return any(line.verdict.answer in _GOES or is_only_closed(line.verdict) for line in lines)


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or close the old alias and open the new one."""
    return _correct(request, contact_id) if request.method == "POST" else _ask_number(request, contact_id)


@deciding
def identity(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """The operator made sure who has the number."""
    contact_page(seat, contact_id)
    if (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others
    reply = confirm_identity(operator_of(seat), contact_id, now=clock.now())
    tell(request, reply)
    return redirect("desk:contact", contact_id)


@seated
def _ask_number(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _number_page(request, seat, contact_id, NumberForm())


@deciding
def _correct(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    contact_page(seat, contact_id)
    if (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others
    form = NumberForm(request.POST)
    if form.is_valid():
        reply = correct_number(operator_of(seat), contact_id, form.cleaned_data["number"], now=clock.now())
        if reply.carried_out:
            messages.success(request, reply.say(language(request)))
            return redirect("desk:contact", contact_id)
        form.add_error("number", reply.say(language(request)))
    return _number_page(request, seat, contact_id, form, status=422)


def _number_page(request: HttpRequest, seat: Seat, contact_id: str, form: Form, *, status: int = 200) -> HttpResponse:
    return show(request, seat, "number.html", status=status, nav="", page=contact_page(seat, contact_id), form=form)


def _says(lines: Iterable[Line], code: ReasonCode) -> bool:
    return any(code in line.verdict.all_codes for line in lines)


def contact_page(seat: Seat, contact_id: str) -> contacts.ContactPage:
    """The person of this business; 404 for any other id."""
    page = contacts.read(seat.business_id, contact_id, sight=sight_of(seat), now=clock.now(), policy=policies.current())
    if page is None:
        raise Http404
    return page
