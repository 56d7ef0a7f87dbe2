"""One masked number in full, for one answer: the reason is given first and stays in the audit log."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from wakeel import clock
from wakeel.domain.words import Text
from wakeel.flows.reveal_phone import LONGEST_REASON, reveal_phone
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import language, seated, show, user_id
from wakeel.web.views_contact import contact_page


class RevealForm(forms.Form):
    """Why somebody looks."""

    reason = forms.CharField(
        label=_("Why do you need the number?"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


@seated
def reveal(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """Ask for the reason; then show the number once. No later page has it."""
    page = contact_page(seat, contact_id)
    form = RevealForm(request.POST) if request.method == "POST" else RevealForm()
    phone = ""
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        found = reveal_phone(
            seat.business_id, contact_id, reason=reason, by=str(user_id(request)), now=clock.now()
        )  # fmt: skip
        if isinstance(found, Text):
            form.add_error("reason", found.say(language(request)))
        else:
            phone = found
    status = 422 if form.errors else 200
    return show(request, seat, "reveal.html", status=status, nav="contacts", page=page, form=form, phone=phone)
