"""A file comes in by steps: upload, match its columns if they say nothing, look at what it would do, hand it to the
worker or put it away. Afterwards: how far it is, what came of it, and taking it back.
"""

from typing import NoReturn

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.domain.imports import KIND_WORDS, ImportKind
from wakeel.domain.words import Text
from wakeel.flows import pending_import, undo_import
from wakeel.flows.import_columns import COLUMN_WORDS, REQUIRED
from wakeel.flows.pending_import import Matching, Waiting
from wakeel.flows.table_lines import MAX_BYTES
from wakeel.flows.table_report import faults_as_csv
from wakeel.store.screens import imports as screen
from wakeel.store.screens.imports import SHOWN_FAULTS, RunLine
from wakeel.store.screens.seat import Seat
from wakeel.web.forms_consent import ImportForm
from wakeel.web.seats import deciding, language, operator_of, seated, show, user_id

CHOICE = "column-"
"""What the name of a select begins with; the place of the column in the file follows."""


@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """Show the form and the past imports, or keep a file for its preview."""
    return _upload(request) if request.method == "POST" else _ask(request)


@require_safe
@seated
def preview(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """What importing the file would do, nothing is written; after somebody said yes, how far it is and what it did."""
    run = screen.one(seat.business_id, import_id)
    if run is not None:
        return _run_page(request, seat, run)
    waiting = _waiting(request, seat, import_id)
    if waiting.needs_columns:
        return redirect("desk:import_columns", import_id)
    faults = waiting.preview.report.faults
    return show(
        request, seat, "import_preview.html", nav="import", waiting=waiting, report=waiting.preview.report,
        kind=KIND_WORDS[waiting.kind], faults=faults[:SHOWN_FAULTS], hidden=max(0, len(faults) - SHOWN_FAULTS),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, import_id: str) -> HttpResponse:
    """Which column of the file is which; the choice is remembered for files with the same headers."""
    view = _match if request.method == "POST" else _columns
    return view(request, import_id)


@require_safe
@seated
def faults(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """Every fault as a CSV file, for whoever mends the table."""
    run = screen.one(seat.business_id, import_id)
    found = screen.faults(run.id) if run else _waiting(request, seat, import_id).preview.report.faults
    headers = {"Content-Disposition": 'attachment; filename="faults.csv"'}
    return HttpResponse(
        faults_as_csv(found, language(request)), content_type="text/csv; charset=utf-8", headers=headers
    )


@deciding
def take(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """Hand the good rows to the worker."""
    taken = pending_import.take(
        seat.business_id, user_id(request), import_id, by=operator_of(seat), now=clock.now(), real_now=clock.real_now()
    )
    if taken or screen.one(seat.business_id, import_id):
        return redirect("desk:import_preview", import_id)
    messages.warning(request, _("This file is not here any more. Upload it again."))
    return redirect("desk:import")


@deciding
def cancel(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    """Put a waiting file away, or stop one that is being taken."""
    is_done = pending_import.cancel(
        seat.business_id, user_id(request), import_id, now=clock.now(), real_now=clock.real_now()
    )
    if screen.one(seat.business_id, import_id) is not None:
        return redirect("desk:import_preview", import_id)
    if is_done:
        messages.success(request, _("The file was put away; nothing was imported."))
    return redirect("desk:import")


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, import_id: str) -> HttpResponse:
    """Say what taking an import back would do, and have it done."""
    return _take_back(request, import_id) if request.method == "POST" else _ask_undo(request, import_id)


@seated
def _ask_undo(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    undoable = undo_import.look(seat.business_id, import_id)
    run = screen.one(seat.business_id, import_id)
    if run is None or not isinstance(undoable, undo_import.Undoable):
        return redirect("desk:import_preview", import_id) if run else _gone()
    return show(request, seat, "import_undo.html", nav="import", run=run, undoable=undoable)


@deciding
def _take_back(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    begun = undo_import.begin(seat.business_id, import_id, operator_id=operator_of(seat), now=clock.now())
    if not begun:
        messages.warning(request, _("Nothing was taken back: this import cannot be taken back any more."))
    return redirect("desk:import_preview", import_id)


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


@seated
def _columns(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    matching = _matching(request, seat, import_id)
    if matching.columns is None:
        return redirect("desk:import_preview", import_id)
    return _columns_page(request, seat, matching, [column.chosen for column in matching.columns])


@deciding
def _match(request: HttpRequest, seat: Seat, import_id: str) -> HttpResponse:
    matching = _matching(request, seat, import_id)
    found = matching.columns or []
    chosen = [request.POST.get(f"{CHOICE}{place}", "") for place in range(len(found))]
    wanted = {column.header: choice for column, choice in zip(found, chosen, strict=True)}
    wrong = pending_import.match_columns(seat.business_id, matching, wanted, now=clock.now())
    if wrong:
        return _columns_page(request, seat, matching, chosen, wrong=wrong, status=422)
    return redirect("desk:import_preview", import_id)


def _columns_page(
    request: HttpRequest, seat: Seat, matching: Matching, chosen: list[str], *, wrong: list[Text] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    words = COLUMN_WORDS[matching.kind]
    return show(
        request, seat, "import_columns.html", status=status, nav="import", matching=matching,
        columns=list(zip(matching.columns or [], chosen, strict=True)), wrong=wrong or [], prefix=CHOICE,
        choices=[(name, words[name], name in REQUIRED[matching.kind]) for name in words],
        kind=KIND_WORDS[matching.kind],
    )  # fmt: skip


def _run_page(request: HttpRequest, seat: Seat, run: RunLine) -> HttpResponse:
    """The whole page, or for htmx the part that changes while the worker is at it."""
    undoable = undo_import.look(seat.business_id, run.id) if run.is_over else None
    count = screen.fault_count(run.id)
    template = "_import_run.html" if request.headers.get("HX-Target") == "import-run" else "import_run.html"
    return show(
        request, seat, template, nav="import", run=run, kind=KIND_WORDS[run.kind],
        faults=list(screen.faults(run.id, most=SHOWN_FAULTS)), hidden=max(0, count - SHOWN_FAULTS),
        may_undo=isinstance(undoable, undo_import.Undoable), why_not=undoable if isinstance(undoable, Text) else None,
    )  # fmt: skip


def _form(request: HttpRequest) -> ImportForm:
    kinds = [(kind.value, words.say(language(request))) for kind, words in KIND_WORDS.items()]
    return ImportForm(request.POST, request.FILES, kinds=kinds) if request.method == "POST" else ImportForm(kinds=kinds)


def _is_too_large(request: HttpRequest) -> bool:
    """A body over the limit was not kept (settings): the form would say that no file was chosen."""
    return "file" not in request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES


def _page(request: HttpRequest, seat: Seat, form: ImportForm, *, status: int = 200) -> HttpResponse:
    past = screen.page(seat.business_id, before=request.GET.get("before", ""))
    return show(
        request, seat, "import.html", status=status, nav="import", form=form, past=past, kinds=KIND_WORDS,
    )  # fmt: skip


def _waiting(request: HttpRequest, seat: Seat, import_id: str) -> Waiting:
    found = pending_import.look(
        seat.business_id, user_id(request), import_id, now=clock.now(), real_now=clock.real_now()
    )
    return found or _gone()


def _matching(request: HttpRequest, seat: Seat, import_id: str) -> Matching:
    found = pending_import.columns(seat.business_id, user_id(request), import_id, real_now=clock.real_now())
    return found or _gone()


def _gone() -> NoReturn:
    raise Http404
