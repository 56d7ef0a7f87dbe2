"""Several texts approved together: each is read whole here first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wakeel import clock, config
from wakeel.domain.content import findings
from wakeel.flows.approve_together import MOST, approve_together, what_waits
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.seats import deciding, language, one_time_key, operator_of, seated, show, tell


@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """Show what waits, or approve what was chosen of it."""
    return _approve(request) if request.method == "POST" else _ask(request)


@seated
def _ask(request: HttpRequest, seat: Seat) -> HttpResponse:
    if seat.operator_id is None:
        return redirect("desk:enrol")
    waiting = what_waits(seat.operator_id, language=language(request), now=clock.now())
    return show(
        request, seat, "together.html", nav="queue", waiting=waiting,
        fit=[(one, findings(one.seen.text)) for one in waiting.fit], undo_seconds=config.get().undo_seconds,
    )  # fmt: skip


@deciding
def _approve(request: HttpRequest, seat: Seat) -> HttpResponse:
    chosen = [
        (draft_id, digest)
        for draft_id, _, digest in (one.partition(":") for one in request.POST.getlist("draft")[:MOST])
        if whose.has(seat, draft_id)
    ]
    reply = approve_together(
        operator_of(seat), list(dict(chosen).items()), tap_key=one_time_key(request), now=clock.now()
    )
    tell(request, reply)
    return redirect("desk:together")
