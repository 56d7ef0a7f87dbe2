"""What is on its way, and what did not arrive."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.store.screens import failures as trouble
from wakeel.store.screens import outgoing
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import language, seated, show
from wakeel.web.troubles import grouped
from wakeel.whatsapp import errors


@require_safe
@seated
def outbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Pending with the time left for taking back, leaving now, and not confirmed."""
    rows = [
        (row, errors.reason(row.failure_code, details=row.failure_details) if row.is_tried_again else None)
        for row in outgoing.read(seat.business_id)
    ]
    return show(request, seat, "outbox.html", nav="outbox", rows=rows)


@require_safe
@seated
def failures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everything that needs a person, with the step that works."""
    rows = trouble.read(seat.business_id, now=clock.now())
    groups = grouped(rows, our_phone=seat.our_phone, language=language(request), real_now=clock.real_now())
    return show(request, seat, "failures.html", nav="failures", groups=groups, unread=trouble.unread())
