"""How fast we let a number send, below what Meta allows. The worker reads it with every claim."""

from wakeel.domain.sending_limits import OwnLimits
from wakeel.store import businesses


def set_own_limits(business_id: str, number_id: str, limits: OwnLimits) -> bool:
    """From the next message on. False if the business has no such number."""
    return businesses.set_own_limits(business_id, number_id, limits)
