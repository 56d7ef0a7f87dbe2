"""Requests of people about their data: the list with its clock, one request, and what is done about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wakeel import clock
from wakeel.flows import rights_requests as flow
from wakeel.flows.correct_name import annotate_entry, correct_name
from wakeel.flows.rights_requests import Answer, RefusedRequest
from wakeel.flows.withdraw_on_request import withdraw_on_request
from wakeel.store.screens import contact as contacts
from wakeel.store.screens import rights as requests
from wakeel.store.screens.seat import Seat
from wakeel.web.forms_rights import NameForm, NoteForm, RequestForm, TextForm
from wakeel.web.seats import language, seated, show, user_id, user_of
from wakeel.web.sight import sight_of

STEPS = ("identity", "extend", "hold", "release", "restrict", "withdraw", "done", "refuse", "note")


@require_safe
@seated
def rights(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every open request, the most urgent first, and the last closed ones."""
    return show(request, seat, "rights.html", nav="rights", requests=requests.listed(seat.business_id, now=clock.now()))


@require_safe
@seated
def right(request: HttpRequest, seat: Seat, request_id: str) -> HttpResponse:
    return _page(request, seat, request_id)


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def ask(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Record a request that came in, whatever way it came."""
    person = _person(seat, contact_id)
    form = RequestForm(request.POST) if request.method == "POST" else RequestForm()
    if form.is_bound and form.is_valid():
        answer = flow.open_request(
            seat.business_id, contact_id, right=form.cleaned_data["right"], came_by=form.cleaned_data["came_by"],
            words=form.cleaned_data["words"], received_at=form.received, by=str(user_id(request)), now=clock.now(),
        )  # fmt: skip
        if not isinstance(answer, RefusedRequest):
            messages.success(request, _("The request is recorded and its 30 days run."))
            return redirect("desk:right", answer.request_id)
        form.add_error(answer.field or None, answer.reason.say(language(request)))
    status = 422 if form.errors else 200
    return show(request, seat, "right_new.html", status=status, nav="rights", page=person, form=form)


@require_POST
@seated
def step(request: HttpRequest, seat: Seat, request_id: str, step: str) -> HttpResponse:
    """One act on an open request; what does not fit its state changes nothing and says why."""
    page = requests.read(seat.business_id, request_id, sight=sight_of(seat), now=clock.now())
    if page is None:
        raise Http404
    if step == "note":
        return _note(request, seat, page)
    form = TextForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    user = user_of(request)
    answer = _carry_out(seat, page, step, text=text, by=str(user.pk), name=user.get_full_name() or user.get_username())
    if isinstance(answer, RefusedRequest):
        messages.warning(request, answer.reason.say(language(request)))
        return _page(request, seat, request_id, status=422)
    messages.success(request, _("It is written down."))
    return redirect("desk:right", request_id)


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def name(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Correct a person's name or organisation."""
    page = _person(seat, contact_id)
    shown = {"name": page.person.name, "organisation": page.person.organisation}
    form = NameForm(request.POST) if request.method == "POST" else NameForm(initial=shown)
    if form.is_bound and form.is_valid():
        refused = correct_name(
            seat.business_id, contact_id, **form.cleaned_data, by=str(user_id(request)), now=clock.now()
        )
        if refused is None:
            messages.success(request, _("The name is corrected."))
            return redirect("desk:contact", contact_id)
        form.add_error("name", refused.say(language(request)))
    return show(request, seat, "name.html", status=422 if form.errors else 200, nav="", page=page, form=form)


def _carry_out(seat: Seat, page: requests.RequestPage, step: str, *, text: str, by: str, name: str) -> Answer:
    business_id, request_id, now = seat.business_id, page.line.id, clock.now()
    match step:
        case "identity":
            return flow.note_identity(business_id, request_id, how=text, by=by, name=name, now=now)
        case "extend":
            return flow.extend(business_id, request_id, reason=text, by=by, now=now)
        case "hold":
            return flow.hold(business_id, request_id, because=text, by=by, now=now)
        case "release":
            return flow.release_hold(business_id, request_id, by=by, now=now)
        case "restrict":
            return flow.restrict(business_id, request_id, by=by, now=now)
        case "withdraw":
            return withdraw_on_request(business_id, request_id, by=by, now=now)
        case _:
            return flow.close(business_id, request_id, answer=text, refused=step == "refuse", by=by, now=now)


def _note(request: HttpRequest, seat: Seat, page: requests.RequestPage) -> HttpResponse:
    form, refused = NoteForm(request.POST), None
    if form.is_valid():
        refused = annotate_entry(
            seat.business_id, page.line.contact_id, seq=form.cleaned_data["seq"], note=form.cleaned_data["note"],
            by=str(user_id(request)), now=clock.now(),
        )  # fmt: skip
    if refused is not None or not form.is_valid():
        words = refused.say(language(request)) if refused else _("Give the entry's number and the note.")
        messages.warning(request, words)
        return _page(request, seat, page.line.id, status=422)
    messages.success(request, _("The note stands beside the entry."))
    return redirect("desk:right", page.line.id)


def _page(request: HttpRequest, seat: Seat, request_id: str, *, status: int = 200) -> HttpResponse:
    page = requests.read(seat.business_id, request_id, sight=sight_of(seat), now=clock.now())
    if page is None:
        raise Http404
    return show(
        request, seat, "right.html", status=status, nav="rights", page=page, form=TextForm(), note_form=NoteForm()
    )


def _person(seat: Seat, contact_id: str) -> contacts.ContactPage:
    page = contacts.read(seat.business_id, contact_id, sight=sight_of(seat), now=clock.now())
    if page is None:
        raise Http404
    return page
