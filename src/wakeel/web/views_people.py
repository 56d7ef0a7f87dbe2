"""Who may come in, and what they may do: an administrator invites, sets roles, closes and opens logins."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wakeel import clock, config
from wakeel.flows.invite_person import LinkOver, NameTaken, accept, invite, look, withdraw
from wakeel.flows.people_of_business import Outcome, close_login, drop_second_factor, open_login, set_roles
from wakeel.flows.set_up import BadLogin
from wakeel.store.screens import logins
from wakeel.store.screens.logins import Login
from wakeel.store.screens.seat import Seat
from wakeel.web.forms_settings import AcceptForm, InviteForm, RolesForm
from wakeel.web.seats import seated, show, user_id, user_of


def people(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody, and the links that are still open."""
    return show(
        request, seat, "people.html", nav="settings", section="people", people=logins.of_business(seat.business_id),
        invitations=logins.invitations(seat.business_id, real_now=clock.real_now()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Make a link and show it in this one answer: it is stored hashed, so no later page can."""
    form = InviteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        token = invite(
            seat.business_id, form.wanted(), name=form.cleaned_data["name"], by=user_of(request).get_username(),
            by_user_id=user_id(request), now=clock.now(), real_now=clock.real_now(),
        )  # fmt: skip
        path = reverse("invitation", args=[token])
        link = f"{config.get().public_url or request.build_absolute_uri('/').rstrip('/')}{path}"
        return _section(request, seat, "invited.html", link=link, roles=form.wanted(), name=form.cleaned_data["name"])
    return _section(request, seat, "invite.html", status=422 if form.errors else 200, form=form)


@require_POST
@seated
def take_back(request: HttpRequest, seat: Seat, invitation_id: str) -> HttpResponse:
    """A link that gives nothing any more."""
    if withdraw(seat.business_id, invitation_id, by_user_id=user_id(request), now=clock.now()):
        messages.success(request, _("The link is withdrawn: nobody comes in by it."))
    else:
        messages.info(request, _("Nothing changed."))
    return redirect("desk:settings", "people")


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def roles(request: HttpRequest, seat: Seat, login_id: int) -> HttpResponse:
    """What one person may do."""
    login = _login(seat, login_id)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": sorted(login.roles)})
    if form.is_bound and form.is_valid():
        outcome = set_roles(
            seat.business_id, login_id, form.wanted(), by=user_of(request).get_username(),
            by_user_id=user_id(request), now=clock.now(),
        )  # fmt: skip
        if outcome in _REFUSALS:
            form.add_error(None, _refusal(outcome))
        else:
            return _told(request, outcome, _("The roles are kept; they hold from now on."))
    return _section(request, seat, "roles.html", status=422 if form.errors else 200, form=form, login=login)


@require_POST
@seated
def close(request: HttpRequest, seat: Seat, login_id: int) -> HttpResponse:
    """Somebody without a phone cannot come in any more; an operator leaves the team on a page of their own."""
    login = _login(seat, login_id)
    if login.operator_id is not None:
        return redirect("desk:team_leave", login.operator_id)
    outcome = close_login(seat.business_id, login_id, by_user_id=user_id(request), now=clock.now())
    return _told(request, outcome, _("The login is closed, and its sessions have ended."))


@require_POST
@seated
def open_again(request: HttpRequest, seat: Seat, login_id: int) -> HttpResponse:
    """With the roles they had."""
    _login(seat, login_id)
    outcome = open_login(seat.business_id, login_id, by_user_id=user_id(request), now=clock.now())
    return _told(request, outcome, _("The login is open again."))


@require_POST
@seated
def second_factor_away(request: HttpRequest, seat: Seat, login_id: int) -> HttpResponse:
    """For somebody who lost the app, the passkeys and the codes."""
    _login(seat, login_id)
    outcome = drop_second_factor(seat.business_id, login_id, by_user_id=user_id(request), now=clock.now())
    return _told(request, outcome, _("The second factor is taken away; the password alone opens this login again."))


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link: choose a name and a password."""
    invited = look(token, real_now=clock.real_now())
    if invited is None:
        return render(request, "web/invitation_over.html", status=404)
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"name": invited.name})
    if form.is_bound and form.is_valid() and _accepted(token, form):
        messages.success(request, _("Your login is ready. Sign in with it."))
        return redirect("account_login")
    status = 422 if form.errors else 200
    return render(request, "web/invitation.html", {"form": form, "invited": invited}, status=status)


def _accepted(token: str, form: AcceptForm) -> bool:
    """False with the reason on the form."""
    wanted = form.cleaned_data
    try:
        accept(
            token, username=wanted["username"], name=wanted["name"].strip(), password=wanted["password"],
            now=clock.now(), real_now=clock.real_now(),
        )  # fmt: skip
    except NameTaken:
        form.add_error("username", _("Somebody signs in with this name already. Choose another one."))
    except BadLogin as refused:
        for problem in refused.problems:
            form.add_error(refused.field, problem)
    except LinkOver:
        form.add_error(None, _("The link was used or withdrawn meanwhile. An administrator can make a new one."))
    else:
        return True
    return False


_REFUSALS = frozenset({Outcome.LAST_ADMIN, Outcome.OWN_ADMIN, Outcome.NO_ROLE, Outcome.ELSEWHERE})


def _refusal(outcome: Outcome) -> str:
    match outcome:
        case Outcome.LAST_ADMIN:
            return _("Nobody would be left who administers. Nothing was changed.")
        case Outcome.OWN_ADMIN:
            return _("This is you: another administrator must do it. Nothing was changed.")
        case Outcome.ELSEWHERE:
            return _("This login belongs to another business on this server, too. Take its roles away instead.")
        case _:
            return _("Whoever has no role cannot come in. Close the login instead.")


def _told(request: HttpRequest, outcome: Outcome, done: str) -> HttpResponse:
    """Back to the people, with what became of it."""
    match outcome:
        case Outcome.NOBODY:
            raise Http404
        case Outcome.DONE:
            messages.success(request, done)
        case Outcome.UNCHANGED:
            messages.info(request, _("Nothing changed."))
        case _:
            messages.warning(request, _refusal(outcome))
    return redirect("desk:settings", "people")


def _login(seat: Seat, login_id: int) -> Login:
    found = logins.one(seat.business_id, login_id)
    if found is None:
        raise Http404
    return found


def _section(request: HttpRequest, seat: Seat, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    return show(request, seat, template, status=status, nav="settings", section="people", **context)
