"""Who may open which address: one line each, asked by `Doorkeeper` before any view runs.

Source: reference "operator UI", section 5; `domain/roles.py` says which role may do which act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from wakeel import clock
from wakeel.domain.roles import ROLE_WORDS, Act, who_may
from wakeel.domain.words import Text
from wakeel.store.screens import seat as seats
from wakeel.store.screens.seat import Seat
from wakeel.web import proof
from wakeel.web.language import as_chosen
from wakeel.web.seats import NotTheirs, language, show, user_id
from wakeel.web.typed import typed_in

READING = frozenset({"GET", "HEAD", "OPTIONS"})

Named = Mapping[str, Any]
"""The parts of an address that its pattern names."""
Needs = Act | Callable[[Named], Act]
"""One act, or the one that the named parts of an address stand for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What looking at an address needs, and what posting to it needs. None: it does not take such a request.

    is_public: no login is asked for, whatever the request. proof: the methods that also need a recent proof of who sits
    there.
    """

    look: Needs | None = None
    post: Needs | None = None
    is_public: bool = False
    proof: frozenset[str] = frozenset()

    def needs(self, method: str, named: Named) -> Act | None:
        """None if the address does not take this method."""
        wanted = self.look if method in READING else self.post if method == "POST" else None
        return wanted(named) if callable(wanted) and not isinstance(wanted, Act) else wanted


def looks(act: Act = Act.SEE) -> Rule:
    """A page without a form of its own."""
    return Rule(look=act)


def posts(act: Needs) -> Rule:
    """A button: nothing to look at."""
    return Rule(post=act)


def form(act: Needs) -> Rule:
    """A form and its sending: whoever may not send it is not shown it."""
    return Rule(look=act, post=act)


def proven(rule: Rule) -> Rule:
    """What is hard to take back: sending it asks once more who sits there."""
    return replace(rule, proof=frozenset({"POST"}))


def guarded(act: Needs) -> Rule:
    """A form that is not even shown before that."""
    return Rule(look=act, post=act, proof=READING | {"POST"})


PUBLIC = Rule(is_public=True)


def _of_section(named: Named) -> Act:
    """Of the settings, the people are an administrator's; the rest is one's own."""
    return Act.ADMINISTER if named["section"] == "people" else Act.OWN


def _of_act(named: Named) -> Act:
    """Of the acts about one person, to let them be written to again belongs to who administers."""
    return Act.ADMINISTER if named["name"] == "lift" else Act.DECIDE


def _of_step(named: Named) -> Act:
    """Of the steps of a person's request, the refusal is an answer; the others record what was found out."""
    return Act.ANSWER_REQUEST if named["step"] == "refuse" else Act.RECORD_REQUEST


