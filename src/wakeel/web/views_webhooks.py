"""What came in and could not be carried out: look at it, try it again, put it aside. And what is not acted on."""

from datetime import datetime, time

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.flows import settle_item, unread_items
from wakeel.flows.settle_item import ItemAnswer
from wakeel.store.screens import webhooks as inbox
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import deciding, language, seated, show, user_id

_LONGEST_PATH, _LONGEST_ID = 200, 18


@require_safe
@seated
def webhooks(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Counts of today, items that nobody has settled, and items of kinds that this version does not act on.

    Everybody of the business may look; whoever decides with an enrolled phone may settle.
    """
    real_now = clock.real_now()
    today = timezone.localtime(real_now).date()
    return show(
        request, seat, "webhooks.html", nav="health", real_now=real_now,
        counts=inbox.counts(seat.business_id, since=timezone.make_aware(datetime.combine(today, time.min))),
        items=[(item, (real_now - item.received_at).total_seconds()) for item in unread_items.listed(seat.business_id)],
        unrecognised=inbox.unrecognised(seat.business_id), settled=inbox.settled(seat.business_id),
    )  # fmt: skip


@deciding
def again(request: HttpRequest, seat: Seat, row_id: str) -> HttpResponse:
    """Carry out one item through today's code."""
    row, path = _item(request, seat, row_id)
    answer = settle_item.replay_item(seat.business_id, row, path, by=str(user_id(request)), now=clock.now())
    return _told(request, answer)


@deciding
def dismiss(request: HttpRequest, seat: Seat, row_id: str) -> HttpResponse:
    """A person looked, and it needs nothing: what was held for its sender goes on."""
    row, path = _item(request, seat, row_id)
    return _told(request, settle_item.dismiss_item(row, path, by=str(user_id(request)), now=clock.now()))


def _item(request: HttpRequest, seat: Seat, row_id: str) -> tuple[int, str]:
    """The webhook, and where in it the item stands, from the form.

    Another business's item is not found; one that was settled meanwhile is told as such.
    """
    path = request.POST.get("path")
    if path is None or len(path) > _LONGEST_PATH:
        raise SuspiciousOperation("no path")
    if not row_id.isdecimal() or len(row_id) > _LONGEST_ID:
        raise Http404
    row = int(row_id)
    if settle_item.is_open(row, path) and not unread_items.may_settle(seat.business_id, row, path):
        raise Http404
    return row, path


def _told(request: HttpRequest, answer: ItemAnswer) -> HttpResponse:
    (messages.success if answer.changed else messages.warning)(request, answer.say(language(request)))
    return redirect("desk:webhooks")
