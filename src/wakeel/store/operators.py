"""Operators, and the phones on their way to become one."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from wakeel.domain.addresses import canonical, spellings
from wakeel.domain.events import Sender
from wakeel.domain.gate_request import WINDOW
from wakeel.domain.opportunities import OPEN_STATES
from wakeel.domain.outbox import Lane, OutboxState
from wakeel.domain.recognition import Enrolled, EnrolmentState, OperatorState
from wakeel.store import new_people
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.models import (
    Card,
    ContactAlias,
    Enrolment,
    Operator,
    Opportunity,
    OutboxMessage,
    SendingNumber,
)
from wakeel.store.standings import refresh_standing
from wakeel.store.stored_times import as_kept


def address_of(operator: Operator) -> str | None:
    """How to write to this phone: `+` and digits if they are known, else the BSUID."""
    return f"+{operator.wa_id}" if operator.wa_id else operator.bsuid


def by_id(operator_id: str) -> Operator | None:
    return Operator.objects.select_related("number").filter(pk=operator_id).first()


def active(business_id: str) -> list[Operator]:
    return list(Operator.objects.filter(business_id=business_id, state=OperatorState.ACTIVE).order_by("enrolled_at"))


_EVER = Compiled(lambda business: Operator.objects.filter(business=business).order_by("state", "-enrolled_at"))


def ever(business_id: str) -> list[Operator]:
    """Everyone who ever was an operator of this business; the active one first where a phone was enrolled twice."""
    return _EVER(business=business_id)


def are_active(operator_ids: Collection[str]) -> bool:
    """Whether all of these still are operators."""
    return not operator_ids or len(_ACTIVE(ids=operator_ids)) == len(operator_ids)


_ACTIVE = Compiled(lambda ids: Operator.objects.filter(pk__in=ids, state=OperatorState.ACTIVE.value).values_list("pk"))


def enrolled(business_id: str) -> list[Enrolled]:
    """The same, as far as recognition needs to know them."""
    return [as_enrolled(row) for row in ever(business_id)]


def as_enrolled(row: Operator) -> Enrolled:
    return Enrolled(row.id, OperatorState(row.state), row.wa_id, row.bsuid)  # type: ignore[arg-type]


def only_number() -> SendingNumber | None:
    """The number operators send their code to; one deployment has one business for now."""
    return SendingNumber.objects.select_related("business").order_by("phone_number_id").first()


def expects_code(business_id: str, *, real_now: datetime) -> bool:
    rows = Enrolment.objects.filter(business_id=business_id, state=EnrolmentState.ISSUED, expires_at__gt=real_now)
    return rows.exists()


def _addresses(enrolment: Enrolment) -> list[str]:
    phone = [f"+{enrolment.sender_wa_id}"] if enrolment.sender_wa_id else []
    return phone + ([enrolment.sender_bsuid] if enrolment.sender_bsuid else [])


def is_contact(enrolment: Enrolment) -> bool:
    """An address belongs to an operator or to a contact, never both. Somebody who only said hello is no contact yet."""
    rows = _aliases_of(enrolment)
    facts = Q(contact__consent_payloads__isnull=False) | Q(contact__outbox__isnull=False)
    return rows.filter(facts).exists() or not new_people.is_only_first_word(rows.values("contact"))


def release_address(enrolment: Enrolment, *, now: datetime) -> None:
    """The person turned out to be an operator: the contact row keeps its history and loses the address."""
    owners = set(_aliases_of(enrolment).values_list("contact", flat=True))
    _aliases_of(enrolment).update(valid_to=now)
    new_people.close_first_words(owners, now=now)
    refresh_standing(owners, now=now)


def _aliases_of(enrolment: Enrolment) -> QuerySet[ContactAlias]:
    return ContactAlias.objects.filter(
        business_id=enrolment.business_id, value__in=_addresses(enrolment), valid_to=None
    )


def is_taken(enrolment: Enrolment) -> bool:
    """True if another account's active operator has this phone."""
    rows = Operator.objects.filter(business_id=enrolment.business_id, state=OperatorState.ACTIVE)
    rows = rows.exclude(user_id=enrolment.user_id)
    by_phone = enrolment.sender_wa_id is not None and rows.filter(wa_id=enrolment.sender_wa_id).exists()
    return by_phone or (enrolment.sender_bsuid is not None and rows.filter(bsuid=enrolment.sender_bsuid).exists())


def enrol(enrolment: Enrolment, *, name: str, now: datetime) -> Operator:
    """Bind the phone; an earlier enrolment of the same account keeps its row and its history."""
    operator = Operator.objects.filter(business_id=enrolment.business_id, user_id=enrolment.user_id).first()
    fields = {
        "number": enrolment.number,
        "name": name,
        "wa_id": enrolment.sender_wa_id,
        "bsuid": enrolment.sender_bsuid,
        "state": OperatorState.ACTIVE.value,
        "last_inbound_at": min(enrolment.sender_wrote_at or now, now),
        "enrolled_at": now,
    }
    if operator is None:
        return Operator.objects.create(business_id=enrolment.business_id, user_id=enrolment.user_id, **fields)
    for column, value in fields.items():
        setattr(operator, column, value)
    operator.save()
    return operator


def bind(operator: Operator, bsuid: str, *, now: datetime) -> None:
    """The first BSUID seen binds for good; a contact row that a notice had made of it loses it."""
    if Operator.objects.filter(pk=operator.pk, bsuid=None).update(bsuid=bsuid):
        rows = ContactAlias.objects.filter(business_id=operator.business_id, value=bsuid, valid_to=None)
        owners = set(rows.values_list("contact", flat=True))
        rows.update(valid_to=now)
        refresh_standing(owners, now=now)


