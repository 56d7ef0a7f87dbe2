"""Fixed texts: an administrator reads each one in both languages and approves it. Nothing unapproved leaves."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wakeel import clock
from wakeel.domain.fixed_texts import INTENT_WORDS, Intent
from wakeel.domain.words import Text
from wakeel.flows import fixed_text
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import seated, show, user_of


@dataclass(frozen=True, slots=True)
class TextGroup:
    """One text in its languages. words: when it goes out."""

    words: Text
    intent: str
    versions: tuple[fixed_text.Version, ...]

    @property
    def waits(self) -> bool:
        """True while one of them is not approved."""
        return any(version.approved_at is None for version in self.versions)


@require_safe
@seated
def texts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All of them as they would go out now."""
    found = fixed_text.versions(seat.business_id)
    groups = [
        TextGroup(INTENT_WORDS[intent], intent.value, tuple(versions))
        for intent, versions in groupby(found, key=lambda version: version.intent)
    ]
    return show(request, seat, "texts.html", nav="texts", groups=groups)


@require_POST
@seated
def approve(request: HttpRequest, seat: Seat, intent: str) -> HttpResponse:
    """Both languages of one text, exactly as they were shown."""
    by = user_of(request).get_username()
    if intent not in set(Intent):
        raise Http404
    shown = frozenset(request.POST.get("shown", "").split())
    if fixed_text.approve(seat.business_id, Intent(intent), by=by, shown=shown, now=clock.now()):
        messages.success(request, _("The text is approved. What waited for it leaves now."))
    else:
        messages.warning(request, _("The text changed while you were reading. Nothing was approved; read it again."))
    return redirect("desk:texts")
