"""An opportunity by hand, as a page."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wakeel import clock
from wakeel.flows.new_opportunity import NewOpportunity, make
from wakeel.store.screens.contact import ContactPage
from wakeel.store.screens.seat import Seat
from wakeel.web import guessing
from wakeel.web.forms_new import NewOpportunityForm, OpportunityWithForm
from wakeel.web.seats import deciding, language, one_time_key, operator_of, seated, show, tell
from wakeel.web.views_contact import contact_page


@require_http_methods(["GET", "HEAD", "POST"])
def new_opportunity(request: HttpRequest) -> HttpResponse:
    """Show the form, or record what it holds; a fault stands beside its field."""
    return _make(request) if request.method == "POST" else _ask(request)


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_with(request: HttpRequest, contact_id: str) -> HttpResponse:
    """The same about somebody who is known."""
    return _make_with(request, contact_id) if request.method == "POST" else _ask_with(request, contact_id)


@seated
def _ask(request: HttpRequest, seat: Seat) -> HttpResponse:
    return _page(request, seat, NewOpportunityForm())


@deciding
def _make(request: HttpRequest, seat: Seat) -> HttpResponse:
    return _made(request, seat, NewOpportunityForm(request.POST))


@seated
def _ask_with(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _page(request, seat, OpportunityWithForm(), contact_page(seat, contact_id))


@deciding
def _make_with(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _made(request, seat, OpportunityWithForm(request.POST), contact_page(seat, contact_id))


def _made(request: HttpRequest, seat: Seat, form: Form, person: ContactPage | None = None) -> HttpResponse:
    key = one_time_key(request)
    if person is None and form.is_valid() and guessing.is_too_much(request, seat):
        # Whether a name is asked for would tell whether somebody is known by the number.
        form.add_error("phone", guessing.SLOWED)
    if form.is_valid():
        asked = NewOpportunity(**{"phone": "", **form.cleaned_data}, contact_id=person.person.id if person else "")
        made = make(operator_of(seat), asked, tap_key=key, via="screen", now=clock.now())
        if made.opportunity_id is not None:
            tell(request, made.reply)
            return redirect("desk:item", made.opportunity_id)
        for name, why in made.faults.items():
            form.add_error(name, why.say(language(request)))
        if not made.faults:
            messages.warning(request, made.reply.say(language(request)))
    return _page(request, seat, form, person, status=422)


def _page(
    request: HttpRequest, seat: Seat, form: Form, person: ContactPage | None = None, *, status: int = 200
) -> HttpResponse:
    nav = "contacts" if person else "queue"
    return show(request, seat, "new.html", status=status, nav=nav, form=form, page=person)