def wrote(operator: Operator, *, at: datetime) -> bool:
    """Open the operator's own window; True if it had not been open from a later message."""
    rows = Operator.objects.filter(pk=operator.pk)
    newer = rows.filter(last_inbound_at=None) | rows.filter(last_inbound_at__lt=at)
    if not newer.update(last_inbound_at=at):
        return False
    operator.last_inbound_at = at
    return True


def move_windows(wrote: Iterable[tuple[str, datetime]]) -> None:
    """The same for several, by id, one message each, several of one operator too."""
    latest: dict[str, datetime] = {}
    for operator_id, at in wrote:
        latest[operator_id] = max(at, latest.get(operator_id, at))
    moments = {pk: as_kept(at) for pk, at in latest.items()}
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE operator SET last_inbound_at = %s "
            "WHERE id = %s AND (last_inbound_at IS NULL OR last_inbound_at < %s)",
            [(moments[pk], pk, moments[pk]) for pk in sorted(moments)],
        )


def knocked(operator: Operator, *, at: datetime) -> None:
    """A template asked them to open their window."""
    Operator.objects.filter(pk=operator.pk).update(knocked_at=at)
    operator.knocked_at = at


def set_brief(operator: Operator, *, minute: int | None, days: str, zone: str) -> None:
    """When their daily brief comes. The caller holds the row's lock."""
    operator.brief_minute, operator.brief_days, operator.time_zone = minute, days, zone
    operator.save(update_fields=["brief_minute", "brief_days", "time_zone"])


def note_shut(operator_id: str, *, now: datetime) -> None:
    """WhatsApp said that their window is closed: whatever we had counted, nothing but a template reaches them."""
    Operator.objects.filter(pk=operator_id, last_inbound_at__gt=now - WINDOW).update(last_inbound_at=now - WINDOW)


def waits_unsent(operator: Operator) -> bool:
    """True if cards for this operator have not left yet."""
    return OutboxMessage.objects.filter(operator=operator, state=OutboxState.PENDING, lane=Lane.CARD).exists()


def take_back_cards(operator_id: str, *, now: datetime) -> None:
    """Nothing unsent goes to this phone any more; its questions are free for others and for a new enrolment."""
    Card.objects.filter(operator=operator_id, closed_at=None).update(closed_at=now)
    OutboxMessage.objects.filter(operator=operator_id, state=OutboxState.PENDING).update(
        state=OutboxState.SUPPRESSED, updated_at=now
    )


def of_phone(business_id: str, sender: Sender) -> list[Operator]:
    """Active operators with this sender's phone; [] for a hidden one."""
    rows = Operator.objects.filter(business_id=business_id, state=OperatorState.ACTIVE, wa_id__isnull=False)
    return list(rows.filter(wa_id=sender.wa_id))


def enrolled_by(operator_id: str, *, at: datetime) -> bool:
    """Whether this enrolment is older than that moment."""
    return Operator.objects.filter(pk=operator_id, enrolled_at__lte=at).exists()


def is_operator_sender(business_id: str, sender: Sender) -> bool:
    """True if a message or preference comes from an operator's phone or BSUID, whatever else is missing."""
    values = [sender.bsuid, f"+{sender.wa_id}" if sender.wa_id else None]
    return any(is_operator_address(business_id, value) for value in values if value)


def is_operator_address(business_id: str, value: str) -> bool:
    """True if this `+digits` or BSUID is an operator's, in whichever spelling of the number."""
    phones = [spelling.removeprefix("+") for spelling in spellings(value)]
    rows = Operator.objects.filter(business_id=business_id)
    return rows.filter(wa_id__in=phones).exists() or rows.filter(bsuid=value).exists()


def addresses(business_id: str) -> frozenset[str]:
    """Canonical addresses of everybody who is or was an operator here."""
    rows = _ADDRESSES(business=business_id)
    phones = (canonical(f"+{wa_id}") for wa_id, _ in rows if wa_id)
    return frozenset({*phones, *(bsuid for _, bsuid in rows if bsuid)})


_ADDRESSES = Compiled(lambda business: Operator.objects.filter(business=business).values_list("wa_id", "bsuid"))


def with_room(open_at_once: int, *, now: datetime) -> list[Operator]:
    """Active operators with fewer open opportunity cards than that, while something waits to be shown."""
    return _WITH_ROOM(most=open_at_once, now=now)


def _with_room(*, most: Any, now: Any) -> QuerySet[Operator]:
    undecided = Opportunity.objects.filter(business=OuterRef("business"), state__in=[s.value for s in OPEN_STATES])
    undecided = undecided.filter(Q(expires_at=None) | Q(expires_at__gt=now))
    unshown = undecided.filter(~Exists(Card.objects.filter(opportunity=OuterRef("pk"), closed_at=None)))
    # What somebody else is in charge of waits for their phone.
    unshown = unshown.filter(Q(owner=None) | Q(owner=OuterRef("pk")) | ~Q(owner__state=OperatorState.ACTIVE.value))
    # Of the open ones alone: over the years an operator has had any number of cards.
    their_open = Card.objects.filter(business=OuterRef("business"), operator=OuterRef("pk"), closed_at=None)
    open_now = HowMany(their_open.filter(kind=Card.Kind.OPPORTUNITY.value).values("pk"))
    rows = Operator.objects.filter(Exists(unshown), state=OperatorState.ACTIVE.value)
    return rows.annotate(open_now=open_now).filter(open_now__lt=most).order_by("id")


_WITH_ROOM = Compiled(_with_room)
