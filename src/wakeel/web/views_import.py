"""A file comes in by three steps: upload, look at what it would do, import the good rows or put it away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.domain.words import Text
from wakeel.flows import pending_import
from wakeel.flows.pending_import import KIND_WORDS, MOST_ROWS_HERE, ImportKind, Waiting
from wakeel.flows.table_lines import MAX_BYTES
from wakeel.flows.table_report import Report, faults_as_csv
from wakeel.store.screens.seat import Seat
from wakeel.web.forms_consent import ImportForm
from wakeel.web.seats import deciding, language, operator_of, seated, show, user_id

SHOWN_FAULTS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep a file for its preview."""
    return _upload(request) if request.method == "POST" else _ask(request)


@require_safe
@seated
def preview(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """What importing the file would do; nothing is written."""
    waiting = _waiting(request, seat, import_id)
    faults = waiting.preview.report.faults
    return show(
        request, seat, "import_preview.html", nav="import", waiting=waiting, report=waiting.preview.report,
        kind=KIND_WORDS[waiting.kind], faults=faults[:SHOWN_FAULTS], hidden=max(0, len(faults) - SHOWN_FAULTS),
    )  # fmt: skip


@require_safe
@seated
def faults(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """Every fault as a CSV file, for whoever mends the table."""
    found = _waiting(request, seat, import_id).preview.report.faults
    headers = {"Content-Disposition": 'attachment; filename="faults.csv"'}
    return HttpResponse(
        faults_as_csv(found, language(request)), content_type="text/csv; charset=utf-8", headers=headers
    )


@deciding
def take(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """Import the good rows."""
    report = pending_import.take(
        seat.business_id, user_id(request), import_id, by=operator_of(seat), now=clock.now(), real_now=clock.real_now()
    )
    if report is None:
        messages.warning(request, _("This file is not here any more. Upload it again."))
    else:
        (messages.warning if report.faults else messages.success)(request, _told(report))
    return redirect("desk:import")


@deciding
def cancel(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """Put the file away."""
    pending_import.cancel(seat.business_id, user_id(request), import_id, real_now=clock.real_now())
    messages.success(request, _("The file was put away; nothing was imported."))
    return redirect("desk:import")


@seated
def _ask(request: HttpRequest, seat: Seat) -> HttpResponse:
    return _page(request, seat, _form(request))


@deciding
def _upload(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = _form(request)
    if _is_too_large(request):
        form.add_error("file", pending_import.TOO_LARGE.say(language(request)))
    elif form.is_valid():
        file = form.cleaned_data["file"]
        kept = pending_import.upload(
            seat.business_id, user_id(request), ImportKind(form.cleaned_data["kind"]), name=file.name,
            data=file.read(), real_now=clock.real_now(),
        )  # fmt: skip
        if not isinstance(kept, Text):
            return redirect("desk:import_preview", kept)
        form.add_error("file", kept.say(language(request)))
    return _page(request, seat, form, status=422)


def _form(request: HttpRequest) -> ImportForm:
    kinds = [(kind.value, words.say(language(request))) for kind, words in KIND_WORDS.items()]
    return ImportForm(request.POST, request.FILES, kinds=kinds) if request.method == "POST" else ImportForm(kinds=kinds)


def _is_too_large(request: HttpRequest) -> bool:
    """A body over the limit was not kept (settings): the form would say that no file was chosen."""
    return "file" not in request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES


def _page(request: HttpRequest, seat: Seat, form: ImportForm, *, status: int = 200) -> HttpResponse:
    return show(request, seat, "import.html", status=status, nav="import", form=form, most_rows=MOST_ROWS_HERE)


def _waiting(request: HttpRequest, seat: Seat, import_id: str) -> Waiting:
    found = pending_import.look(
        seat.business_id, user_id(request), import_id, now=clock.now(), real_now=clock.real_now()
    )
    if found is None:
        raise Http404
    return found


def _told(report: Report) -> str:
    """What an import did, in one sentence of counts."""
    parts = [
        (report.imported, ngettext("%(n)d row imported", "%(n)d rows imported", report.imported)),
        (report.updated, ngettext("%(n)d row updated", "%(n)d rows updated", report.updated)),
        (report.withdrawn, ngettext("%(n)d stop recorded", "%(n)d stops recorded", report.withdrawn)),
        (report.unchanged, ngettext("%(n)d row known already", "%(n)d rows known already", report.unchanged)),
        (report.refused_lines, ngettext("%(n)d row refused", "%(n)d rows refused", report.refused_lines)),
    ]
    said = [words % {"n": number} for number, words in parts if number]
    return " · ".join(said) if said else _("Nothing was imported.")
