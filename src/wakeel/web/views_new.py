"""An opportunity by hand, as a page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wakeel import clock
from wakeel.flows.new_opportunity import NewOpportunity, make
from wakeel.store.screens.seat import Seat
from wakeel.web.forms_new import NewOpportunityForm
from wakeel.web.seats import deciding, language, one_time_key, operator_of, seated, show, tell


@require_http_methods(["GET", "HEAD", "POST"])
def new_opportunity(request: HttpRequest) -> HttpResponse:
    """Show the form, or record what it holds; a fault stands beside its field."""
    return _make(request) if request.method == "POST" else _ask(request)


@seated
def _ask(request: HttpRequest, seat: Seat) -> HttpResponse:
    return show(request, seat, "new.html", nav="queue", form=NewOpportunityForm())


@deciding
def _make(request: HttpRequest, seat: Seat) -> HttpResponse:
    form, key = NewOpportunityForm(request.POST), one_time_key(request)
    if form.is_valid():
        asked = NewOpportunity(**form.cleaned_data)
        made = make(operator_of(seat), asked, tap_key=key, via="screen", now=clock.now())
        if made.opportunity_id is not None:
            tell(request, made.reply)
            return redirect("desk:item", made.opportunity_id)
        for name, why in made.faults.items():
            form.add_error(name, why.say(language(request)))
        if not made.faults:
            messages.warning(request, made.reply.say(language(request)))
    return show(request, seat, "new.html", status=422, nav="queue", form=form)
