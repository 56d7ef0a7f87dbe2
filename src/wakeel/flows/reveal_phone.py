"""Somebody who sees masked numbers looks at one of them, and says why. The audit log keeps both."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.text import plain
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.store import contacts
from wakeel.store.screens.people import phone_of

SHORTEST_REASON = 5
LONGEST_REASON = 200


def reveal_phone(business_id: str, contact_id: str, *, reason: str, by: str, now: datetime) -> str | Text:
    """`+` and digits, for this one answer; why not as words. What was typed as the reason is kept without digits that
    could be a number.
    """
    said = plain(reason).strip()
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        return _REASON
    with transaction.atomic():
        contact = contacts.lock(business_id, contact_id)
        phone = phone_of(contact_id) if contact is not None else ""
        if not phone:
            return _NONE
        words = "".join("•" if letter.isdecimal() else letter for letter in said)
        audit.note(
            business_id, by=by, action=Action.PHONE_REVEALED, subject=contact_id, after={"reason": words}, now=now
        )
    return phone


_REASON = Text("يُكتب السبب، في 5 أحرف إلى 200 حرف.", "Give the reason, in 5 to 200 letters.")
_NONE = Text("لا رقم مسجّلًا لهذا الشخص.", "No number is known of this person.")