RULES: Mapping[str, Rule] = {
    # what waits
    "desk:queue": looks(),
    "desk:help": looks(Act.OWN),
    "desk:new": form(Act.DECIDE),
    "desk:item": looks(),
    "desk:opened": posts(Act.DECIDE),
    "desk:reengage": form(Act.DECIDE),
    "desk:decide": posts(Act.DECIDE),
    "desk:next": posts(Act.DECIDE),
    "desk:draft": posts(Act.DECIDE),
    "desk:text": posts(Act.DECIDE),
    "desk:together": form(Act.DECIDE),
    "desk:assign": posts(Act.DECIDE),  # to give it to somebody else is a supervisor's
    # what left, or did not
    "desk:outbox": looks(),
    "desk:failures": looks(),
    "desk:settle": posts(Act.DECIDE),
    "desk:settle_outage": posts(Act.REASSIGN),
    # meetings
    "desk:meetings": looks(),
    "desk:meeting": looks(),
    "desk:meeting_calendar": looks(),
    "desk:meeting_act": posts(Act.DECIDE),
    "desk:meeting_file": PUBLIC,  # the address is signed and is the contact's own
    # people we write to
    "desk:contacts": looks(),
    "desk:search": looks(),
    "desk:contact": looks(),
    "desk:new_with": form(Act.DECIDE),
    "desk:answer": posts(Act.DECIDE),
    "desk:file": looks(),
    "desk:reveal": form(Act.REVEAL_PHONE),
    "desk:number": form(Act.DECIDE),
    "desk:identity": posts(Act.DECIDE),
    "desk:merge": form(Act.DECIDE),
    "desk:act": form(_of_act),
    "desk:confirm_stop": posts(Act.DECIDE),
    "desk:cancel_stop": posts(Act.DECIDE),
    # their consents
    "desk:consent": form(Act.RECORD_CONSENT),
    "desk:withdrawal": form(Act.RECORD_CONSENT),
    "desk:gave_number": form(Act.RECORD_CONSENT),
    "desk:renew": form(Act.RECORD_CONSENT),
    "desk:end": form(Act.RECORD_CONSENT),
    "desk:receipt": looks(),
    "desk:receipt_json": looks(),
    "desk:evidence": looks(),
    # their requests about their data
    "desk:rights": looks(),
    "desk:right": looks(),
    "desk:ask": form(Act.RECORD_REQUEST),
    "desk:right_step": posts(_of_step),
    "desk:name": form(Act.RECORD_REQUEST),
    "desk:export": proven(form(Act.ANSWER_REQUEST)),
    "desk:erase": proven(form(Act.ANSWER_REQUEST)),
    "desk:readmit": form(Act.ANSWER_REQUEST),
    # files that come in
    "desk:import": form(Act.DECIDE),
    "desk:import_preview": looks(Act.DECIDE),
    "desk:import_columns": form(Act.DECIDE),
    "desk:import_undo": form(Act.DECIDE),
    "desk:import_faults": looks(Act.DECIDE),
    "desk:import_take": posts(Act.DECIDE),
    "desk:import_cancel": posts(Act.DECIDE),
    # the team
    "desk:team": looks(),
    "desk:team_rules": form(Act.ADMINISTER),
    "desk:team_leave": proven(form(Act.ADMINISTER)),
    "desk:team_return": proven(posts(Act.ADMINISTER)),
    # who may come in
    "desk:invite": proven(form(Act.ADMINISTER)),
    "desk:invite_withdraw": posts(Act.ADMINISTER),
    "desk:roles": proven(form(Act.ADMINISTER)),
    "desk:login_close": proven(posts(Act.ADMINISTER)),
    "desk:login_open": proven(posts(Act.ADMINISTER)),
    "desk:second_factor_away": proven(posts(Act.ADMINISTER)),
    # what we say
    "desk:texts": looks(Act.ADMINISTER),
    "desk:approve_text": posts(Act.ADMINISTER),
    "desk:templates": looks(),
    "desk:template": Rule(look=Act.SEE, post=Act.SYNC_TEMPLATES),
    "desk:template_new": form(Act.SYNC_TEMPLATES),
    "desk:template_starters": posts(Act.SYNC_TEMPLATES),
    "desk:template_submit": posts(Act.SYNC_TEMPLATES),
    "desk:templates_pull": posts(Act.SYNC_TEMPLATES),
    "desk:template_use": posts(Act.ENABLE_TEMPLATE),
    # how the house is
    "desk:audit": looks(),
    "desk:audit_check": posts(Act.EXPORT_AUDIT),
    "desk:audit_export": proven(posts(Act.EXPORT_AUDIT)),
    "desk:health": looks(),
    "desk:events": looks(),
    "desk:webhooks": looks(),
    "desk:webhook_again": posts(Act.DECIDE),
    "desk:webhook_dismiss": posts(Act.DECIDE),
    "desk:numbers": looks(),
    "desk:numbers_file": looks(),
    "desk:limits": form(Act.ADMINISTER),
    "desk:resume_number": posts(Act.PRESS_STOP),  # what Meta itself closed is released by who may release a stop
    "desk:press": posts(Act.PRESS_STOP),  # every business at once: who administers
    "desk:release": proven(posts(Act.RELEASE_STOP)),
    # one's own
    "desk:brief": form(Act.DECIDE),
    "desk:enrol": looks(Act.DECIDE),
    "desk:enrol_code": posts(Act.DECIDE),
    "desk:enrol_confirm": proven(posts(Act.DECIDE)),
    "desk:settings": form(_of_section),
    "desk:session_end": posts(Act.OWN),
    "desk:sessions_end": posts(Act.OWN),
    "account_change_password": form(Act.OWN),  # asks for the password itself
    "mfa_activate_totp": guarded(Act.OWN),
    "mfa_deactivate_totp": guarded(Act.OWN),
    "mfa_add_webauthn": guarded(Act.OWN),
    "mfa_edit_webauthn": guarded(Act.OWN),
    "mfa_remove_webauthn": guarded(Act.OWN),
    "mfa_view_recovery_codes": Rule(look=Act.OWN, proof=READING),
    "mfa_generate_recovery_codes": guarded(Act.OWN),
    # the proof itself
    "account_reauthenticate": form(Act.OWN),
    "mfa_reauthenticate": form(Act.OWN),
    "mfa_reauthenticate_webauthn": form(Act.OWN),
    "desk:go_on": looks(Act.OWN),
    # before a login, and for machines
    "account_login": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "account_logout": PUBLIC,
    "invitation": PUBLIC,  # whoever has the link
    "language": PUBLIC,
    "readyz": PUBLIC,
}
"""By the full name of an address. One without a line here answers 500 to everybody."""


