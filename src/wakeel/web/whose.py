"""Whose an opportunity is to decide, and whose a person: operators decide what is theirs or nobody's, supervisors
everything."""

from collections.abc import Collection

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wakeel.domain.roles import Act
from wakeel.store.screens import item as items
from wakeel.store.screens import people
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


def others(seat: Seat, opportunity_ids: Collection[str]) -> dict[str, str]:
    """Of these, those that whoever looks would be refused: who has them, by id. None for who decides nothing."""
    if seat.may(Act.REASSIGN) or not seat.may(Act.DECIDE):
        return {}
    return items.others(seat.business_id, opportunity_ids, viewer=seat.operator_id)


def keeper(seat: Seat, contact_id: str, records: Collection[str]) -> str:
    """The colleague who has this person, '' where whoever looks may change what is recorded about them. records: all of
    this person's."""
    return "" if seat.may(Act.REASSIGN) else people.kept_by(contact_id, records, viewer=seat.operator_id)


def person_refused(request: HttpRequest, seat: Seat, contact_id: str) -> HttpResponse | None:
    """Who has this person, said on their page; None if whoever asks may change what is recorded about them.

    What only protects a person is not asked about here: anybody may stop what is sent to them.
    """
    who = keeper(seat, contact_id, people.records_of(seat.business_id, contact_id))
    if not who:
        return None
    messages.warning(request, _("Nothing changed: %(who)s has this person.") % {"who": who})
    return redirect("desk:contact", contact_id)


def may_decide(seat: Seat, *, is_theirs: bool) -> bool:
    """Whether buttons about an opportunity would do something for whoever looks."""
    return seat.operator_id is not None and seat.may(Act.DECIDE) and (is_theirs or seat.may(Act.REASSIGN))
