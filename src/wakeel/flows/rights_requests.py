"""What people ask about their data: recorded whatever way it came, answered within thirty days, each step on record.

Source: PDPL implementing regulation, articles 3, 7 and 10, by the reference "consent and contactability", section 1.1,
read 2026-11-22.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action, Deed
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.rights import RESTRICTABLE, CameBy, RequestState, Right, extended_until
from wakeel.domain.suppression import SuppressionCause
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.flows.take_back import take_back_all
from wakeel.store import contacts, rights, suppressions
from wakeel.store.models import Contact, RightsRequest
from wakeel.store.retry import whole_transaction


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """field: the input to mend, '' if none can. reason: what is wrong and what to do. Nothing was changed."""

    field: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Changed:
    """request_id: of the request that was opened or moved on."""

    request_id: str


Answer = Changed | RefusedRequest


@whole_transaction
def open_request(
    business_id: str,
    contact_id: str,
    *,
    right: str,
    came_by: str,
    words: str,
    received_at: datetime,
    by: str,
    now: datetime,
) -> Answer:
    """Record one request. words: what they said or wrote, '' if nobody wrote it down. by: web account's id as text."""
    with transaction.atomic():
        contact = Contact.objects.filter(business_id=business_id, pk=contact_id, erased_at=None).first()
        if contact is None:
            return RefusedRequest("", _NOBODY)
        if right not in set(Right):
            return RefusedRequest("right", _CHOOSE)
        if came_by not in set(CameBy):
            return RefusedRequest("came_by", _CHOOSE)
        if received_at.tzinfo is None or received_at > now:
            return RefusedRequest("received_at", _FUTURE)
        made = rights.keep(
            contact, right=Right(right), came_by=CameBy(came_by), words=words.strip(), received_at=received_at, by=by
        )
        audit.note(business_id, by=by, action=Action.REQUEST_OPENED, subject=made.id, after={"right": right}, now=now)
        return Changed(made.id)


@whole_transaction
def note_identity(business_id: str, request_id: str, *, how: str, by: str, name: str, now: datetime) -> Answer:
    """Write down how we made sure that the person who asks is the person whose data it is. name: that account's."""
    if not how.strip():
        return RefusedRequest("how", _SAY)
    said = f"{how.strip()} ({name}, {now:%Y-%m-%d})"
    return _change(business_id, request_id, Deed.IDENTITY_CHECKED, {"identity_checked": said}, by=by, now=now)


@whole_transaction
def extend(business_id: str, request_id: str, *, reason: str, by: str, now: datetime) -> Answer:
    """Thirty more days, once, while the first thirty still run: the person is told before, with the reason."""
    with transaction.atomic():
        request = rights.lock(business_id, request_id)
        if request is None or request.state != RequestState.OPEN:
            return RefusedRequest("", _CLOSED)
        if not reason.strip():
            return RefusedRequest("reason", _REASON)
        if request.extended_until is not None:
            return RefusedRequest("", _ONCE)
        if now > request.due_at:
            return RefusedRequest("", _TOO_LATE)
        rights.change(request, extended_until=extended_until(request.due_at), extension_reason=reason.strip())
        _note(request, Deed.EXTENDED, by=by, now=now)
        return Changed(request.id)


@whole_transaction
def hold(business_id: str, request_id: str, *, because: str, by: str, now: datetime) -> Answer:
    """The data must be kept for now, for a claim or a complaint: nothing is destroyed while this stands."""
    if not because.strip():
        return RefusedRequest("because", _SAY)
    return _change(business_id, request_id, Deed.HELD, {"held_because": because.strip()}, by=by, now=now)


@whole_transaction
def release_hold(business_id: str, request_id: str, *, by: str, now: datetime) -> Answer:
    return _change(business_id, request_id, Deed.HOLD_RELEASED, {"held_because": ""}, by=by, now=now)


