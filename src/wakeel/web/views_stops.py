"""A sentence was taken for a request to stop: the operator says that it was one, or cancels the guess with a reason."""

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from wakeel import clock
from wakeel.flows.decide_stop import StopScope, cancel_inferred, confirm_stop
from wakeel.flows.reply import Reply
from wakeel.store.screens import stops
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.seats import deciding, operator_of, tell


@deciding
def confirm(request: HttpRequest, seat: Seat, contact_id: str, event_id: str) -> HttpResponse:
    """It was a request: what they want stopped is chosen with the button."""
    _must_be_open(seat, contact_id, event_id)
    try:
        scope = StopScope(request.POST.get("scope", ""))
    except ValueError:
        raise SuspiciousOperation("no such scope") from None
    return _told(request, contact_id, confirm_stop(operator_of(seat), event_id, scope=scope, now=clock.now()))


@deciding
def cancel(request: HttpRequest, seat: Seat, contact_id: str, event_id: str) -> HttpResponse:
    """It was none; without a reason nothing happens."""
    _must_be_open(seat, contact_id, event_id)
    if (others := whose.person_refused(request, seat, contact_id)) is not None:
        return others
    reason = request.POST.get("reason", "")
    return _told(request, contact_id, cancel_inferred(operator_of(seat), event_id, reason=reason, now=clock.now()))


def _must_be_open(seat: Seat, contact_id: str, event_id: str) -> None:
    """The guess must belong to this person of this business; one that was decided meanwhile is not found either."""
    if event_id not in {guess.event_id for guess in stops.read(seat.business_id, contact_id).guesses}:
        raise Http404


def _told(request: HttpRequest, contact_id: str, reply: Reply) -> HttpResponse:
    tell(request, reply)
    return redirect("desk:contact", contact_id)
