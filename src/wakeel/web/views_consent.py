"""Writing into the ledger what a person said: a consent, a stop, a renewal, an end; and the receipt."""

from collections.abc import Callable
from datetime import datetime, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wakeel import clock
from wakeel.domain.chat_links import start_link
from wakeel.domain.content import names_sender
from wakeel.domain.receipts import in_words, to_27560, to_receipt
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.consent_proof import RefusedConsent
from wakeel.flows.record_consent import Recorded, record_by_operator
from wakeel.flows.record_wish import end_consent, note_gave_number, record_withdrawal, renew_consent
from wakeel.store.screens import receipts
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.dates import long_day
from wakeel.web.forms_consent import ConsentForm, ProofForm, ReasonForm, RenewalForm, WithdrawalForm
from wakeel.web.seats import deciding, language, operator_of, seated, show
from wakeel.web.sight import sight_of
from wakeel.web.views_contact import contact_page

ENTRY_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(ENTRY_METHODS)
def consent(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or append a consent to the ledger."""
    return _record(request, contact_id) if request.method == "POST" else _ask_consent(request, contact_id)


@require_http_methods(ENTRY_METHODS)
def withdrawal(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or carry out a stop that was said to one of us."""
    return _withdraw(request, contact_id) if request.method == "POST" else _ask_withdrawal(request, contact_id)


@require_http_methods(ENTRY_METHODS)
def gave_number(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the form, or note how they gave us their number."""
    return _note(request, contact_id) if request.method == "POST" else _ask_note(request, contact_id)


@require_http_methods(ENTRY_METHODS)
def renew(request: HttpRequest, event_id: str) -> HttpResponse:
    """Show the form, or let a standing consent go on for longer."""
    return _renew(request, event_id) if request.method == "POST" else _ask_renewal(request, event_id)


@require_http_methods(ENTRY_METHODS)
def end(request: HttpRequest, event_id: str) -> HttpResponse:
    """Show the form, or stop relying on a consent."""
    return _end(request, event_id) if request.method == "POST" else _ask_end(request, event_id)


@require_safe
@seated
def receipt(request: HttpRequest, seat: Seat, event_id: str) -> HttpResponse:
    """What can be handed to the person about their consent."""
    page = _grant(seat, event_id)
    found = page.receipt
    words = in_words(
        found, given_on=long_day(found.given_at), ends_on=long_day(found.ends_at) if found.ends_at else None
    )
    return show(request, seat, "receipt.html", nav="", page=page, words=words)


@require_safe
@seated
def receipt_json(request: HttpRequest, seat: Seat, event_id: str, shape: str) -> HttpResponse:
    """The same for machines: receipt.json in Kantara's shape, record.json in that of ISO/IEC TS 27560."""
    found = _grant(seat, event_id).receipt
    made = to_receipt(found) if shape == "receipt" else to_27560(found)
    headers = {"Content-Disposition": f'attachment; filename="{shape}-{found.seq}.json"'}
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 2}, headers=headers)


