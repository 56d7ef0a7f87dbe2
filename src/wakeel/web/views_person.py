"""What an operator knows about one person: each act has a page with one form, carried out by one flow."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import available_timezones

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.domain.audit import login
from wakeel.domain.media import EXTENSIONS
from wakeel.domain.suppression import SuppressionCause
from wakeel.domain.text import mask_phone
from wakeel.flows.may_contact import find
from wakeel.flows.merge_contacts import Merging, Side, look_at_merge, merge_contacts, unmerge_contact
from wakeel.flows.new_owner import new_owner
from wakeel.flows.pause_contact import pause_contact
from wakeel.flows.phone_numbers import BadNumber
from wakeel.flows.reachable_again import reachable_again
from wakeel.flows.reply import Reply
from wakeel.flows.set_time_zone import set_time_zone
from wakeel.flows.suppress_contact import lift_suppression, suppress_contact
from wakeel.store.screens import consents
from wakeel.store.screens.contact import ContactPage
from wakeel.store.screens.seat import Seat
from wakeel.web import guessing, whose
from wakeel.web.forms_person import NoteForm, OtherRecordForm, PauseForm, SuppressForm, SureForm, ZoneForm
from wakeel.web.seats import deciding, language, operator_of, seated, show, tell, user_id
from wakeel.web.views_contact import contact_page

Done = tuple[Reply, str]
"""What was answered, and whose page shows what became of it."""
Run = Callable[[str, str, Form, datetime], Done]
LIFT = "lift"
"""The one act that is an administrator's, who needs no phone for it."""
PROTECTS = frozenset({"stop", "pause"})
"""Acts that only keep messages from a person: of a colleague's person too, whoever hears it says it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing an operator can say. run: None for LIFT, which is said by others. field: where a refusal is shown."""

    title: str | Promise
    hint: str | Promise
    button: str | Promise
    form: type[Form]
    run: Run | None = None
    field: str | None = None


