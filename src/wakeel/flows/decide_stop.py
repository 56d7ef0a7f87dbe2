"""A person of the business says whether a sentence that we took for a request to stop was one. Walk 4.

Only a guess of ours can be cancelled, with a reason (reference 3.6); what a person asked for, only they reopen.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category, ConsentType
from wakeel.domain.text import name_line, plain
from wakeel.domain.words import Text
from wakeel.flows.reply import Reply, Value
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.withdraw_consent import EVERYTHING, OFFERS, withdraw
from wakeel.store import consent, contacts, decisions
from wakeel.store.models import ConsentEventRow, Contact, Operator
from wakeel.store.retry import whole_transaction

INFERRED = "inferred_text"


class StopScope(StrEnum):
    ALL = "all"
    MARKETING = "marketing"


_CATEGORIES: dict[StopScope, Collection[Category]] = {StopScope.ALL: EVERYTHING, StopScope.MARKETING: OFFERS}
SCOPE_NAMES: dict[StopScope, Text] = {
    StopScope.ALL: Text("كل الرسائل", "all messages"),
    StopScope.MARKETING: Text("العروض", "offers"),
}


@whole_transaction
def confirm_stop(operator_id: str, event_id: str, *, scope: StopScope, now: datetime) -> Reply:
    """The sentence was a request to stop: written as the person's own wish, at the time of their sentence."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        entry, contact = _inferred(operator, event_id)
        if entry is None or contact is None:
            return Reply(AnswerCode.STOP_STANDS)
        withdraw(
            [contact], _CATEGORIES[scope], at=entry.at or entry.recorded_at, source="user_request",
            occurrence=f"confirm-stop:{entry.id}:{scope}", evidence=consent.details_of(entry).get("evidence", ""),
            actor=operator.id, clock=entry.clock, now=now,
        )  # fmt: skip
        values: dict[str, Value] = {"name": name_line(contact.name), "what": SCOPE_NAMES[scope]}
        return Reply(AnswerCode.STOP_RECORDED, values, carried_out=True)


@whole_transaction
def cancel_inferred(operator_id: str, event_id: str, *, reason: str, now: datetime) -> Reply:
    """The sentence was no request: the guess is lifted for everybody it was written for, and what it held is shown.

    reason: needed; stands in the ledger as the evidence.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        entry, contact = _inferred(operator, event_id)
        if entry is None or contact is None:
            return Reply(AnswerCode.STOP_STANDS)
        if not plain(reason).strip():
            return Reply(AnswerCode.REASON_MISSING)
        for row in consent.of_same_happening(entry):
            _lift(row, by=operator, reason=plain(reason).strip(), now=now)
        return Reply(AnswerCode.STOP_CANCELLED, {"name": name_line(contact.name)}, carried_out=True)


def _inferred(operator: Operator, event_id: str) -> tuple[ConsentEventRow | None, Contact | None]:
    """The guess and whom it is about; None for an entry of another kind, of another business, or settled before."""
    entry = consent.find(operator.business_id, event_id)
    if entry is None or entry.type != ConsentType.WITHDRAW or entry.source != INFERRED:
        return None, None
    if consent.recorded(entry.payload.contact_id, _cancelled(entry.id)) is not None:
        return None, None
    return entry, contacts.lock(operator.business_id, entry.payload.contact_id)


def _lift(entry: ConsentEventRow, *, by: Operator, reason: str, now: datetime) -> None:
    contact = entry.payload.contact
    consent.append(
        contact.business_id,
        contact_id=contact.id,
        type=ConsentType.RESUME,
        address=consent.details_of(entry).get("address", ""),
        at=now,
        recorded_at=now,
        source="operator",
        actor=by.id,
        evidence=reason,
        occurrence=_cancelled(entry.id),
        withdraw_id=entry.id,
        categories=list(entry.categories),
        clock="server",
    )
    show_what_is_cured(contact, now=now)


def _cancelled(event_id: str) -> str:
    return f"cancel-inferred:{event_id}"
