"""One person: what is known, whether they may be written to, recording a consent, correcting a number."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.flows.confirm_identity import confirm_identity
from wakeel.flows.correct_number import correct_number
from wakeel.flows.record_consent import RefusedConsent, record_by_operator
from wakeel.store.screens import contact as contacts
from wakeel.store.screens.seat import Seat
from wakeel.web.forms import ConsentForm, NumberForm
from wakeel.web.seats import deciding, language, operator_of, seated, show
from wakeel.web.steps import chat_link


@require_safe
@seated
def contact(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Aliases, window, consent and its ledger."""
    return show(
        request, seat, "contact.html", nav="", page=_page(seat, contact_id), chat_link=chat_link(seat.our_phone)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or append to the ledger."""
    return _record(request, contact_id) if request.method == "POST" else _ask_consent(request, contact_id)


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or close the old alias and open the new one."""
    return _correct(request, contact_id) if request.method == "POST" else _ask_number(request, contact_id)


@deciding
def identity(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """The operator made sure who has the number."""
    _page(seat, contact_id)
    reply = confirm_identity(operator_of(seat), contact_id, now=clock.now())
    (messages.success if reply.carried_out else messages.warning)(request, reply.say(language(request)))
    return redirect("desk:contact", contact_id)


@seated
def _ask_consent(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return show(request, seat, "consent.html", nav="", page=_page(seat, contact_id), form=ConsentForm())


@deciding
def _record(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    page, form = _page(seat, contact_id), ConsentForm(request.POST)
    if form.is_valid():
        answer = record_by_operator(
            operator_of(seat),
            contact_id,
            categories=form.cleaned_data["categories"],
            purpose=form.cleaned_data["purpose"],
            happened_at=form.cleaned_data["happened_at"],
            source=form.cleaned_data["source"],
            wording=form.cleaned_data["wording"],
            evidence=form.cleaned_data["evidence"],
            now=clock.now(),
        )
        if not isinstance(answer, RefusedConsent):
            messages.success(request, _("The consent is in the ledger. What waited for it is shown again."))
            return redirect("desk:contact", contact_id)
        field = answer.field if answer.field in form.fields else None
        form.add_error(field, answer.reason.say(language(request)))
    return show(request, seat, "consent.html", status=422, nav="", page=page, form=form)


@seated
def _ask_number(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _number_page(request, seat, contact_id, NumberForm())


@deciding
def _correct(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    _page(seat, contact_id)
    form = NumberForm(request.POST)
    if form.is_valid():
        reply = correct_number(operator_of(seat), contact_id, form.cleaned_data["number"], now=clock.now())
        if reply.carried_out:
            messages.success(request, reply.say(language(request)))
            return redirect("desk:contact", contact_id)
        form.add_error("number", reply.say(language(request)))
    return _number_page(request, seat, contact_id, form, status=422)


def _number_page(request: HttpRequest, seat: Seat, contact_id: str, form: Form, *, status: int = 200) -> HttpResponse:
    return show(request, seat, "number.html", status=status, nav="", page=_page(seat, contact_id), form=form)


def _page(seat: Seat, contact_id: str) -> contacts.ContactPage:
    page = contacts.read(seat.business_id, contact_id, viewer=seat.operator_id, now=clock.now())
    if page is None:
        raise Http404
    return page
