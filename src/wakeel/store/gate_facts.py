"""Reading what one decision of the gate needs, in the caller's transaction: six queries for a batch of any size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.gate import ApprovalFacts, GateRequest, MessageFacts, MessageKind, RecipientFacts, Switches
from wakeel.domain.outbox import Audience
from wakeel.domain.statuses import MessageStatus
from wakeel.store.consent import as_event
from wakeel.store.models import (
    Approval,
    Attempt,
    ConsentEventRow,
    Contact,
    ContactAlias,
    Draft,
    Operator,
    OutboxMessage,
    SendingNumber,
    StopSwitch,
)

_MAY_HAVE_LEFT = ("sending", "accepted", "unknown")
_GRANTING = {ConsentType.GRANT, ConsentType.RE_PERMISSION, ConsentType.IMPORT}


@dataclass(frozen=True, slots=True)
class People:
    """Contacts with their current aliases and every ledger entry that touches them."""

    contacts: Mapping[str, Contact]
    aliases: Mapping[str, frozenset[str]]
    events: Mapping[str, tuple[ConsentEvent, ...]]
    ledger_seq: Mapping[str, int]

    def recipient(self, contact_id: str, address: str | None) -> RecipientFacts:
        contact, aliases = self.contacts[contact_id], self.aliases[contact_id]
        granted = any(event.type in _GRANTING for event in self.events[contact_id])
        return RecipientFacts(
            id=contact.id,
            known=contact.last_inbound_at is not None or granted or bool(contact.gave_number),
            address=address,
            address_current=address in aliases,
            identity_hold=contact.identity_hold,
            last_inbound_at=contact.last_inbound_at,
            subject=Subject(contacts=frozenset({contact.id}), addresses=aliases),
        )


def people(contact_ids: Iterable[str]) -> People:
    """Three queries: contacts, aliases, ledger entries."""
    ids = set(contact_ids)
    contacts = {row.id: row for row in Contact.objects.filter(pk__in=ids)}
    aliases: dict[str, set[str]] = {pk: set() for pk in contacts}
    for row in ContactAlias.objects.filter(contact__in=ids, valid_to=None):
        aliases[row.contact_id].add(row.value)
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pk, values in aliases.items():
        for value in values:
            owners[contacts[pk].business_id, value].append(pk)
    events: dict[str, list[ConsentEvent]] = {pk: [] for pk in contacts}
    ledger_seq = dict.fromkeys(contacts, 0)
    found = ConsentEventRow.objects.filter(business__in={c.business_id for c in contacts.values()})
    found = found.filter(Q(contact__in=ids) | Q(address__in={value for _, value in owners}))
    for entry in found.order_by("seq"):
        touched = {entry.contact_id} & contacts.keys() | set(owners.get((entry.business_id, entry.address), ()))
        for pk in touched:
            events[pk].append(as_event(entry))
            ledger_seq[pk] = max(ledger_seq[pk], entry.seq)
    return People(
        contacts,
        {pk: frozenset(values) for pk, values in aliases.items()},
        {pk: tuple(values) for pk, values in events.items()},
        ledger_seq,
    )


def switches(number: SendingNumber, pressed: Iterable[StopSwitch]) -> Switches:
    on = {(row.scope, row.target) for row in pressed}
    return Switches(
        everywhere=(StopSwitch.Scope.EVERYWHERE.value, "") in on,
        business=(StopSwitch.Scope.BUSINESS.value, number.business_id) in on,
        number=(StopSwitch.Scope.NUMBER.value, number.phone_number_id) in on,
    )


def of_draft(draft: Draft, *, address: str | None, live_send: bool) -> GateRequest:
    """The request for a draft that is being looked at or approved; its digest is filled in by the caller."""
    found = people([draft.contact_id])
    key = draft_key(draft.id, draft.version)
    return GateRequest(
        audience=Audience.CONTACT,
        message=MessageFacts(
            kind=MessageKind.FREE_FORM,
            category=draft.category,
            purpose=draft.purpose,
            request_key=key,
            expires_at=draft.opportunity.expires_at,
        ),
        recipient=found.recipient(draft.contact_id, address),
        current_digest="",
        consent_events=found.events[draft.contact_id],
        used_keys=frozenset({key} if (draft.id, draft.version) in _left([draft.id]) else ()),
        switches=switches(draft.number, StopSwitch.objects.all()),
        live_send=live_send,
        ledger_seq=found.ledger_seq[draft.contact_id],
    )


def of_messages(messages: Sequence[OutboxMessage], *, live_send: bool) -> dict[str, GateRequest]:
    """Requests for a claimed batch, by message id. current_digest: the approved one; the caller recomputes it."""
    found = people({m.contact_id for m in messages if m.contact_id})
    operators = {
        row.id: row for row in Operator.objects.filter(pk__in={m.operator_id for m in messages if m.operator_id})
    }
    approvals = {
        row.draft_id: row
        for row in Approval.objects.filter(draft__in={m.draft_id for m in messages if m.draft_id}, revoked_at=None)
    }
    left = _left({m.draft_id for m in messages if m.draft_id})
    pressed = list(StopSwitch.objects.all())
    return {m.id: _of_message(m, found, operators, approvals, left, pressed, live_send=live_send) for m in messages}


def _of_message(
    message: OutboxMessage,
    found: People,
    operators: Mapping[str, Operator],
    approvals: Mapping[str, Approval],
    left: set[tuple[str, int]],
    pressed: list[StopSwitch],
    *,
    live_send: bool,
) -> GateRequest:
    if message.contact_id:
        recipient = found.recipient(message.contact_id, message.address)
    else:
        recipient = operator_facts(operators[message.operator_id or ""])
    approval = approvals.get(message.draft_id or "")
    return GateRequest(
        audience=Audience(message.audience),
        message=MessageFacts(
            kind=MessageKind.FREE_FORM,
            category=message.category,
            purpose=message.purpose,
            request_key=message.request_key,
            expires_at=message.expires_at,
        ),
        recipient=recipient,
        current_digest=message.digest,
        approval=_approval_facts(approval) if approval else None,
        consent_events=found.events.get(message.contact_id or "", ()),
        used_keys=frozenset({message.request_key} if (message.draft_id, message.draft_version) in left else ()),
        switches=switches(message.number, pressed),
        live_send=live_send,
        ledger_seq=found.ledger_seq.get(message.contact_id or "", 0),
    )


def _approval_facts(approval: Approval) -> ApprovalFacts:
    return ApprovalFacts(
        approved_digest=approval.digest, approved_at=approval.approved_at, expires_at=approval.expires_at
    )


def operator_facts(operator: Operator) -> RecipientFacts:
    address = f"+{operator.wa_id}" if operator.wa_id else operator.bsuid
    return RecipientFacts(
        id=operator.id,
        known=True,
        address=address,
        last_inbound_at=operator.last_inbound_at,
        subject=Subject(contacts=frozenset({operator.id}), addresses=frozenset({address} if address else ())),
    )


def draft_key(draft_id: str, version: int) -> str:
    return f"{draft_id}:{version}"


def _left(draft_ids: Iterable[str]) -> set[tuple[str, int]]:
    """Draft versions that left or may have left, by any message that ever carried them.

    An attempt with a wamid left, also when a person had settled it as "did not arrive" before the proof came. One
    that WhatsApp took and then reported as failed did not arrive.
    """
    left = Q(outcome__in=_MAY_HAVE_LEFT) | Q(wamid__isnull=False)
    rows = Attempt.objects.filter(left, outbox__draft__in=list(draft_ids))
    rows = rows.filter(Q(outbox__status=None) | ~Q(outbox__status=MessageStatus.FAILED.value))
    return {
        (draft_id, version or 0) for draft_id, version in rows.values_list("outbox__draft_id", "outbox__draft_version")
    }
