"""One person: what is known, whether they may be written to, correcting a number."""

from collections.abc import Iterable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.domain.reasons import ReasonCode
from wakeel.flows import policies
from wakeel.flows.confirm_identity import confirm_identity
from wakeel.flows.correct_number import correct_number
from wakeel.flows.may_contact import may_contact
from wakeel.flows.verdict_line import Line
from wakeel.store.screens import contact as contacts
from wakeel.store.screens import conversation, stops
from wakeel.store.screens.seat import Seat
from wakeel.web.forms import NumberForm
from wakeel.web.seats import deciding, language, operator_of, seated, show, tell, user_of
from wakeel.web.steps import Subject, chat_link, draw


@require_safe
@seated
def contact(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Whether they may be written to, how to reach them, their consents and the ledger."""
    page = contact_page(seat, contact_id)
    lines = may_contact(contact_id, now=clock.now()) if page.erased_at is None and seat.our_phone else ()
    subject = Subject(contact_id=contact_id)
    drawn = [(line, draw(line.steps, subject, our_phone=seat.our_phone)) for line in lines]
    return show(
        request, seat, "contact.html", nav="", page=page, lines=drawn, chat_link=chat_link(seat.our_phone),
        is_staff=user_of(request).is_staff, stops=stops.read(seat.business_id, contact_id),
        unreachable=_says(lines, ReasonCode.RECIPIENT_UNREACHABLE),
        conversation=conversation.read(seat.business_id, contact_id, now=clock.now()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or close the old alias and open the new one."""
    return _correct(request, contact_id) if request.method == "POST" else _ask_number(request, contact_id)


@deciding
def identity(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """The operator made sure who has the number."""
    contact_page(seat, contact_id)
    reply = confirm_identity(operator_of(seat), contact_id, now=clock.now())
    tell(request, reply)
    return redirect("desk:contact", contact_id)


@seated
def _ask_number(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _number_page(request, seat, contact_id, NumberForm())


@deciding
def _correct(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    contact_page(seat, contact_id)
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
    page = contacts.read(
        seat.business_id, contact_id, viewer=seat.operator_id, now=clock.now(), policy=policies.current()
    )
    if page is None:
        raise Http404
    return page
