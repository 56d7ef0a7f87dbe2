"""Numbers that stopped sending: why, and letting them send again."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.roles import Act
from wakeel.domain.words import Text
from wakeel.flows import number_breaker
from wakeel.flows.reply import Reply
from wakeel.store.screens import breakers
from wakeel.store.screens.breakers import BreakerLine
from wakeel.store.screens.seat import Seat
from wakeel.web.seats import language, must, seated, user_id
from wakeel.whatsapp import errors

OUTAGE = Text("لا تصل إجابات من واتساب", "WhatsApp does not answer")


@dataclass(frozen=True, slots=True)
class ShutNumber:
    """One number with its reason in words."""

    line: BreakerLine
    why: Text


def shut_numbers(business_id: str) -> list[ShutNumber]:
    """What health and failures pages show; empty almost always."""
    return [ShutNumber(line, _why(line)) for line in breakers.read(business_id)]


def _why(line: BreakerLine) -> Text:
    return OUTAGE if line.is_outage else errors.reason(line.failure_code)


@require_POST
@seated
def resume(request: HttpRequest, seat: Seat, number_id: str) -> HttpResponse:
    """Let a number send again: an outage may be tried by anybody, a word of Meta's is settled by an administrator."""
    found = next((line for line in breakers.read(seat.business_id) if line.number_id == number_id), None)
    if found is not None and not found.is_outage:
        must(seat, Act.RELEASE_STOP)
    released = number_breaker.release(seat.business_id, number_id, by=str(user_id(request)), now=clock.now())
    words = Reply(AnswerCode.NUMBER_RESUMED if released else AnswerCode.NUMBER_RUNS).say(language(request))
    (messages.success if released else messages.warning)(request, words)
    return redirect("desk:health")
