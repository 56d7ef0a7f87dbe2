"""Decisions by click: the same flows as a tap, then back to a page that says what happened."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import parse_button_id
from wakeel.domain.skip_reasons import SkipReason
from wakeel.flows.approve_own_words import approve_own_words
from wakeel.flows.edit_draft import submit_text
from wakeel.flows.opened_on_screen import opened_on_screen
from wakeel.flows.reply import Reply
from wakeel.flows.send_later import chosen_hour
from wakeel.flows.settle_message import TOGETHER
from wakeel.flows.settle_message import settle as settle_message
from wakeel.flows.settle_message import settle_outage as settle_whole_outage
from wakeel.flows.skip_for_reason import skip_for_reason
from wakeel.flows.take_decision import take_decision
from wakeel.store.screens import item as items
from wakeel.store.screens import queue as queues
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.queue_place import place_of, with_done
from wakeel.web.seats import deciding, language, next_page, one_time_key, operator_of, show, tell
from wakeel.web.steps import SETTLE_VERBS
from wakeel.web.views_desk import panel_of

STALE = {AnswerCode.STALE, AnswerCode.STALE_NOTHING}
VIA = "screen"


@deciding
def decide_opportunity(request: HttpRequest, seat: Seat, opportunity_id: str, verb: str) -> HttpResponse:
    """accept, skip or draft; a skip may say why at once."""
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    reason = request.POST.get("reason", "") if verb == "skip" else ""
    if reason:
        reply = _skip(request, seat, opportunity_id, reason)
    else:
        reply = _take(request, seat, f"opp:{opportunity_id}:{verb}")
    if reply.code in STALE:
        return _conflict(request, seat, opportunity_id, draft_id=None)
    goes_on = reply.code in {AnswerCode.SKIPPED, AnswerCode.SKIPPED_FOR}
    return _answered(request, reply, to=go_on(request, seat) if goes_on else stay(request, seat, opportunity_id))


@deciding
def opened(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """The page of a new one says by itself that an operator has it before them."""
    if whose.refused(request, seat, opportunity_id) is None:
        opened_on_screen(opportunity_id, now=clock.now())
    return HttpResponse(status=204)


@deciding
def decide_draft(request: HttpRequest, seat: Seat, draft_id: str, verb: str) -> HttpResponse:
    """approve, maybe for a later hour, edit or cancel; cancel also takes an unsent message back."""
    opportunity_id = _opportunity_of(seat, draft_id)
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    hour = _hour(request, seat) if verb == "approve" else None
    reply = _take(request, seat, f"msg:{draft_id}:{verb}", not_before=hour)
    if reply.code in STALE:
        return _conflict(request, seat, opportunity_id, draft_id=draft_id)
    if not reply.carried_out or verb == "edit" or reply.code is AnswerCode.UNDONE:
        return _answered(request, reply, to=next_page(request) or stay(request, seat, opportunity_id))
    to = next_page(request) or go_on(request, seat)
    return _answered(request, reply, to=with_done(to, draft_id) if verb == "approve" else to)


@deciding
def write_text(request: HttpRequest, seat: Seat, draft_id: str) -> HttpResponse:
    """The next version, approved at once if that was asked; typed text is shown again when it cannot be one."""
    opportunity_id = _opportunity_of(seat, draft_id)
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    text = request.POST.get("text", "").replace("\r\n", "\n")
    reply = _written(request, seat, draft_id, text)
    if reply.code in STALE:
        return _conflict(request, seat, opportunity_id, draft_id=draft_id, typed=text)
    if reply.code is AnswerCode.NEW_VERSION:
        return _answered(request, reply, to=stay(request, seat, opportunity_id))
    if reply.carried_out:
        return _answered(request, reply, to=with_done(go_on(request, seat), draft_id))
    messages.warning(request, reply.say(language(request)))
    return show(
        request, seat, "rewrite.html", status=422, nav="queue", panel=panel_of(seat, opportunity_id), typed=text
    )


@deciding
def settle(request: HttpRequest, seat: Seat, outbox_id: str) -> HttpResponse:
    """A person says what became of a message, or what shall."""
    verb = request.POST.get("verb", "")
    opportunity_id = items.opportunity_of_message(seat.business_id, outbox_id)
    if verb not in SETTLE_VERBS or opportunity_id is None:
        raise Http404
    if opportunity_id and (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    reply = settle_message(operator_of(seat), outbox_id, verb, tap_key=one_time_key(request), now=clock.now())
    return _answered(request, reply, to=next_page(request) or reverse("desk:failures"))


@deciding
def settle_outage(request: HttpRequest, seat: Seat, outbox_id: str) -> HttpResponse:
    """The same decision for everything that was not answered in one outage."""
    verb = request.POST.get("verb", "")
    if verb not in TOGETHER or items.opportunity_of_message(seat.business_id, outbox_id) is None:
        raise Http404
    reply = settle_whole_outage(operator_of(seat), outbox_id, verb, tap_key=one_time_key(request), now=clock.now())
    return _answered(request, reply, to=reverse("desk:failures"))


def go_on(request: HttpRequest, seat: Seat) -> str:
    """What is opened after a decision: the one that stood next in the list while it waits, else the list."""
    place, following = place_of(request, seat), request.POST.get("then", "")
    waits = following and queues.is_waiting(seat.business_id, following)
    return place.item(following) if waits else place.queue


def stay(request: HttpRequest, seat: Seat, opportunity_id: str) -> str:
    return place_of(request, seat).item(opportunity_id)


def _skip(request: HttpRequest, seat: Seat, opportunity_id: str, reason: str) -> Reply:
    if reason not in set(SkipReason):
        raise Http404
    return skip_for_reason(
        operator_of(seat), opportunity_id, SkipReason(reason), shown_digest=request.POST.get("digest") or None,
        tap_key=one_time_key(request), now=clock.now(),
    )  # fmt: skip


def _hour(request: HttpRequest, seat: Seat) -> datetime | None:
    """When the message shall leave at the earliest, None for at once; 404 for an hour that no page offers."""
    choice = request.POST.get("when", "")
    at = chosen_hour(operator_of(seat), choice, now=clock.now()) if choice else None
    if choice and at is None:
        raise Http404
    return at


def _written(request: HttpRequest, seat: Seat, draft_id: str, text: str) -> Reply:
    operator_id, key, shown = operator_of(seat), one_time_key(request), _version(request)
    if request.POST.get("approve"):
        return approve_own_words(operator_id, draft_id, text, tap_key=key, now=clock.now(), shown_version=shown)
    return submit_text(operator_id, draft_id, text, tap_key=key, via=VIA, now=clock.now(), shown_version=shown)


def _take(request: HttpRequest, seat: Seat, raw: str, *, not_before: datetime | None = None) -> Reply:
    return take_decision(
        operator_of(seat),
        parse_button_id(raw),
        shown_digest=request.POST.get("digest") or None,
        tap_key=one_time_key(request),
        via=VIA,
        now=clock.now(),
        not_before=not_before,
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
