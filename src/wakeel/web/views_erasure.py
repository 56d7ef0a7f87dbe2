"""Handing a person what is held on them, destroying it, and letting them be written to again: administrators only."""

import io
import zipfile

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wakeel import clock
from wakeel.domain.rights import ErasureReason, ExportReason
from wakeel.flows.erase_person import HINDRANCE_WORDS, RefusedErasure, erase
from wakeel.flows.export_person import hand_out
from wakeel.flows.lift_erasure import lift_erasure
from wakeel.flows.preview_erasure import ErasurePreview, confirms, preview_erasure
from wakeel.store.screens import contact as contacts
from wakeel.store.screens.seat import Seat
from wakeel.web.forms_rights import EraseForm, ExportForm, TextForm
from wakeel.web.seats import language, seated, show, user_id
from wakeel.web.sight import sight_of


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def export(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Ask why; then everything held on a person, as a file that is saved and never shown here."""
    page = contacts.read(seat.business_id, contact_id, sight=sight_of(seat), now=clock.now())
    if page is None or page.erased_at is not None:
        raise Http404
    form = ExportForm(request.POST) if request.method == "POST" else ExportForm()
    if not form.is_bound or not form.is_valid():
        return show(
            request, seat, "export.html", status=422 if form.errors else 200, nav="rights", page=page, form=form
        )
    return _file(request, seat, contact_id, ExportReason(form.cleaned_data["reason"]))


def _file(request: HttpRequest, seat: Seat, contact_id: str, reason: ExportReason) -> HttpResponse:
    found = hand_out(seat.business_id, contact_id, by=str(user_id(request)), reason=reason, now=clock.now())
    if found is None:
        raise Http404
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in found.files().items():
            archive.writestr(name, contents)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{contact_id}.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def erase_person(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Say what goes and what stays; then, with the person named once more, destroy it."""
    preview = preview_erasure(seat.business_id, contact_id)
    if preview is None:
        raise Http404
    form = EraseForm(request.POST) if request.method == "POST" else EraseForm()
    if not form.is_bound or not form.is_valid():
        return _erase_page(request, seat, contact_id, preview, form)
    if not confirms(seat.business_id, contact_id, form.cleaned_data["typed"]):
        form.add_error("typed", _("This is neither the name nor the last 4 digits. Nothing was destroyed."))
        return _erase_page(request, seat, contact_id, preview, form)
    reason = ErasureReason(form.cleaned_data["reason"])
    answer = erase(contact_id, by=str(user_id(request)), reason=reason, now=clock.now())
    if isinstance(answer, RefusedErasure):
        form.add_error(None, answer.reason.say(language(request)))
        return _erase_page(request, seat, contact_id, preview, form)
    messages.success(request, _("The person's data is destroyed. The ledger says so and still verifies."))
    if not answer.compacted:
        messages.warning(request, _("The database was busy: run wakeel compact, so that no free page keeps old bytes."))
    return redirect("desk:rights")


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def readmit(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Somebody whose data was destroyed wrote again and asks to be written to."""
    page = contacts.read(seat.business_id, contact_id, sight=sight_of(seat), now=clock.now())
    if page is None:
        raise Http404
    form = TextForm(request.POST) if request.method == "POST" else TextForm()
    if form.is_bound and form.is_valid():
        refused = lift_erasure(
            seat.business_id, contact_id, reason=form.cleaned_data["text"], by=str(user_id(request)), now=clock.now()
        )
        if refused is None:
            messages.success(request, _("The earlier destruction no longer stands against this person."))
            return redirect("desk:contact", contact_id)
        form.add_error("text", refused.say(language(request)))
    return show(request, seat, "readmit.html", status=422 if form.errors else 200, nav="", page=page, form=form)


def _erase_page(
    request: HttpRequest, seat: Seat, contact_id: str, preview: ErasurePreview, form: EraseForm
) -> HttpResponse:
    page = contacts.read(seat.business_id, contact_id, sight=sight_of(seat), now=clock.now())
    return show(
        request, seat, "erase.html", status=422 if form.errors else 200, nav="rights", page=page, preview=preview,
        form=form, words=HINDRANCE_WORDS[preview.hindrance] if preview.hindrance else None,
    )  # fmt: skip
