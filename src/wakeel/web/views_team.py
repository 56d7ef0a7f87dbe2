"""The team: who is in it, what holds for all, somebody who leaves, and work that is given to somebody."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wakeel import clock
from wakeel.domain.roles import Act
from wakeel.flows.assign import assign as assign_opportunity
from wakeel.flows.deactivate_operator import Left, Outcome, deactivate_operator, open_login_again
from wakeel.flows.set_team_rules import set_team_rules
from wakeel.store.screens import team as teams
from wakeel.store.screens.seat import Seat
from wakeel.store.screens.team import Member
from wakeel.web import whose
from wakeel.web.forms_team import LastLeavesForm, LeaveForm, RulesForm, initial_rules
from wakeel.web.seats import deciding, must, one_time_key, operator_of, seated, show, tell, user_id, user_of
from wakeel.web.views_decide import go_on, stay


@require_safe
@seated
def team(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody, with what they have; administrators also see what they may change."""
    page = teams.read(seat.business_id, now=clock.now())
    return show(request, seat, "team.html", nav="team", page=page, rules=initial_rules(page.rules))


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def rules(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who must approve, how long drafts wait, how they sound."""
    initial = initial_rules(teams.rules(seat.business_id))
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm(initial=initial)
    if form.is_bound and form.is_valid():
        changed = set_team_rules(seat.business_id, form.rules(), by=user_of(request).get_username(), now=clock.now())
        messages.success(
            request, _("The rules are changed, for every text from now on.") if changed else _("Nothing changed.")
        )
        return redirect("desk:team")
    return show(request, seat, "team_rules.html", status=422 if form.errors else 200, nav="team", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def leave(request: HttpRequest, seat: Seat, operator_id: str) -> HttpResponse:
    """Say what becomes of their work; then end it."""
    member = _member(seat, operator_id)
    form = _leave_form(request, seat, member)
    if not form.is_bound:
        return _leave_page(request, seat, member, form)
    if form.is_valid():
        left = deactivate_operator(
            seat.business_id, operator_id, by=user_of(request).get_username(), by_user_id=user_id(request),
            may_leave_nobody=bool(form.cleaned_data.get("may_leave_nobody")), now=clock.now(),
        )  # fmt: skip
        return _left(request, seat, member, form, left)
    return _leave_page(request, seat, member, form, status=422)


@require_POST
@seated
def come_back(request: HttpRequest, seat: Seat, operator_id: str) -> HttpResponse:
    """Their login is open again; the phone is linked anew by themselves."""
    member = _member(seat, operator_id)
    by = user_of(request).get_username()
    if open_login_again(seat.business_id, operator_id, by=by, now=clock.now()):
        messages.success(request, _("%(name)s may sign in again and link a phone.") % {"name": member.name})
    else:
        messages.info(request, _("Nothing changed."))
    return redirect("desk:team")


@deciding
def assign(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse:
    """Take one over that is nobody's; supervisors also take and give what somebody has, and whoever had it is told."""
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    to = request.POST.get("to", "")
    if to != seat.operator_id:
        must(seat, Act.REASSIGN)
    reply = assign_opportunity(operator_of(seat), opportunity_id, to=to, tap_key=one_time_key(request), now=clock.now())
    tell(request, reply)
    goes_on = reply.carried_out and to != seat.operator_id
    return redirect(go_on(request, seat) if goes_on else stay(request, seat, opportunity_id))


def _member(seat: Seat, operator_id: str) -> Member:
    found = teams.member(seat.business_id, operator_id, now=clock.now())
    if found is None:
        raise Http404
    return found


def _leave_form(request: HttpRequest, seat: Seat, member: Member) -> LeaveForm:
    is_last = member.is_active and {one.id for one in teams.colleagues(seat.business_id)} <= {member.id}
    kind = LastLeavesForm if is_last else LeaveForm
    return kind(request.POST) if request.method == "POST" else kind()


def _left(request: HttpRequest, seat: Seat, member: Member, form: LeaveForm, left: Left | None) -> HttpResponse:
    match left.outcome if left is not None else None:
        case Outcome.DONE if left is not None:
            words = _("%(name)s is no operator any more. Opportunities that others have now: %(number)d.")
            messages.success(request, words % {"name": member.name, "number": left.opportunities})
            return redirect("desk:team")
        case Outcome.NOBODY_LEFT:
            form.add_error(None, _("Nobody would be left who decides. Say that you know, or link another phone first."))
        case Outcome.LAST_ADMIN:
            form.add_error(None, _("Nobody would be left who administers. Nothing was changed."))
        case Outcome.YOURSELF:
            form.add_error(None, _("This is you: another administrator must do it."))
        case _:
            messages.info(request, _("Nothing changed."))
            return redirect("desk:team")
    return _leave_page(request, seat, member, form, status=422)


def _leave_page(
    request: HttpRequest, seat: Seat, member: Member, form: LeaveForm, *, status: int = 200
) -> HttpResponse:
    others = [one.name for one in teams.colleagues(seat.business_id) if one.id != member.id]
    return show(request, seat, "team_leave.html", status=status, nav="team", member=member, others=others, form=form)
