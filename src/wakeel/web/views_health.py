"""Is everything alive, and the stop switches: anybody may press one, an administrator releases it."""

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wakeel import clock, config
from wakeel.domain.audit import Place
from wakeel.domain.roles import Act
from wakeel.domain.stop_switches import EVERYWHERE, Scope, Stop
from wakeel.flows import count_prices, fixed_text, knock, release_stop, stop_sending
from wakeel.store.screens import costs, platform, results, switches
from wakeel.store.screens import health as signs
from wakeel.store.screens.seat import Seat
from wakeel.web.forms import ReleaseForm
from wakeel.web.seats import language, must, next_page, seated, show, user_of
from wakeel.web.templatetags.rights import days
from wakeel.web.views_breaker import shut_numbers


@require_safe
@seated
def health(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Signs of life, each with what to do when it is red."""
    return _page(request, seat)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """For machines: 200 while the database answers and the worker lives, else 503."""
    try:
        found = signs.readiness(real_now=clock.real_now())
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    body = {
        "database": "ok",
        "worker_heartbeat_age_s": _rounded(found.worker_age_s),
        "oldest_received_age_s": _rounded(found.oldest_waiting_s),
    }
    return JsonResponse(body, status=200 if found.is_ready else 503)


@require_POST
@seated
def press(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Stop sending to contacts: of the business, of one number, or (an administrator) of everything here."""
    user, stop = user_of(request), _stop_meant(request, seat)
    if stop == EVERYWHERE:
        must(seat, Act.RELEASE_STOP)
    pressed = stop_sending.press_stop(stop, user.get_username(), now=clock.now(), place=Place.SCREEN)
    words = _("All sending to contacts is stopped. Approvals are kept and nothing leaves.")
    if stop.scope is Scope.NUMBER:
        words = _("Sending from this number is stopped. Approvals are kept and nothing leaves from it.")
    leaving = stop_sending.leaving_words(pressed.leaving).say(language(request))
    messages.success(request, f"{words}\n{leaving}")
    return redirect(next_page(request) or "desk:health")


@require_POST
@seated
def release(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Resume; who sits there was asked before (`permissions`)."""
    stop = _stop_meant(request, seat)
    form = _release_form(stop, request.POST)
    if not form.is_valid():
        return _page(request, seat, stop, form, status=422)
    send = form.cleaned_data["held"] == "send"
    done = release_stop.release_stop(stop, send=send, now=clock.now(), by=user_of(request).get_username())
    words = _("Sending is resumed. Messages that leave now: %(leaving)d; asked again: %(asked)d.")
    messages.success(request, words % {"leaving": done.leaving, "asked": done.asked})
    if done.waiting:
        more = _("Still to be looked at, by itself: %(waiting)d.")
        messages.info(request, more % {"waiting": done.waiting})
    return redirect("desk:health")


def _stop_meant(request: HttpRequest, seat: Seat) -> Stop:
    """Which switch a form is about; without a word of it, the one of the business. 404 for a number of others."""
    scope, target = request.POST.get("scope", Scope.BUSINESS), request.POST.get("target", "")
    match scope:
        case Scope.BUSINESS:
            return Stop.of_business(seat.business_id)
        case Scope.EVERYWHERE:
            return EVERYWHERE
        case Scope.NUMBER if target in {number.phone_number_id for number in switches.read(seat.business_id).numbers}:
            return Stop.of_number(target)
        case _:
            raise Http404


def _release_form(stop: Stop, data: QueryDict | None = None) -> ReleaseForm:
    return ReleaseForm(data, auto_id=f"id_{stop.scope.value}_{stop.target}_%s")


def _page(
    request: HttpRequest, seat: Seat, meant: Stop | None = None, form: ReleaseForm | None = None, *, status: int = 200
) -> HttpResponse:
    """meant, form: a release that was refused, shown again."""
    now, real_now = clock.now(), clock.real_now()
    counted = release_stop.COUNTED if seat.may(Act.RELEASE_STOP) else 0
    signs_of_life = signs.read(seat.business_id, now=now, real_now=real_now)
    pressed = [
        (
            line,
            form if form is not None and line.stop == meant else _release_form(line.stop),
            # Only who may release needs to know what a release would do: it takes a look at each message.
            release_stop.what_waits(line.stop, now=now, counted=counted),
        )
        for line in signs_of_life.switches.on
    ]
    token = signs_of_life.token
    token_days = token.days_left(real_now=real_now) if token is not None else None
    month = count_prices.month_of(now, zone=config.get().time_zone)
    return show(
        request, seat, "health.html", status=status, nav="health", signs=signs_of_life, pressed=pressed,
        real_now=real_now, offset_s=round((now - real_now).total_seconds()),
        texts_waiting=len(fixed_text.waiting(seat.business_id)), whatsapp=platform.read(seat.business_id),
        token_days=token_days, token_left=days(token_days) if token_days is not None else "",
        shut_numbers=shut_numbers(seat.business_id), costs=costs.read(seat.business_id, month=month),
        results=results.read(seat.business_id, month=month, zone=config.get().time_zone),
        brief=knock.to_submit(seat.business_id, language=language(request)),
    )  # fmt: skip


def _rounded(age_s: float | None) -> float | None:
    return None if age_s is None else round(age_s, 1)