def _suppress(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    given = form.cleaned_data
    cause = SuppressionCause(given["cause"])
    return suppress_contact(operator_id, contact_id, cause=cause, note=given["note"], now=now), contact_id


def _pause(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    return pause_contact(operator_id, contact_id, until=form.cleaned_data["until"], now=now), contact_id


def _resume(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    return pause_contact(operator_id, contact_id, until=None, now=now), contact_id


def _zone(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    return set_time_zone(operator_id, contact_id, form.cleaned_data["time_zone"], now=now), contact_id


def _reachable(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    return reachable_again(operator_id, contact_id, now=now), contact_id


def _new_owner(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    reply, owner_id = new_owner(operator_id, contact_id, now=now)
    return reply, owner_id or contact_id


def _unmerge(operator_id: str, contact_id: str, form: Form, now: datetime) -> Done:
    return unmerge_contact(operator_id, contact_id, now=now), contact_id


ACTS: dict[str, Act] = {
    "stop": Act(
        _("Never write to this person"),
        _("Nothing is sent from now on, not even an answer, by whichever number; what waits is taken back at once."),
        _("Never write to them"),
        SuppressForm,
        _suppress,
    ),
    "lift": Act(
        _("Let this person be written to again"),
        _("Consent and every other check stay as they are."),
        _("Let them be written to"),
        NoteForm,
    ),
    "pause": Act(
        _("Asked not to be disturbed"),
        _("Messages wait until then and leave by themselves afterwards."),
        _("Wait until then"),
        PauseForm,
        _pause,
        field="until",
    ),
    "resume": Act(
        _("End the pause"),
        _("What waits is decided again now."),
        _("End the pause"),
        Form,
        _resume,
    ),
    "zone": Act(
        _("Their time zone"),
        _("The allowed hours are counted by it."),
        _("Keep this time zone"),
        ZoneForm,
        _zone,
        field="time_zone",
    ),
    "reachable": Act(
        _("Messages reach them again"),
        _("The last message did not arrive. Say so only if you know that the next one will."),
        _("Messages reach them again"),
        SureForm,
        _reachable,
    ),
    "new-owner": Act(
        _("A new person has this number"),
        _(
            "The number becomes a new person's. No consent and no stop from before is theirs, and they are not written "
            "to before they write. What was approved for the former owner does not leave."
        ),
        _("It is somebody else's now"),
        SureForm,
        _new_owner,
    ),
    "unmerge": Act(
        _("Take the records apart"),
        _("Each becomes a person of its own again, with everything it had. Nothing is lost."),
        _("Take them apart"),
        SureForm,
        _unmerge,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, contact_id: str, name: str) -> HttpResponse:
    """Show one act's form, or carry it out."""
    if request.method != "POST":
        return _ask(request, contact_id, name)
    return _lift(request, contact_id) if name == LIFT else _carry_out(request, contact_id, name)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Ask for the other record, tell what merging would do, then do it.

    The first step is a POST too, although it changes nothing: a number never stands in an address.
    """
    return _merge(request, contact_id) if "joined" in request.POST else _ask_merge(request, contact_id)


@require_safe
@seated
def evidence(request: HttpRequest, seat: Seat, contact_id: str, file_id: str) -> HttpResponse:
    """One evidence file, to be saved; never shown inside a page of ours."""
    contact_page(seat, contact_id)
    found = consents.evidence_file(contact_id, file_id)
    if found is None:
        raise Http404
    kind = "text/plain; charset=utf-8" if found.media_type == "text/plain" else found.media_type
    response = HttpResponse(found.data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file_id}.{EXTENSIONS.get(found.media_type, "bin")}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@seated
def _ask(request: HttpRequest, seat: Seat, contact_id: str, name: str) -> HttpResponse:
    page, asked = contact_page(seat, contact_id), ACTS[name]
    return _act_page(request, seat, page, name, asked.form())


@deciding
def _carry_out(request: HttpRequest, seat: Seat, contact_id: str, name: str) -> HttpResponse:
    run, operator_id = ACTS[name].run, operator_of(seat)
    if run is None:
        raise Http404
    contact_page(seat, contact_id)
    if name not in PROTECTS and (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others
    return _done(request, seat, contact_id, name, run=lambda form, now: run(operator_id, contact_id, form, now))


@seated
def _lift(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    by = login(user_id(request))

    def run(form: Form, now: datetime) -> Done:
        note = form.cleaned_data["note"]
        return lift_suppression(seat.business_id, contact_id, note=note, by=by, now=now), contact_id

    return _done(request, seat, contact_id, LIFT, run=run)


def _done(
    request: HttpRequest, seat: Seat, contact_id: str, name: str, *, run: Callable[[Form, datetime], Done]
) -> HttpResponse:
    page, asked = contact_page(seat, contact_id), ACTS[name]
    form = asked.form(request.POST)
    if form.is_valid():
        reply, shown_id = run(form, clock.now())
        if reply.carried_out:
            messages.success(request, reply.say(language(request)))
            return redirect("desk:contact", shown_id)
        form.add_error(asked.field, reply.say(language(request)))
    return _act_page(request, seat, page, name, form, status=422)


def _act_page(
    request: HttpRequest, seat: Seat, page: ContactPage, name: str, form: Form, *, status: int = 200
) -> HttpResponse:
    zones = sorted(zone for zone in available_timezones() if "/" in zone) if name == "zone" else ()
    return show(
        request, seat, "contact_act.html", status=status, nav="", page=page, act=ACTS[name], form=form, zones=zones
    )


@seated
def _ask_merge(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    page = contact_page(seat, contact_id)
    form = OtherRecordForm(request.POST) if request.method == "POST" else OtherRecordForm()
    if form.is_bound and form.is_valid() and guessing.is_too_much(request, seat):
        form.add_error("other", guessing.SLOWED)
    merging = _looked_at(seat, contact_id, form) if form.is_bound and form.is_valid() else None
    status = 422 if form.is_bound and merging is None else 200
    sides = [_shown(side) for side in (merging.kept, merging.joined)] if merging else []
    return show(request, seat, "merge.html", status=status, nav="", page=page, form=form, merging=merging, sides=sides)


@deciding
def _merge(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    contact_page(seat, contact_id)
    joined_id = request.POST.get("joined", "")
    for one in (contact_id, joined_id):
        if (others := whose.person_refused(request, seat, one)) is not None:
            return others
    reply = merge_contacts(operator_of(seat), contact_id, joined_id, now=clock.now())
    tell(request, reply)
    return redirect("desk:contact", contact_id)


def _shown(side: Side) -> Side:
    return replace(side, phones=tuple(mask_phone(phone) for phone in side.phones))


def _looked_at(seat: Seat, contact_id: str, form: OtherRecordForm) -> Merging | None:
    try:
        other_id = find(seat.business_id, form.cleaned_data["other"])
    except BadNumber:
        other_id = None
    found = look_at_merge(seat.business_id, contact_id, other_id, now=clock.now()) if other_id else None
    if found is None:
        form.add_error("other", _("Nobody else is known by this number here, or the two are one person already."))
    return found
