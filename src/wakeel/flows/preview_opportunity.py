"""What a page asks about an opportunity, as the digest a decision on it must carry. Reads only."""

from wakeel.flows.show_card import opportunity_digest
from wakeel.store.models import Opportunity


def asked_digest(opportunity_id: str) -> str:
    """The digest of the current question, the same as of its card. Raises Opportunity.DoesNotExist."""
    return opportunity_digest(Opportunity.objects.get(pk=opportunity_id))
