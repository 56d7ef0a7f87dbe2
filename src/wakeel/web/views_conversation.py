"""What was said with one person: answering it, and the files they sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.flows.answer_reply import meant, take_thread
from wakeel.store.screens import conversation, item, people
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.seats import deciding, one_time_key, operator_of, seated, tell


@deciding
def draft(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse:
    """A draft that answers what they wrote; nothing leaves by it."""
    records = people.records_of(seat.business_id, contact_id)
    if not records:
        raise Http404
    opportunity_id = meant(operator_of(seat), records)
    if opportunity_id is not None and (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    key = one_time_key(request)
    reply = take_thread(operator_of(seat), contact_id, "draft", tap_key=key, via="screen", now=clock.now())
    tell(request, reply)
    opportunity_id = item.open_with(seat.business_id, contact_id)
    to = reverse("desk:item", args=[opportunity_id]) if opportunity_id else reverse("desk:contact", args=[contact_id])
    return redirect(to)


@require_safe
@seated
def file(request: HttpRequest, seat: Seat, contact_id: str, file_id: str) -> HttpResponse:
    """One file that they sent, to be saved; never shown inside a page of ours."""
    found = conversation.kept_file(seat.business_id, contact_id, file_id)
    if found is None:
        raise Http404
    kind = "text/plain; charset=utf-8" if found.mime_type == "text/plain" else found.mime_type
    response = HttpResponse(found.data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
