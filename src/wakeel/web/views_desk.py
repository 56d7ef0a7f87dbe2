"""The queue and one item. Both show list and item; a narrow screen hides the half that was not asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.store.screens import item as items
from wakeel.store.screens import queue as queues
from wakeel.store.screens.seat import Seat
from wakeel.web.panel import Panel, open_panel
from wakeel.web.seats import seated, show
from wakeel.web.steps import chat_link

TABS = ("all", "drafts", "opportunities")


@require_safe
@seated
def queue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits, with the most urgent of it opened beside the list."""
    tab = _tab(request)
    listed = _read(seat, tab)
    panel = panel_of(seat, listed.rows[0].opportunity_id) if listed.rows else None
    return show(
        request, seat, "desk.html", nav="queue", asked="list", tab=tab, queue=listed, panel=panel,
        chat_link=chat_link(seat.our_phone),
    )  # fmt: skip


@require_safe
@seated
def item(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """One opportunity of this business; 404 for any other id."""
    panel = panel_of(seat, opportunity_id)
    if panel is None:
        raise Http404
    tab = _tab(request)
    return show(
        request, seat, "desk.html", nav="queue", asked="item", tab=tab, queue=_read(seat, tab), panel=panel,
        chat_link=chat_link(seat.our_phone),
    )  # fmt: skip


def panel_of(seat: Seat, opportunity_id: str) -> Panel | None:
    """None if this business has no such opportunity."""
    now = clock.now()
    found = items.read(seat.business_id, opportunity_id, viewer=seat.operator_id, now=now)
    return open_panel(found, seat, now=now) if found else None


def _tab(request: HttpRequest) -> str:
    asked = request.GET.get("tab", "")
    return asked if asked in TABS else "all"


def _read(seat: Seat, tab: str) -> queues.Queue:
    return queues.read(seat.business_id, now=clock.now(), drafts=tab != "opportunities", opportunities=tab != "drafts")
