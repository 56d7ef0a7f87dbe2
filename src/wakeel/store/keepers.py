"""Whose a person is: a colleague keeps whom they have an opportunity with. Number, record and new work follow that."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, When

from wakeel.domain.opportunities import UNFINISHED
from wakeel.domain.recognition import OperatorState
from wakeel.store.compiled import Compiled
from wakeel.store.models import Operator, Opportunity

_UNFINISHED = [state.value for state in UNFINISHED]


def other_keeper(contact_id: str, records: Collection[str], *, but: str | None) -> Operator | None:
    """The colleague who has this person, None if nobody has, or `but` does. records: all of this person's.

    Of what goes on with them counts the newest, else of what was; who left keeps nobody. `but`, an operator's id, has
    them by an opportunity with this very record: one with a record joined to it tells nothing about this one's number.
    """
    found = list(_kept(contacts=list(records)))
    now = [row for row in found if row.state in UNFINISHED] or found
    if any(row.owner_id == but and row.contact_id == contact_id for row in now):
        return None
    return next((row.owner for row in now if row.owner_id != but), None)


@Compiled
def _kept(*, contacts: Any) -> QuerySet[Opportunity]:
    is_over = Case(When(state__in=_UNFINISHED, then=0), default=1, output_field=IntegerField())
    rows = Opportunity.objects.filter(contact__in=contacts, owner__state=OperatorState.ACTIVE.value)
    return rows.select_related("owner").order_by(is_over, "-updated_at", "-id")
