"""Decisions by click: the same flows as a tap, then back to a page that says what happened."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import parse_button_id
from wakeel.flows.edit_draft import submit_text
from wakeel.flows.opened_on_screen import opened_on_screen
from wakeel.flows.reply import Reply
from wakeel.flows.settle_message import TOGETHER
from wakeel.flows.settle_message import settle as settle_message
from wakeel.flows.settle_message import settle_outage as settle_whole_outage
from wakeel.flows.take_decision import take_decision
from wakeel.store.screens import item as items
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import deciding, language, one_time_key, operator_of, show, tell
from wakeel.web.steps import SETTLE_VERBS
from wakeel.web.views_desk import panel_of

STALE = {AnswerCode.STALE, AnswerCode.STALE_NOTHING}
VIA = "screen"


@deciding
def decide_opportunity(request: HttpRequest, seat: Seat, opportunity_id: str, verb: str) -> HttpResponse:
    """accept, skip or draft."""
    if not items.has_opportunity(seat.business_id, opportunity_id):
        raise Http404
    reply = _take(request, seat, f"opp:{opportunity_id}:{verb}")
    if reply.code in STALE:
        return _conflict(request, seat, opportunity_id, draft_id=None)
    done = reverse("desk:queue") if reply.code is AnswerCode.SKIPPED else reverse("desk:item", args=[opportunity_id])
    return _answered(request, reply, to=done)


@deciding
def opened(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """The page of a new one says by itself that an operator has it before them."""
    if not items.has_opportunity(seat.business_id, opportunity_id):
        raise Http404
    opened_on_screen(opportunity_id, now=clock.now())
    return HttpResponse(status=204)


@deciding
def decide_draft(request: HttpRequest, seat: Seat, draft_id: str, verb: str) -> HttpResponse:
    """approve, edit or cancel; cancel also takes an unsent message back."""
    opportunity_id = _opportunity_of(seat, draft_id)
    reply = _take(request, seat, f"msg:{draft_id}:{verb}")
    if reply.code in STALE:
        return _conflict(request, seat, opportunity_id, draft_id=draft_id)
    return _answered(request, reply, to=_next(request) or reverse("desk:item", args=[opportunity_id]))


@deciding
def write_text(request: HttpRequest, seat: Seat, draft_id: str) -> HttpResponse:
    """The next version; typed text is shown again when it cannot be one."""
    opportunity_id = _opportunity_of(seat, draft_id)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    reply = submit_text(
        operator_of(seat), draft_id, text, tap_key=one_time_key(request), via=VIA, now=clock.now(),
        shown_version=_version(request),
    )  # fmt: skip
    if reply.code in STALE:
        return _conflict(request, seat, opportunity_id, draft_id=draft_id, typed=text)
    if reply.carried_out:
        return _answered(request, reply, to=reverse("desk:item", args=[opportunity_id]))
    messages.warning(request, reply.say(language(request)))
    return show(
        request, seat, "rewrite.html", status=422, nav="queue", panel=panel_of(seat, opportunity_id), typed=text
    )


@deciding
def settle(request: HttpRequest, seat: Seat, outbox_id: str) -> HttpResponse:
    """A person says what became of a message, or what shall."""
    verb = request.POST.get("verb", "")
    if verb not in SETTLE_VERBS or not items.is_to_contact(seat.business_id, outbox_id):
        raise Http404
    reply = settle_message(operator_of(seat), outbox_id, verb, tap_key=one_time_key(request), now=clock.now())
    return _answered(request, reply, to=_next(request) or reverse("desk:failures"))


@deciding
def settle_outage(request: HttpRequest, seat: Seat, outbox_id: str) -> HttpResponse:
    """The same decision for everything that was not answered in one outage."""
    verb = request.POST.get("verb", "")
    if verb not in TOGETHER or not items.is_to_contact(seat.business_id, outbox_id):
        raise Http404
    reply = settle_whole_outage(operator_of(seat), outbox_id, verb, tap_key=one_time_key(request), now=clock.now())
    return _answered(request, reply, to=reverse("desk:failures"))


def _take(request: HttpRequest, seat: Seat, raw: str) -> Reply:
    return take_decision(
        operator_of(seat),
        parse_button_id(raw),
        shown_digest=request.POST.get("digest") or None,
        tap_key=one_time_key(request),
        via=VIA,
        now=clock.now(),
    )


def _opportunity_of(seat: Seat, draft_id: str) -> str:
    found = items.opportunity_of_draft(seat.business_id, draft_id)
    if found is None:
        raise Http404
    return found


def _answered(request: HttpRequest, reply: Reply, *, to: str) -> HttpResponse:
    tell(request, reply)
    return redirect(to)


def _conflict(
    request: HttpRequest, seat: Seat, opportunity_id: str, *, draft_id: str | None, typed: str = ""
) -> HttpResponse:
    """What was seen beside what is current; nothing was decided."""
    shown = _version(request)
    old = items.version_text(seat.business_id, draft_id, shown) if draft_id and shown is not None else ""
    panel = panel_of(seat, opportunity_id)
    return show(request, seat, "conflict.html", status=409, nav="queue", panel=panel, old=old, shown=shown, typed=typed)


def _version(request: HttpRequest) -> int | None:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None  # noqa: PLR2004 - a small number


def _next(request: HttpRequest) -> str | None:
    """The page the form stood on, if it is one of ours."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/") else None
