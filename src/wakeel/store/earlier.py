"""What became of earlier opportunities of people and of their organisations: what the ranking learns from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.ranking import Earlier
from wakeel.domain.skip_reasons import SkipReason
from wakeel.store.compiled import Compiled
from wakeel.store.models import Opportunity

TAUGHT = 500
"""So many refusals of organisations are looked at; the newest ones."""


class _Row(NamedTuple):
    id: str
    contact_id: str
    organisation: str
    state: str
    reason: str
    purpose: str
    at: datetime
    value: Decimal | None


class History:
    """Two queries for any number of people: what each of them and each of their organisations had before.

    people: contact ids, each with its organisation, '' for none.
    """

    def __init__(self, business_id: str, people: Iterable[tuple[str, str]]) -> None:
        known = set(people)
        self._of_person = _grouped(_OF_PEOPLE(contacts={pk for pk, _ in known}), 1) if known else {}
        named = {organisation for _, organisation in known if organisation}
        self._of_organisation = _grouped(_NO_FIT(business=business_id, organisations=named), 2) if named else {}

    def of(self, contact_id: str, organisation: str, *, but: str = "") -> tuple[Earlier, ...]:
        """Of one person, then of their colleagues. but: the opportunity that is ranked."""
        theirs = [_earlier(row) for row in self._of_person.get(contact_id, ()) if row.id != but]
        colleagues = [row for row in self._of_organisation.get(organisation, ()) if row.contact_id != contact_id]
        return (*theirs, *(_earlier(row, is_same_person=False) for row in colleagues))


def _grouped(rows: Iterable[tuple[object, ...]], column: int) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[str(row[column])].append(_Row._make(row))
    return found


def _earlier(row: _Row, *, is_same_person: bool = True) -> Earlier:
    return Earlier(OpportunityState(row.state), row.reason, row.purpose, row.at, is_same_person, row.value)


_COLUMNS = (
    "id", "contact_id", "contact__organisation", "state", "skip_reason", "purpose", "updated_at", "result_value"
)  # fmt: skip
_DECIDED = [OpportunityState.SKIPPED.value, OpportunityState.WON.value, OpportunityState.LOST.value]
_OF_PEOPLE = Compiled(
    lambda contacts: (
        Opportunity.objects.filter(contact__in=contacts, state__in=_DECIDED).order_by().values_list(*_COLUMNS)
    )
)
_NO_FIT = Compiled(
    lambda business, organisations: (
        Opportunity.objects.filter(
            business=business, state=OpportunityState.SKIPPED.value, skip_reason=SkipReason.NO_FIT.value,
            contact__organisation__in=organisations,
        )
        .order_by("-updated_at")
        .values_list(*_COLUMNS)[:TAUGHT]
    )
)  # fmt: skip
