"""The queue and one item. Both show list and item; a narrow screen hides the half that was not asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.flows import policies
from wakeel.flows.preview_draft import previews
from wakeel.flows.verdict_line import Line, line_of
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
        request, seat, "desk.html", nav="queue", asked="list", tab=tab, queue=listed, rows=_with_lines(listed),
        panel=panel, chat_link=chat_link(seat.our_phone),
    )  # fmt: skip


@require_safe
@seated
def item(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """One opportunity of this business; 404 for any other id."""
    panel = panel_of(seat, opportunity_id)
    if panel is None:
        raise Http404
    tab = _tab(request)
    listed = _read(seat, tab)
    # The timeline asks for itself every few seconds and takes nothing of the list.
    rows = [] if request.headers.get("HX-Target") == "timeline" else _with_lines(listed)
    return show(
        request, seat, "desk.html", nav="queue", asked="item", tab=tab, queue=listed, rows=rows, panel=panel,
        chat_link=chat_link(seat.our_phone),
    )  # fmt: skip


def panel_of(seat: Seat, opportunity_id: str) -> Panel | None:
    """None if this business has no such opportunity."""
    now = clock.now()
    found = items.read(seat.business_id, opportunity_id, viewer=seat.operator_id, policy=policies.current(), now=now)
    return open_panel(found, seat, now=now) if found else None


def _tab(request: HttpRequest) -> str:
    asked = request.GET.get("tab", "")
    return asked if asked in TABS else "all"


def _read(seat: Seat, tab: str) -> queues.Queue:
    return queues.read(seat.business_id, now=clock.now(), drafts=tab != "opportunities", opportunities=tab != "drafts")


def _with_lines(listed: queues.Queue) -> list[tuple[queues.QueueRow, Line | None]]:
    """Each row with what the gate would say about its text; None without a text."""
    now = clock.now()
    seen = previews([row.draft_id for row in listed.rows if row.draft_id], now=now)
    lines = {pk: line_of(one.request, one.verdict, now=now, text=one.text) for pk, one in seen.items()}
    return [(row, lines.get(row.draft_id or "")) for row in listed.rows]
