"""What is on its way, and what did not arrive."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock, config
from wakeel.domain.words import Text
from wakeel.store.screens import failures as trouble
from wakeel.store.screens import outgoing
from wakeel.store.screens.live import MessageNow
from wakeel.store.screens.outgoing import OutgoingRow, Stage
from wakeel.store.screens.seat import Seat
from wakeel.web import chips, whose
from wakeel.web.chips import Chip
from wakeel.web.places import read_place, written_place
from wakeel.web.seats import language, seated, show
from wakeel.web.troubles import Looking, desk
from wakeel.web.views_breaker import shut_numbers
from wakeel.whatsapp import errors

LONG_ENOUGH_S = 60
"""What leaves within a minute is on its way, however short the grace is."""
STAGE_WORDS: dict[Stage, Text] = {
    Stage.UNDO: Text("مهلة التراجع", "May be taken back"),
    Stage.RETRY: Text("تُعاد المحاولة", "Tried again"),
    Stage.SENDING: Text("جارٍ الإرسال", "Sending"),
    Stage.CONFIRMING: Text("بانتظار تأكيد الوصول", "Waiting for confirmation"),
    Stage.UNCERTAIN: Text("لم تتأكد النتيجة بعد", "Outcome not confirmed yet"),
    Stage.SCHEDULED: Text("مجدولة", "Scheduled"),
    Stage.HELD: Text("محفوظة لا تُرسل الآن", "Kept, not sent now"),
}


@require_safe
@seated
def outbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """By how far each has come: what may be taken back first, then what leaves, is confirmed, is uncertain, waits."""
    now = clock.now()
    listed, undo = outgoing.read(seat.business_id), timedelta(seconds=max(config.get().undo_seconds, LONG_ENOUGH_S))
    others = whose.others(seat, {row.opportunity_id for row in listed.rows if row.opportunity_id})
    found = [
        (
            stage,
            STAGE_WORDS[stage],
            [
                (row, _refusal(row), _chip(row, language=language(request), now=now), others.get(row.opportunity_id))
                for row in rows
            ],
        )
        for stage, rows in outgoing.stages(listed.rows, now=now, undo=undo)
    ]
    return show(request, seat, "outbox.html", nav="outbox", stages=found, is_cut=listed.is_cut)


def _chip(row: OutgoingRow, *, language: str, now: datetime) -> Chip:
    """The same words that the live stream puts into its place."""
    stands = MessageNow(row.opportunity_id, row.contact_id, row.state, row.status, row.due_at, row.is_tried_again)
    return chips.of_message(stands, language=language, now=now)


def _refusal(row: OutgoingRow) -> Text | None:
    """Why it is tried again."""
    return errors.reason(row.failure_code, details=row.failure_details) if row.is_tried_again else None


@require_safe
@seated
def failures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everything that needs a person, with the step that works."""
    now = clock.now()
    page = trouble.read(seat.business_id, now=now, before=read_place(request.GET.get("before", "")))
    looking = Looking(
        business_id=seat.business_id, our_phone=seat.our_phone, may=seat.may, language=language(request), now=now,
        real_now=clock.real_now(),
        others=whose.others(
            seat, {row.opportunity_id for row in (*page.rows, *page.by_itself) if row.opportunity_id}
        ),
    )  # fmt: skip
    return show(
        request, seat, "failures.html", nav="failures", parts=desk([*page.rows, *page.by_itself], looking),
        has_unread=trouble.has_unread(seat.business_id), more=written_place(page.more),
        shut_numbers=shut_numbers(seat.business_id),
    )  # fmt: skip