@whole_transaction
def restrict(business_id: str, request_id: str, *, by: str, now: datetime) -> Answer:
    """Nothing is sent to the person until the request is closed; what waits is taken back at once."""
    with transaction.atomic():
        request = rights.lock(business_id, request_id)
        if request is None or request.state != RequestState.OPEN or request.right not in RESTRICTABLE:
            return RefusedRequest("", _CLOSED)
        if not suppressions.standing([request.contact_id], SuppressionCause.RESTRICTED):
            suppressions.add(
                business_id, cause=SuppressionCause.RESTRICTED, contact_id=request.contact_id, note=request.id,
                actor=by, now=now,
            )  # fmt: skip
        group = contacts.group_of(request.contact)
        facts = {"cause": SuppressionCause.RESTRICTED.value}
        take_back_all(group, code=ReasonCode.SUPPRESSED, facts=facts, now=now)
        _note(request, Deed.RESTRICTED, by=by, now=now)
        return Changed(request.id)


@whole_transaction
def close(business_id: str, request_id: str, *, answer: str, refused: bool, by: str, now: datetime) -> Answer:
    """Answer a request, or refuse it with the reason; a restriction that it had ends with it.

    A request to destroy is not closed as done here: destroying closes it.
    """
    with transaction.atomic():
        request = rights.lock(business_id, request_id)
        if request is None or request.state != RequestState.OPEN:
            return RefusedRequest("", _CLOSED)
        if not answer.strip():
            return RefusedRequest("answer", _REASON if refused else _SAY)
        if not refused and request.right == Right.DESTROY:
            return RefusedRequest("", _DESTROY_FIRST)
        if not refused and not request.identity_checked:
            return RefusedRequest("", _WHO)
        state = RequestState.REFUSED if refused else RequestState.DONE
        rights.change(request, state=state, answer=answer.strip(), closed_at=now, closed_by=by)
        _end_restriction(request, by=by, now=now)
        _note(request, Deed.REFUSED if refused else Deed.DONE, by=by, now=now)
        return Changed(request.id)


def _note(request: RightsRequest, what: Deed, *, by: str, now: datetime) -> None:
    after = {"what": what}
    audit.note(request.business_id, by=by, action=Action.REQUEST_STEP, subject=request.id, after=after, now=now)


def _end_restriction(request: RightsRequest, *, by: str, now: datetime) -> None:
    """Only the restriction of this request; another request's stands."""
    for row in suppressions.standing([request.contact_id], SuppressionCause.RESTRICTED):
        if row.note == request.id:
            suppressions.lift(row.id, by=by, note="", now=now)


def _change(business_id: str, request_id: str, what: Deed, fields: dict[str, str], *, by: str, now: datetime) -> Answer:
    with transaction.atomic():
        request = rights.lock(business_id, request_id)
        if request is None or request.state != RequestState.OPEN:
            return RefusedRequest("", _CLOSED)
        rights.change(request, **fields)
        _note(request, what, by=by, now=now)
        return Changed(request.id)


_NOBODY = Text("جهة الاتصال غير موجودة، أو أُتلفت بياناتها.", "There is no such contact, or their data was destroyed.")
_CHOOSE = Text("اختر من القائمة.", "Choose from the list.")
_FUTURE = Text("وقت الاستلام غير صالح أو في المستقبل.", "The time of receipt is invalid or in the future.")
_CLOSED = Text("الطلب مغلق أو لا يقبل هذا الإجراء. لم يتغير شيء.", "The request is closed or does not take this step.")
_REASON = Text("اذكر السبب: يُبلَّغ به صاحب الطلب.", "Give the reason: the person is told it.")
_SAY = Text("اكتب ما جرى.", "Write down what was done.")
_ONCE = Text("مُدّد الطلب من قبل، والتمديد مرة واحدة.", "It was extended before; only once is allowed.")
_TOO_LATE = Text(
    "انقضت الثلاثون يومًا. التمديد يكون قبل انقضائها وبإشعار مسبق.",
    "The thirty days are over. An extension comes before their end, with prior notice.",
)
_DESTROY_FIRST = Text(
    "يُغلق طلب الإتلاف بتنفيذ الإتلاف، أو يُرفض بسبب.",
    "A request to destroy is closed by destroying, or refused with a reason.",
)
_WHO = Text("سجّل أولًا كيف تُحقق من هوية صاحب الطلب.", "First write down how the person's identity was checked.")
