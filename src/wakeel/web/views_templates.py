"""Our own message templates: their versions and states, a next version, a wish to submit it. Administrators write."""

from collections.abc import Collection

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wakeel import clock
from wakeel.domain.words import Language, Text
from wakeel.flows import ask_listing, make_template
from wakeel.flows.make_template import Asked, Made
from wakeel.flows.ready_templates import ready
from wakeel.flows.starter_templates import OPERATOR_BRIEF
from wakeel.flows.template_use import set_use
from wakeel.store.screens import templates as screen
from wakeel.store.screens.seat import Seat
from wakeel.store.screens.templates import TemplateFailure
from wakeel.web.forms_templates import NewTemplateForm, WordingForm, initial_of, rows_for
from wakeel.web.seats import language, seated, show, user_id, user_of
from wakeel.whatsapp import errors

METHODS = ["GET", "HEAD", "POST"]
LONGEST_ID = 18
"""Digits of a row's number that the database can hold."""


@require_safe
@seated
def templates(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All of them, and what ships and is not taken yet."""
    lacks_brief = not any(ready(seat.business_id, OPERATOR_BRIEF, language=each) for each in Language)
    groups = screen.read(seat.business_id)
    return show(
        request, seat, "templates.html", nav="templates", groups=groups, lacks_brief=lacks_brief,
        brief_is_here=any(group.name == OPERATOR_BRIEF for group in groups),
        starters=make_template.missing_starters(seat.business_id), elsewhere=screen.elsewhere(seat.business_id),
    )  # fmt: skip


@require_http_methods(METHODS)
@seated
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The first version of a template."""
    form = NewTemplateForm(request.POST) if request.method == "POST" else NewTemplateForm()
    if form.is_bound and form.is_valid():
        name, code = form.cleaned_data["name"], form.cleaned_data["language"]
        made = _made(request, seat, form, name=name, code=code)
        if made is not None:
            return redirect("desk:template", name=made.name, code=made.language)
    return show(
        request, seat, "template_new.html", status=422 if form.errors else 200, nav="templates", form=form
    )  # fmt: skip


@require_http_methods(METHODS)
@seated
def template(request: HttpRequest, seat: Seat, name: str, code: str) -> HttpResponse:
    """One template in one language; POST: its next version."""
    group = screen.one(seat.business_id, name, code)
    if group is None:
        return _elsewhere(request, seat, name, code)
    is_posted = request.method == "POST"
    rows = rows_for(group.newest.wording)
    form = WordingForm(request.POST if is_posted else None, initial=initial_of(group.newest.wording), rows=rows)
    if is_posted and form.is_valid() and _made(request, seat, form, name=name, code=code) is not None:
        return redirect("desk:template", name=name, code=code)
    status = 422 if form.errors else 200
    names = [version.meta_name for version in group.versions]
    return show(
        request, seat, "template.html", status=status, nav="templates", group=group, form=form,
        failures=_failures(seat, names, code), name=name, code=code, is_out=group.is_out, is_usable=bool(group.in_use),
    )  # fmt: skip


def _elsewhere(request: HttpRequest, seat: Seat, name: str, code: str) -> HttpResponse:
    """One that was not written here: nothing to change, but to see and to offer or not."""
    line = screen.one_elsewhere(seat.business_id, name, code)
    if line is None or request.method == "POST":
        raise Http404
    return show(
        request, seat, "template_elsewhere.html", nav="templates", line=line, failures=_failures(seat, [name], code),
        name=name, code=code, is_out=line.is_out, is_usable=line.at_meta.is_usable,
    )  # fmt: skip


def _failures(seat: Seat, names: Collection[str], code: str) -> list[tuple[TemplateFailure, Text]]:
    """The newest few, each with its reason."""
    found = screen.last_failures(seat.business_id, names, code)
    return [(one, errors.reason(one.failure_code, details=one.failure_details)) for one in found]


@require_POST
@seated
def use(request: HttpRequest, seat: Seat, name: str, code: str) -> HttpResponse:
    """Offer it at the desk, or no longer."""
    in_use = request.POST.get("use") == "on"
    changed = set_use(
        seat.business_id, name, code, in_use=in_use, user_id=user_of(request).pk,
        username=user_of(request).get_username(), now=clock.now(),
    )  # fmt: skip
    if changed is None:
        raise Http404
    messages.success(request, _("It is offered from now on.") if in_use else _("It is not offered any more."))
    return redirect("desk:template", name=name, code=code)


@require_POST
@seated
def pull(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The worker reads what WhatsApp lists within seconds."""
    ask_listing.ask_for_listing(seat.business_id, user_id=user_of(request).pk, now=clock.now())
    messages.success(request, _("It is read from WhatsApp within seconds; open the page again then."))
    return redirect("desk:templates")


@require_POST
@seated
def submit(request: HttpRequest, seat: Seat, version_id: str) -> HttpResponse:
    """The worker submits this version within seconds."""
    if not (version_id.isascii() and version_id.isdecimal() and len(version_id) <= LONGEST_ID):
        raise Http404
    match make_template.ask_for_submission(
        seat.business_id, int(version_id), by=str(user_id(request)), now=clock.now()
    ):
        case Asked.ASKED:
            messages.success(request, _("It goes to WhatsApp for review now; its state appears here."))
        case Asked.SUPERSEDED:
            messages.warning(request, _("There is a newer version. Nothing was submitted."))
        case Asked.SUBMITTED_BEFORE:
            messages.warning(request, _("WhatsApp has it already. Nothing changed."))
        case Asked.GONE:
            raise Http404
    return redirect("desk:templates")


@require_POST
@seated
def take_starters(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write the templates that ship as first versions; nothing is submitted by it."""
    made = make_template.take_starters(seat.business_id, now=clock.now())
    words = ngettext("%(number)s version was written.", "%(number)s versions were written.", len(made))
    messages.success(request, words % {"number": len(made)})
    return redirect("desk:templates")


def _made(request: HttpRequest, seat: Seat, form: WordingForm, *, name: str, code: str) -> Made | None:
    """None if it breaks a rule: then the form says which."""
    made = make_template.make_version(
        seat.business_id, form.wording(name=name, language=code), author=user_of(request).get_username(),
        now=clock.now(),
    )  # fmt: skip
    if isinstance(made, Made):
        messages.success(request, _("Version %(version)s is written. Submit it next.") % {"version": made.version})
        return made
    form.show(made, language=language(request))
    return None
