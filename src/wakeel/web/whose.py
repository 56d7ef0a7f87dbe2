"""Whose an opportunity is to decide: operators decide what is theirs or nobody's, supervisors everything."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wakeel.domain.roles import Act
from wakeel.store.screens import item as items
from wakeel.store.screens.seat import Seat


def refused(request: HttpRequest, seat: Seat, opportunity_id: str) -> HttpResponse | None:
    """Who has it now, said on its page, if that is somebody else; None if this person may decide about it.

    404 for an opportunity of another business.
    """
    standing = items.standing_of(seat.business_id, opportunity_id, viewer=seat.operator_id)
    if standing is None:
        raise Http404
    if standing.is_theirs or seat.may(Act.REASSIGN):
        return None
    # Nobody else's is one with an owner: to say who it is, is the whole answer.
    messages.warning(request, _("Nothing was decided: %(who)s has it now.") % {"who": standing.owner})
    return redirect("desk:item", opportunity_id)


def has(seat: Seat, draft_id: str) -> bool:
    """Whether this person may decide about a draft."""
    opportunity_id = items.opportunity_of_draft(seat.business_id, draft_id)
    standing = items.standing_of(seat.business_id, opportunity_id, viewer=seat.operator_id) if opportunity_id else None
    return standing is not None and (standing.is_theirs or seat.may(Act.REASSIGN))


def may_decide(seat: Seat, *, is_theirs: bool) -> bool:
    """Whether buttons about an opportunity would do something for whoever looks."""
    return seat.operator_id is not None and seat.may(Act.DECIDE) and (is_theirs or seat.may(Act.REASSIGN))
