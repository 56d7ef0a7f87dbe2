"""The queue and one item. Both show list and item; a narrow screen hides the half that was not asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.flows import policies
from wakeel.flows.preview_draft import Preview, previews
from wakeel.flows.verdict_line import line_of
from wakeel.store.screens import item as items
from wakeel.store.screens import live, scheduled
from wakeel.store.screens import queue as queues
from wakeel.store.screens.item import Item
from wakeel.store.screens.seat import Seat
from wakeel.web.panel import Panel, open_panel
from wakeel.web.queue_place import Place, Tab, place_of, with_edit
from wakeel.web.queue_rows import draw
from wakeel.web.seats import language, seated, show
from wakeel.web.sight import sight_of
from wakeel.web.steps import chat_link


@require_safe
@seated
def queue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits, with the most urgent of it opened beside the list."""
    listed = _read(request, seat)
    first = _find(seat, listed.queue.rows[0].opportunity_id) if listed.queue.rows else None
    return _desk(request, seat, listed, first, asked="list")


@require_safe
@seated
def item(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """One opportunity of this business; 404 for any other id."""
    if request.headers.get("HX-Target") == "timeline":
        return _timeline(request, seat, opportunity_id)
    if request.headers.get("HX-Target") == "moved":
        return _moved(request, seat, opportunity_id)
    found = _find(seat, opportunity_id)
    if found is None:
        raise Http404
    return _desk(request, seat, _read(request, seat), found, asked="item")


@require_safe
@seated
def keys(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every key, and what the words of the pages mean."""
    return show(request, seat, "help.html", nav="help")


@dataclass(frozen=True, slots=True)
class _Listed:
    place: Place
    queue: queues.Queue
    counts: queues.Counts


def panel_of(seat: Seat, opportunity_id: str) -> Panel | None:
    """None if this business has no such opportunity."""
    found = _find(seat, opportunity_id)
    return _panel(seat, found, _seen([], found)) if found else None


def _desk(request: HttpRequest, seat: Seat, listed: _Listed, found: Item | None, *, asked: str) -> HttpResponse:
    """asked: which half a narrow screen shows. The gate is asked once, for all texts of the page."""
    now, place, waiting = clock.now(), listed.place, listed.queue.rows
    seen = _seen(waiting if place.tab is not Tab.SCHEDULED else [], found)
    lines = {pk: line_of(one.request, one.verdict, now=now, text=one.text) for pk, one in seen.items()}
    opened = found.id if found else ""
    later = [row.opportunity_id for row in waiting if row.at is not None]
    rows = draw(
        waiting, lines, live.deals(seat.business_id, later), opened=opened, place=place, language=language(request),
        now=now,
    )  # fmt: skip
    done = request.GET.get("done", "")
    return show(
        request, seat, "desk.html", nav="queue", asked=asked, place=place, queue=listed.queue, rows=rows,
        tabs=_tabs(listed), then=_next_to(listed.queue, opened), chat_link=chat_link(seat.our_phone),
        panel=_panel(seat, found, seen) if found else None, edits="edit" in request.GET,
        unsent=items.unsent(seat.business_id, done) if done else None,
        edit_url=with_edit(place.item(opened)) if opened else "",
        last_decided=queues.last_decided(seat.business_id) if not waiting else None,
    )  # fmt: skip


def _next_to(listed: queues.Queue, opened: str) -> str:
    """The opportunity that stands after the opened one, else the first of the others; '' for none."""
    ids = [row.opportunity_id for row in listed.rows]
    after = ids[ids.index(opened) + 1 :] if opened in ids else []
    return next((one for one in [*after, *ids] if one != opened), "")


def _tabs(listed: _Listed) -> list[tuple[Tab, str, int | None]]:
    """Each tab with its address, and how many wait there; None where nobody counts."""
    counts = listed.counts
    numbers: dict[Tab, int] = {
        Tab.ALL: counts.all, Tab.DRAFTS: counts.drafts, Tab.OPPORTUNITIES: counts.opportunities,
        Tab.CLOSING: counts.closing,
    }  # fmt: skip
    return [(tab, listed.place.on(tab).queue, numbers.get(tab)) for tab in Tab]


def _timeline(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """The open page asks for it whenever something happened."""
    happenings = items.happenings(seat.business_id, opportunity_id)
    if happenings is None:
        raise Http404
    return show(request, seat, "_timeline.html", opportunity_id=opportunity_id, happenings=happenings)


def _moved(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """The open page asks whether what it offers to decide is still to be decided; nothing to say while it is."""
    panel = panel_of(seat, opportunity_id)
    if panel is None:
        raise Http404
    if panel.mark == request.GET.get("shown", ""):
        return HttpResponse(status=204)
    return show(request, seat, "_moved.html", panel=panel, item=panel.item)


def _find(seat: Seat, opportunity_id: str) -> Item | None:
    return items.read(
        seat.business_id,
        opportunity_id,
        viewer=seat.operator_id,
        sight=sight_of(seat),
        policy=policies.current(),
        now=clock.now(),
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


def _read(request: HttpRequest, seat: Seat) -> _Listed:
    """The part of the queue that the address asks for."""
    place, now = place_of(request, seat), clock.now()
    viewer = place.viewer(seat)
    counts = queues.counts(seat.business_id, viewer=viewer, now=now)
    if place.tab is Tab.SCHEDULED:
        return _Listed(place, scheduled.read(seat.business_id, viewer=viewer, now=now), counts)
    drafts, opportunities = place.tab is not Tab.OPPORTUNITIES, place.tab is not Tab.DRAFTS
    found = queues.read(
        seat.business_id, now=now, drafts=drafts, opportunities=opportunities, is_closing=place.tab is Tab.CLOSING,
        viewer=viewer, in_all=counts.drafts * drafts + counts.opportunities * opportunities,
        after=request.GET.get("after", ""),
    )  # fmt: skip
    return _Listed(place, found, counts)
