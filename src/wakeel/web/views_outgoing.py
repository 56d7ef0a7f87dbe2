"""What is on its way, and what did not arrive."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.store.screens import failures as trouble
from wakeel.store.screens import outgoing
from wakeel.store.screens.seat import Seat
from wakeel.web.places import read_place, written_place
from wakeel.web.seats import language, seated, show
from wakeel.web.troubles import grouped
from wakeel.web.views_breaker import shut_numbers
from wakeel.whatsapp import errors


@require_safe
@seated
def outbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Pending with the time left for taking back, leaving now, and not confirmed."""
    listed = outgoing.read(seat.business_id)
    rows = [
        (row, errors.reason(row.failure_code, details=row.failure_details) if row.is_tried_again else None)
        for row in listed.rows
    ]
    return show(request, seat, "outbox.html", nav="outbox", rows=rows, is_cut=listed.is_cut)


@require_safe
@seated
def failures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everything that needs a person, with the step that works."""
    now = clock.now()
    page = trouble.read(seat.business_id, now=now, before=read_place(request.GET.get("before", "")))
    groups = grouped(
        page.rows, business_id=seat.business_id, our_phone=seat.our_phone, language=language(request), now=now,
        real_now=clock.real_now(),
    )  # fmt: skip
    return show(
        request, seat, "failures.html", nav="failures", groups=groups, unread=trouble.unread(seat.business_id),
        more=written_place(page.more), shut_numbers=shut_numbers(seat.business_id),
    )  # fmt: skip
