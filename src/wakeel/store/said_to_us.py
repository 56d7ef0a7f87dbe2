"""Which opportunities words of contacts are about."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from wakeel.domain.opportunities import UNFINISHED, OpportunityState
from wakeel.store.compiled import Compiled, CompiledUpdate
from wakeel.store.models import Opportunity

_STATES = [state.value for state in UNFINISHED]
_UNFINISHED = Compiled(
    lambda contacts: (
        Opportunity.objects.filter(contact__in=contacts, state__in=_STATES)
        .select_related("owner", "contact")
        .order_by("pk")
    )
)


def unfinished(contact_ids: Collection[str]) -> dict[str, list[Opportunity]]:
    """What has not come to its end about these people, with contact and owner, by contact."""
    found: dict[str, list[Opportunity]] = defaultdict(list)
    for opportunity in _UNFINISHED(contacts=contact_ids) if contact_ids else ():
        found[opportunity.contact_id].append(opportunity)
    return found


def keep_words(opportunities: Iterable[Opportunity], *, now: datetime) -> None:
    """Write the summaries of these, each once; what somebody was shown meanwhile stays as it was shown."""
    _KEEP.each([{"pk": one.pk, "summary": one.summary, "now": now} for one in opportunities])


_KEEP = CompiledUpdate(
    lambda pk, summary, now: (
        Opportunity.objects.filter(pk=pk, state=OpportunityState.NEW.value),
        {"summary": summary, "updated_at": now},
    )
)