@seated
def _ask_consent(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _consent_page(request, seat, contact_id, ConsentForm())


@deciding
def _record(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    page, form = contact_page(seat, contact_id), ConsentForm(request.POST, request.FILES)
    if (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others

    def write() -> Recorded | RefusedConsent:
        values = form.cleaned_data
        return record_by_operator(
            operator_of(seat), contact_id, form.proof, categories=values["categories"], purposes=values["purposes"],
            expires_at=_end_of_day(values["expires_at"]), needs_confirmation=values["needs_confirmation"],
            now=clock.now(),
        )  # fmt: skip

    if not _written(request, form, write):
        return _consent_page(request, seat, page.person.id, form, status=422)
    messages.success(request, _("The consent is in the ledger. What waited for it is shown again."))
    if not names_sender(form.cleaned_data["wording"], seat.business_name):
        messages.warning(request, _("These words do not name your business, as WhatsApp asks for. Improve the form."))
    return redirect("desk:contact", contact_id)


def _consent_page(
    request: HttpRequest, seat: Seat, contact_id: str, form: ConsentForm, *, status: int = 200
) -> HttpResponse:
    return show(
        request, seat, "consent.html", status=status, nav="", page=contact_page(seat, contact_id), form=form,
        start_link=start_link(seat.our_phone),
    )  # fmt: skip


@seated
def _ask_withdrawal(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _entry(request, seat, contact_id, WithdrawalForm(), WITHDRAWAL)


@deciding
def _withdraw(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    page, form = contact_page(seat, contact_id), WithdrawalForm(request.POST, request.FILES)

    def write() -> Recorded | RefusedConsent:
        kinds = form.cleaned_data["categories"]
        return record_withdrawal(operator_of(seat), contact_id, form.proof, categories=kinds, now=clock.now())

    if not _written(request, form, write):
        return _entry(request, seat, page.person.id, form, WITHDRAWAL, status=422)
    messages.success(request, _("The stop is in the ledger. Nothing unsent goes to them any more."))
    return redirect("desk:contact", contact_id)


@seated
def _ask_note(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    return _entry(request, seat, contact_id, ReasonForm(), GAVE_NUMBER)


@deciding
def _note(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    page, form = contact_page(seat, contact_id), ReasonForm(request.POST)
    if (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others

    def write() -> RefusedConsent | None:
        return note_gave_number(operator_of(seat), contact_id, evidence=form.cleaned_data["evidence"], now=clock.now())

    if not _written(request, form, write):
        return _entry(request, seat, page.person.id, form, GAVE_NUMBER, status=422)
    messages.success(request, _("It is noted that they gave us their number."))
    return redirect("desk:contact", contact_id)


@seated
def _ask_renewal(request: HttpRequest, seat: Seat, event_id: str) -> HttpResponse:
    return _entry(request, seat, _grant(seat, event_id).contact_id, RenewalForm(), RENEWAL)


@deciding
def _renew(request: HttpRequest, seat: Seat, event_id: str) -> HttpResponse:
    contact_id, form = _grant(seat, event_id).contact_id, RenewalForm(request.POST, request.FILES)
    if (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others

    def write() -> Recorded | RefusedConsent:
        until = _end_of_day(form.cleaned_data["expires_at"]) or clock.now()
        return renew_consent(operator_of(seat), contact_id, event_id, form.proof, until=until, now=clock.now())

    if not _written(request, form, write):
        return _entry(request, seat, contact_id, form, RENEWAL, status=422)
    messages.success(request, _("The renewal is in the ledger."))
    return redirect("desk:contact", contact_id)


@seated
def _ask_end(request: HttpRequest, seat: Seat, event_id: str) -> HttpResponse:
    return _entry(request, seat, _grant(seat, event_id).contact_id, ReasonForm(), END)


@deciding
def _end(request: HttpRequest, seat: Seat, event_id: str) -> HttpResponse:
    contact_id, form = _grant(seat, event_id).contact_id, ReasonForm(request.POST)

    def write() -> Recorded | RefusedConsent:
        reason = form.cleaned_data["evidence"]
        return end_consent(operator_of(seat), contact_id, event_id, reason=reason, now=clock.now())

    if not _written(request, form, write):
        return _entry(request, seat, contact_id, form, END, status=422)
    messages.success(request, _("We no longer rely on this consent."))
    return redirect("desk:contact", contact_id)


WITHDRAWAL, GAVE_NUMBER, RENEWAL, END = "withdrawal", "gave_number", "renewal", "end"
"""What the one entry page is for; its words are chosen in the template."""


def _entry(
    request: HttpRequest, seat: Seat, contact_id: str, form: ProofForm | ReasonForm, what: str, *, status: int = 200
) -> HttpResponse:
    page = contact_page(seat, contact_id)
    return show(request, seat, "consent_entry.html", status=status, nav="", page=page, form=form, what=what)


def _written(request: HttpRequest, form: ProofForm | ReasonForm, write: Callable[[], object]) -> bool:
    """True if the form is whole and the flow wrote it; else the form says why not."""
    if not form.is_valid():
        return False
    answer = write()
    if not isinstance(answer, RefusedConsent):
        return True
    form.add_error(answer.field if answer.field in form.fields else None, _say(request, answer.reason))
    return False


def _say(request: HttpRequest, words: Text) -> str:
    return words.say(language(request))


def _end_of_day(day: datetime | None) -> datetime | None:
    """A consent that lasts until a day lasts through it, in the business's zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(timezone.localtime(day).date(), time.max))


def _grant(seat: Seat, event_id: str) -> receipts.GrantPage:
    page = receipts.read(seat.business_id, event_id, sight=sight_of(seat), policy=policies.current(), now=clock.now())
    if page is None:
        raise Http404
    return page
