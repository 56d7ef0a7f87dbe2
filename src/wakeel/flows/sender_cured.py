"""What kept a number from sending is over: messages that waited for nothing but that go on. Design section 6."""

from collections.abc import Collection
from datetime import datetime

from wakeel.domain.drafts import DraftState
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.release_held import release_held
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.store import businesses
from wakeel.store.models import Contact, Draft, OutboxMessage


def go_on(business_id: str, number_ids: Collection[str], *, code: ReasonCode, now: datetime) -> None:
    """Messages held for `code` leave, are asked again, or wait for the stop switch if that is on; inside the caller's
    transaction."""
    held = OutboxMessage.objects.filter(
        business_id=business_id, number__in=number_ids, state=OutboxState.HELD, hold_code=code
    )
    if businesses.is_stopped(business_id):
        held.filter(audience=Audience.CONTACT).update(hold_code=ReasonCode.KILL_SWITCH, updated_at=now)
    for message in list(held.filter(draft__isnull=False).select_related("draft__opportunity__owner", "draft__number")):
        release_held(message, now=now)
    held.update(state=OutboxState.PENDING, hold_code="", due_at=now, updated_at=now)
    show_refused(business_id, now=now)


def show_refused(business_id: str, *, now: datetime) -> None:
    """Drafts whose approval was refused are shown once more if they can be approved now."""
    refused = Draft.objects.filter(business_id=business_id, state=DraftState.AWAITING_APPROVAL, reshow_when_cured=True)
    for contact in Contact.objects.filter(pk__in=refused.values("contact")).order_by("pk"):
        show_what_is_cured(contact, now=now)
