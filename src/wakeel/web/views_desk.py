"""The queue and one item. Both show list and item; a narrow screen hides the half that was not asked for."""

from collections.abc import Iterable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.flows import policies
from wakeel.flows.preview_draft import Preview, previews
from wakeel.flows.verdict_line import line_of
from wakeel.store.screens import item as items
from wakeel.store.screens import queue as queues
from wakeel.store.screens.item import Item
from wakeel.store.screens.seat import Seat
from wakeel.web.panel import Panel, open_panel
from wakeel.web.queue_rows import draw
from wakeel.web.seats import language, seated, show
from wakeel.web.steps import chat_link

TABS = ("all", "drafts", "opportunities")


@require_safe
@seated
def queue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits, with the most urgent of it opened beside the list."""
    listed = _read(request, seat)
    first = _find(seat, listed.rows[0].opportunity_id) if listed.rows else None
    return _desk(request, seat, listed, first, asked="list")


@require_safe
@seated
def item(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """One opportunity of this business; 404 for any other id."""
    if request.headers.get("HX-Target") == "timeline":
        return _timeline(request, seat, opportunity_id)
    found = _find(seat, opportunity_id)
    if found is None:
        raise Http404
    return _desk(request, seat, _read(request, seat), found, asked="item")


def panel_of(seat: Seat, opportunity_id: str) -> Panel | None:
    """None if this business has no such opportunity."""
    found = _find(seat, opportunity_id)
    return _panel(seat, found, _seen([], found)) if found else None


def _desk(request: HttpRequest, seat: Seat, listed: queues.Queue, found: Item | None, *, asked: str) -> HttpResponse:
    """asked: which half a narrow screen shows. The gate is asked once, for all texts of the page."""
    seen = _seen(listed.rows, found)
    now = clock.now()
    lines = {pk: line_of(one.request, one.verdict, now=now, text=one.text) for pk, one in seen.items()}
    return show(
        request, seat, "desk.html", nav="queue", asked=asked, tab=_tab(request), queue=listed,
        rows=draw(
            listed.rows, lines, opened=found.id if found else "", tab=_tab(request), language=language(request), now=now
        ),
        panel=_panel(seat, found, seen) if found else None, chat_link=chat_link(seat.our_phone),
    )  # fmt: skip


def _timeline(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """The open page asks for it every few seconds."""
    happenings = items.happenings(seat.business_id, opportunity_id)
    if happenings is None:
        raise Http404
    return show(request, seat, "_timeline.html", opportunity_id=opportunity_id, happenings=happenings)


def _find(seat: Seat, opportunity_id: str) -> Item | None:
    return items.read(
        seat.business_id, opportunity_id, viewer=seat.operator_id, policy=policies.current(), now=clock.now()
    )


def _panel(seat: Seat, found: Item, seen: Mapping[str, Preview]) -> Panel:
    draft = found.living_draft
    return open_panel(found, seat, seen[draft.id] if draft else None, now=clock.now())


def _seen(rows: Iterable[queues.QueueRow], found: Item | None) -> Mapping[str, Preview]:
    """What each text of the page is now, by the id of its draft."""
    ids = {row.draft_id for row in rows if row.draft_id}
    if found is not None and found.living_draft is not None:
        ids.add(found.living_draft.id)
    return previews(ids, now=clock.now()) if ids else {}


def _tab(request: HttpRequest) -> str:
    asked = request.GET.get("tab", "")
    return asked if asked in TABS else "all"


def _read(request: HttpRequest, seat: Seat) -> queues.Queue:
    tab = _tab(request)
    drafts, opportunities = tab != "opportunities", tab != "drafts"
    return queues.read(
        seat.business_id, now=clock.now(), drafts=drafts, opportunities=opportunities,
        in_all=seat.waiting_drafts * drafts + seat.waiting_opportunities * opportunities,
        after=request.GET.get("after", ""),
    )  # fmt: skip
