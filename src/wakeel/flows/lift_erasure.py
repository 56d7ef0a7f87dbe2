"""Somebody whose data was destroyed asks to be written to again: an administrator says how we know, with a reason."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.suppression import SuppressionCause
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.store import contacts, suppressions
from wakeel.store.retry import whole_transaction

_SHORTEST_REASON = 10


@whole_transaction
def lift_erasure(business_id: str, contact_id: str, *, reason: str, by: str, now: datetime) -> Text | None:
    """Stop refusing the addresses this contact has now; None when done, else why nothing was changed.

    The caller made sure that `by` is an administrator. No consent comes back by this: the gate asks for it as of
    anybody else.
    """
    with transaction.atomic():
        contact = contacts.lock(business_id, contact_id)
        standing = suppressions.of_addresses(business_id, contact_id, SuppressionCause.ERASED) if contact else []
        if contact is None or not standing:
            return _NOTHING
        if len(reason.strip()) < _SHORTEST_REASON:
            return _REASON
        for row in standing:
            suppressions.lift(row.id, by=by, note=reason.strip(), now=now)
        show_what_is_cured(contact, now=now)
        audit.note(business_id, by=by, action=Action.PERSON_READMITTED, subject=contact_id, now=now)
        return None


_NOTHING = Text(
    "لا يوجد إتلاف سابق يمنع مراسلة هذا الشخص.",
    "No earlier destruction of data stands against this person.",
)
_REASON = Text(
    "اكتب السبب بعشرة أحرف على الأقل: كيف طلب الشخص ذلك، ومتى.",
    "Write the reason, ten letters at least: how the person asked for it, and when.",
)
