"""Cards that stood on other phones when somebody decided what they ask."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from wakeel.domain.outbox import OutboxState
from wakeel.domain.recognition import OperatorState
from wakeel.store import cards
from wakeel.store.compiled import Compiled
from wakeel.store.models import Operator, Showing


@dataclass(frozen=True, slots=True)
class Closed:
    """One operator's card about an opportunity or its draft, closed just now, after it had reached the phone."""

    operator_id: str
    opportunity_id: str
    draft_id: str | None


def closed_just_now(opportunity_ids: Collection[str], *, now: datetime) -> list[Closed]:
    """Cards about these that were closed at `now` on the phones of active operators, in the order they were shown.

    What of closed cards has not left yet is taken back. A question that is still open in another wording was not
    closed.
    """
    if not opportunity_ids:
        return []
    rows = _shown(opportunities=opportunity_ids, now=now)
    still_open = {(operator, about, draft) for operator, about, draft, closed_at, *_ in rows if closed_at is None}
    found: dict[Closed, None] = {}
    unsent: list[tuple[str, str | None]] = []
    for operator, opportunity, draft, closed_at, wamid, outbox, rendering, state in rows:
        if closed_at is None:
            continue
        if wamid is not None and (operator, opportunity, draft) not in still_open:
            found[Closed(operator, opportunity, draft)] = None
        elif state == OutboxState.PENDING:
            unsent.append((outbox, rendering))
    cards.take_back(unsent, now=now)
    return list(found)


@Compiled
def _shown(*, opportunities: Any, now: Any) -> QuerySet[Showing, Any]:
    at_stake = Q(card__closed_at=None) | Q(card__closed_at=now)
    rows = Showing.objects.filter(at_stake, card__opportunity__in=opportunities)
    return (
        rows.filter(card__operator__state=OperatorState.ACTIVE.value)
        .order_by("id")
        .values_list(
            "card__operator_id", "card__opportunity_id", "card__draft_id", "card__closed_at", "wamid", "outbox_id",
            "rendering_id", "outbox__state",
        )
    )  # fmt: skip


def by_id(operator_ids: Collection[str]) -> dict[str, Operator]:
    """These operators, by id."""
    return {row.id: row for row in Operator.objects.filter(pk__in=operator_ids)}
