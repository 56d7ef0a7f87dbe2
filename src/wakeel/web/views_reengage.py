"""Re-engage: choose an approved template, look at its words, and let it become the next version. Nothing is sent."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.flows import fitting_templates
from wakeel.flows import reengage as flow
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.seats import deciding, language, one_time_key, operator_of, seated, show
from wakeel.web.views_desk import panel_of

LARGEST_ROW = 2**63
VALUE_PREFIX = "value:"


@require_http_methods(["GET", "HEAD", "POST"])
def reengage(request: HttpRequest, opportunity_id: str) -> HttpResponse:
    """Show the templates that fit, or take the one that was filled in."""
    return _take(request, opportunity_id) if request.method == "POST" else _choose(request, opportunity_id)


@seated
def _choose(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    return _page(request, seat, opportunity_id)


@deciding
def _take(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    draft_id = request.POST.get("draft", "")
    offer = fitting_templates.offer(seat.business_id, opportunity_id, draft_id=draft_id, now=clock.now())
    if offer is None:
        raise Http404
    values = {
        name.removeprefix(VALUE_PREFIX): str(value)
        for name, value in request.POST.items()
        if name.startswith(VALUE_PREFIX)
    }
    row_id = _number(request, "template")
    reply = flow.reengage(
        operator_of(seat), offer.draft_id, row_id, values, shown_version=_number(request, "version"),
        tap_key=one_time_key(request), now=clock.now(),
    )  # fmt: skip
    words = reply.say(language(request))
    if reply.carried_out:
        messages.success(request, words)
        return redirect("desk:item", opportunity_id)
    messages.warning(request, words)
    if reply.code is AnswerCode.TEMPLATE_VALUES:
        return _page(request, seat, opportunity_id, status=422, chosen=row_id, typed=values)
    return redirect(f"{reverse('desk:reengage', args=[opportunity_id])}?draft={offer.draft_id}")


def _page(
    request: HttpRequest, seat: Seat, opportunity_id: str, *, status: int = 200, chosen: int = -1,
    typed: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """chosen, typed: the form that could not be taken, with what was written into it."""
    panel = panel_of(seat, opportunity_id)
    if panel is None:
        raise Http404
    draft_id = (request.POST if request.method == "POST" else request.GET).get("draft", "")
    offer = fitting_templates.offer(seat.business_id, opportunity_id, draft_id=draft_id, now=clock.now())
    rows = [
        (choice, [(name, (typed or {}).get(name, "") if choice.row_id == chosen else value)
                  for name, value in choice.values.items()])
        for choice in (offer.choices if offer else ())
    ]  # fmt: skip
    return show(
        request, seat, "reengage.html", status=status, nav="queue", panel=panel, offer=offer, rows=rows, chosen=chosen
    )


def _number(request: HttpRequest, name: str) -> int:
    """A small number of a form; -1 for anything else, which nothing has."""
    sent = request.POST.get(name, "")
    found = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 20 else -1  # noqa: PLR2004 - digits
    return found if found < LARGEST_ROW else -1
