"""An operator says that a person is never to be written to; an administrator may lift it. Check 8 of the gate."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Action, Deed
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.suppression import CAUSE_WORDS, SuppressionCause
from wakeel.domain.text import one_line, plain
from wakeel.flows import audit
from wakeel.flows.audit import note_about
from wakeel.flows.reply import Reply, Value
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.take_back import take_back_all
from wakeel.store import contacts, decisions, suppressions
from wakeel.store.keyring import keyring
from wakeel.store.retry import whole_transaction

BY_HAND = (SuppressionCause.MANUAL, SuppressionCause.COMPLAINT, SuppressionCause.LEGAL, SuppressionCause.MINOR)
"""Causes that an operator can state; the others come from WhatsApp or from a request about the person's data."""

_LIFTED_ELSEWHERE = frozenset({SuppressionCause.RESTRICTED, SuppressionCause.ERASED})
"""Restricted until a request of theirs is answered; erased for good."""


@whole_transaction
def suppress_contact(operator_id: str, contact_id: str, *, cause: SuppressionCause, note: str, now: datetime) -> Reply:
    """Nothing is sent to this person from now on, by whichever number; what waits is taken back at once.

    note: why, in the operator's words; needed. The same cause a second time is the one that stands.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        contact = contacts.lock(operator.business_id, contact_id)
        if contact is None or cause not in BY_HAND:
            return Reply(AnswerCode.NO_SUCH_CONTACT)
        if not plain(note).strip():
            return Reply(AnswerCode.REASON_MISSING)
        group, name = contacts.group_of(contact), one_line(contact.name)
        if suppressions.standing(group, cause):
            return Reply(AnswerCode.SUPPRESSED_BEFORE, {"name": name, "cause": CAUSE_WORDS[cause]})
        address = contacts.address_of(contact.id)
        suppressions.add(
            contact.business_id, contact_id=contact.id, cause=cause, actor=operator.id, note=plain(note).strip(),
            address_token=keyring().address_token(address) if address else "", now=now,
        )  # fmt: skip
        taken = take_back_all(group, code=ReasonCode.SUPPRESSED, facts={"cause": cause.value}, now=now)
        note_about(contact.id, operator, Deed.SUPPRESSED, cause=cause.value, now=now)
        values: dict[str, Value] = {"name": name, "cause": CAUSE_WORDS[cause], "count": taken}
        return Reply(AnswerCode.SUPPRESSED_NOW, values, carried_out=True)


@whole_transaction
def lift_suppression(business_id: str, contact_id: str, *, note: str, by: str, now: datetime) -> Reply:
    """Every suppression of this person that can be lifted by hand ends. What waits for approval is shown once more if
    it may leave now.

    note: why; needed. by: who says so, as the audit log writes it. The caller made sure that this is an administrator.
    """
    with transaction.atomic():
        contact = contacts.lock(business_id, contact_id)
        if contact is None:
            return Reply(AnswerCode.NO_SUCH_CONTACT)
        if not plain(note).strip():
            return Reply(AnswerCode.REASON_MISSING)
        group = contacts.group_of(contact)
        standing = [
            row
            for cause in SuppressionCause
            if cause not in _LIFTED_ELSEWHERE
            for row in suppressions.standing(group, cause)
        ]
        lifted = [suppressions.lift(row.id, by=by, note=plain(note).strip(), now=now) for row in standing]
        if not any(lifted):
            return Reply(AnswerCode.NOTHING_TO_LIFT)
        show_what_is_cured(contact, now=now)
        audit.note(
            contact.business_id, by=by, action=Action.PERSON_ACT, subject=contact.id,
            after={"what": Deed.SUPPRESSION_LIFTED}, now=now,
        )  # fmt: skip
        return Reply(AnswerCode.SUPPRESSION_LIFTED, {"name": one_line(contact.name)}, carried_out=True)
