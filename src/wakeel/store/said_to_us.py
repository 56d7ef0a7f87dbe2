"""Which opportunities words of contacts are about."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from wakeel.domain.opportunities import UNFINISHED
from wakeel.store.compiled import Compiled
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


def add_words(opportunity: Opportunity, summary: str, *, now: datetime) -> None:
    """The same opportunity with more of what they said; nobody was shown it yet."""
    if summary == opportunity.summary:
        return
    opportunity.summary = summary
    Opportunity.objects.filter(pk=opportunity.pk, state="new").update(summary=summary, updated_at=now)