class Doorkeeper:
    """After AuthenticationMiddleware and MessageMiddleware: puts `seat` on the request, or answers in the view's stead.

    Nobody signed in: to the login. No business or no role: said so. No right: 403 and whose task it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, named: Named) -> HttpResponse | None:
        rule = _rule_of(request)
        if rule.is_public:
            return None
        if not request.user.is_authenticated:
            return _to_login(request)
        seat = seats.take(user_id(request), now=clock.now())
        if seat is None:
            return render(request, "web/no_business.html", status=403)
        request.seat = seat  # type: ignore[attr-defined]
        as_chosen(request, seat)
        act = rule.needs(request.method or "", named)
        if act is None:
            return HttpResponseNotAllowed([*(READING if rule.look else ()), *(["POST"] if rule.post else ())])
        if not seat.may(act):
            return forbidden(request, seat, act)
        return proof.ask(request) if request.method in rule.proof and not proof.is_recent(request) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What only the view could know: the act that its form meant belongs to others."""
        seat = getattr(request, "seat", None)
        return forbidden(request, seat, exception.act) if isinstance(exception, NotTheirs) and seat else None


def forbidden(request: HttpRequest, seat: Seat, act: Act) -> HttpResponse:
    """Whose task it is; nothing was done. To htmx: in place of the page's content."""
    who = Text.joined(ROLE_WORDS[role] for role in who_may(act)).say(language(request))
    whose = _("This belongs to: %(who)s") % {"who": who}
    page = show(request, seat, "forbidden.html", status=403, nav="", whose=whose)
    page["HX-Retarget"], page["HX-Reselect"], page["HX-Reswap"] = "#main", "#main", "outerHTML"
    return page


def _rule_of(request: HttpRequest) -> Rule:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name not in RULES:
        raise ImproperlyConfigured(f"the address {name!r} has no line in web/permissions.py RULES")
    return RULES[name]


def _to_login(request: HttpRequest) -> HttpResponse:
    """Back to the page after it; a page that asked for a piece of itself goes there as a whole, and what was typed into
    a form meanwhile is shown first."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("account_login"))
    if typed := typed_in(request):
        return render(request, "web/signed_out.html", {"typed": typed}, status=403)
    return redirect_to_login(request.get_full_path() if request.method in READING else reverse("desk:queue"))
