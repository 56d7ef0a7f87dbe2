"""Reading what one decision of the gate needs, in the caller's transaction: six queries for a batch of any size."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from wakeel.domain.account import UNREACHABLE
from wakeel.domain.consent import Category, Subject
from wakeel.domain.content_reading import from_kept, read_words
from wakeel.domain.drafts import content_hash
from wakeel.domain.gate_request import (
    ApprovalFacts,
    GateRequest,
    MessageFacts,
    MessageKind,
    RecipientFacts,
    SenderFacts,
    Switches,
    TemplateFacts,
)
from wakeel.domain.outbox import Audience
from wakeel.domain.policy import Policy
from wakeel.domain.sending_limits import USUAL_THROUGHPUT
from wakeel.store import meetings, reach, send_history, template_facts
from wakeel.store.compiled import Compiled
from wakeel.store.keyring import keyring
from wakeel.store.models import (
    Approval,
    Contact,
    Draft,
    FixedTextApproval,
    Operator,
    SendingNumber,
    StopSwitch,
)
from wakeel.store.operators import address_of
from wakeel.store.person_facts import Person, people, stranger
from wakeel.store.reach import NOBODY, Reach
from wakeel.store.send_history import Left, draft_key
from wakeel.store.template_facts import SentTemplate


def switches(number: SendingNumber, pressed: Iterable[StopSwitch]) -> Switches:
    on = {(row.scope, row.target) for row in pressed}
    return Switches(
        everywhere=(StopSwitch.Scope.EVERYWHERE.value, "") in on,
        business=(StopSwitch.Scope.BUSINESS.value, number.business_id) in on,
        number=(StopSwitch.Scope.NUMBER.value, number.phone_number_id) in on,
    )


CONNECTED = "CONNECTED"


def sender(
    number: SendingNumber, *, answers_operator: bool = False, group: Collection[str] = (), reached: Reach = NOBODY
) -> SenderFacts:
    """The number as Meta reports it. answers_operator: a restriction leaves answers in their window; a ban does not.

    group, reached: all records of the recipient, and who was written to within a day; asked for templates only.
    """
    state = number.account_state
    if answers_operator and state not in UNREACHABLE:
        state = ""
    people, oldest = reached.by_business.get(number.business_id, (0, None))
    return SenderFacts(
        status=state or CONNECTED,
        quality=number.quality or "UNKNOWN",
        throughput_mps=number.throughput_mps or USUAL_THROUGHPUT,
        messaging_limit=number.messaging_limit,
        unique_recipients_24h=people,
        oldest_unique_recipient_at=oldest,
        recipient_already_counted=not reached.counted.isdisjoint(group),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A draft as it stands, with its number and business and opportunity loaded. text: of the current version; body: as
    it would be POSTed, {} without an address. template: of a version that goes out as one, None for free text; buttons:
    the labels under that one. written_by: the model that wrote it, '' for none."""

    draft: Draft
    text: str
    body: Mapping[str, Any]
    address: str | None
    template: TemplateFacts | None = None
    buttons: tuple[str, ...] = ()
    written_by: str = ""


def of_drafts(written: Sequence[Written], *, live_send: bool, policy: Policy, now: datetime) -> dict[str, GateRequest]:
    """Requests for drafts that are being looked at or approved, by draft id; the caller fills in the digests."""
    found = people({one.draft.contact_id for one in written})
    everyone = {pk for person in found.values() for pk in person.group}
    left = send_history.read(everyone, {one.draft.id for one in written}, since=now - policy.looks_back)
    reached = reach.read({one.draft.business_id for one in written if one.template is not None}, everyone, now=now)
    pressed = list(StopSwitch.objects.all())
    return {
        one.draft.id: _to_contact(
            found[one.draft.contact_id], left, _draft_facts(one), address=one.address, number=one.draft.number,
            stops=switches(one.draft.number, pressed), live_send=live_send, policy=policy, template=one.template,
            reached=reached,
        )
        for one in written
    }  # fmt: skip


def _draft_facts(one: Written) -> MessageFacts:
    draft = one.draft
    read = read_words(one.text, draft.number.business.name)
    return MessageFacts(
        kind=MessageKind.FREE_FORM if one.template is None else MessageKind.TEMPLATE,
        category=draft.category,
        purpose=draft.purpose,
        request_key=draft_key(draft.id, draft.version),
        body_hash=content_hash(one.body),
        expires_at=meetings.leaves_before(draft),
        names_sender=read.names_sender,
        has_opt_out=read.has_opt_out,
        findings=read.findings,
    )


def of_person(
    contact: Contact, *, category: Category, purpose: str, address: str | None, number: SendingNumber, live_send: bool,
    policy: Policy, now: datetime,
) -> GateRequest:  # fmt: skip
    """The request for a free text that nobody has written yet: nothing is wrong with its words."""
    (request,) = of_people(
        [contact.id], category=category, purpose=purpose, addresses={contact.id: address}, number=number,
        live_send=live_send, policy=policy, now=now,
    ).values()  # fmt: skip
    return request


def of_people(
    contact_ids: Collection[str], *, category: Category, purpose: str, addresses: Mapping[str, str | None],
    number: SendingNumber, live_send: bool, policy: Policy, now: datetime,
) -> dict[str, GateRequest]:  # fmt: skip
    """The same for several, by contact; as many queries as for one."""
    found = people(contact_ids)
    everyone = {pk for person in found.values() for pk in person.group}
    left = send_history.read(everyone, set(), since=now - policy.looks_back)
    stops = switches(number, StopSwitch.objects.all())
    return {
        pk: _to_contact(
            person, left, _unwritten(category, purpose), address=addresses[pk], number=number, stops=stops,
            live_send=live_send, policy=policy,
        )
        for pk, person in found.items()
    }  # fmt: skip


def of_stranger(
    address: str, *, category: Category, purpose: str, number: SendingNumber, live_send: bool, policy: Policy
) -> GateRequest:
    """The same for `+` and digits that no contact has; what was said from that address counts whoever it was."""
    found = stranger(number.business_id, address)
    return _to_contact(
        found, Left(), _unwritten(category, purpose), address=address, number=number,
        stops=switches(number, StopSwitch.objects.all()), live_send=live_send, policy=policy,
    )  # fmt: skip


def _unwritten(category: Category, purpose: str) -> MessageFacts:
    return MessageFacts(
        kind=MessageKind.FREE_FORM,
        category=category.value,
        purpose=purpose,
        request_key="may-contact",
        names_sender=True,
        has_opt_out=True,
    )


def _to_contact(
    found: Person, left: Left, message: MessageFacts, *, address: str | None, number: SendingNumber,
    stops: Switches, live_send: bool, policy: Policy, approval: ApprovalFacts | None = None,
    current_digest: str = "", template: TemplateFacts | None = None, reached: Reach = NOBODY,
) -> GateRequest:  # fmt: skip
    return GateRequest(
        audience=Audience.CONTACT,
        message=message,
        recipient=found.recipient(address, unreachable=left.is_unreachable(found.contact, found.group)),
        current_digest=current_digest,
        approval=approval,
        consent_events=found.events,
        history=left.history(found.group),
        template=template,
        sender=sender(number, group=found.group, reached=reached),
        switches=stops,
        live_send=live_send,
        policy=policy,
        ledger_seq=found.ledger_seq,
    )


@Compiled
def _pressed() -> "QuerySet[StopSwitch]":
    return StopSwitch.objects.all()


class Leaving(Protocol):
    """What is asked of a message: an `OutboxMessage`, or a `claims.Due`, with the same names."""

    @property
    def id(self) -> str: ...
    @property
    def business_id(self) -> str: ...
    @property
    def number(self) -> SendingNumber: ...
    @property
    def operator(self) -> Any: ...
    @property
    def contact_id(self) -> str | None: ...
    @property
    def draft_id(self) -> str | None: ...
    @property
    def draft_version(self) -> int | None: ...
    @property
    def address(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def digest(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def request_key(self) -> str: ...
    @property
    def expires_at(self) -> datetime | None: ...


def of_messages(
    messages: Sequence[Leaving], *, live_send: bool, policy: Policy, now: datetime
) -> dict[str, GateRequest]:
    """Requests for a claimed batch, by message id. current_digest: the approved one; the caller recomputes a draft's.

    messages: with their number and its business, operator and draft loaded.
    """
    to_contacts = [m for m in messages if m.contact_id]
    found = people({m.contact_id for m in to_contacts if m.contact_id}) if to_contacts else {}
    drafts = {m.draft_id for m in to_contacts if m.draft_id}
    everyone = {pk for person in found.values() for pk in person.group}
    left = send_history.read(everyone, drafts, since=now - policy.looks_back) if to_contacts else Left()
    approvals = _approvals(to_contacts, drafts)
    templates = template_facts.of_bodies(messages)
    reached = reach.read({m.business_id for m in to_contacts if m.id in templates}, everyone, now=now)
    pressed, numbers = _pressed(), {m.number.pk: m.number for m in messages}
    stops = {pk: switches(number, pressed) for pk, number in numbers.items()}
    return {
        m.id: _of_message(
            m,
            found[m.contact_id],
            left,
            approvals,
            stops[m.number.pk],
            templates.get(m.id),
            reached,
            live_send=live_send,
            policy=policy,
        )
        if m.contact_id
        else _to_operator(m, stops[m.number.pk], templates.get(m.id), live_send=live_send, policy=policy)
        for m in messages
    }


_Approved = tuple[ApprovalFacts | None, str]
"""An approval, and what its words were read as then; '' if that was not kept."""


def _of_message(
    message: Leaving, found: Person, left: Left, approvals: Mapping[tuple[str, str], _Approved],
    stops: Switches, template: SentTemplate | None, reached: Reach, *, live_send: bool, policy: Policy,
) -> GateRequest:  # fmt: skip
    # A draft's body is held against what was approved by its digest; of a fixed text the words are what was approved.
    said = message.content_hash if message.draft_id else content_hash(message.body)
    if message.draft_id:
        key, asked = draft_key(message.draft_id, message.draft_version), ("draft", message.draft_id)
    else:
        key, asked = message.request_key, (message.business_id, said)
    approval, kept = approvals.get(asked, (None, ""))
    text = body_words(message.body) if template is None else template.words
    read = from_kept(kept, text, message.number.business.name)
    facts = MessageFacts(
        kind=MessageKind.FREE_FORM if template is None else MessageKind.TEMPLATE,
        category=message.category,
        purpose=message.purpose,
        request_key=key,
        # A fixed text may be the right answer twice a day.
        body_hash="" if message.intent else said,
        intent=message.intent or None,
        expires_at=message.expires_at,
        names_sender=read.names_sender,
        has_opt_out=read.has_opt_out,
        findings=read.findings,
    )
    return _to_contact(
        found, left, facts, address=message.address, number=message.number, stops=stops, live_send=live_send,
        policy=policy, approval=approval, current_digest=message.digest if message.draft_id else said,
        template=None if template is None else template.facts, reached=reached,
    )  # fmt: skip


def _to_operator(
    message: Leaving, stops: Switches, template: SentTemplate | None, *, live_send: bool, policy: Policy
) -> GateRequest:
    """template: of the one message that may leave while their window is closed, to have it opened; else None."""
    assert message.operator is not None  # noqa: S101 - a constraint of the table
    return GateRequest(
        audience=Audience.OPERATOR,
        message=MessageFacts(
            kind=MessageKind.FREE_FORM if template is None else MessageKind.TEMPLATE,
            category=message.category,
            purpose=message.purpose,
            request_key=message.request_key,
            expires_at=message.expires_at,
        ),
        recipient=_operator_facts(message.operator),
        current_digest="",
        template=None if template is None else template.facts,
        sender=sender(message.number, answers_operator=template is None),
        switches=stops,
        live_send=live_send,
        policy=policy,
    )


def findings(text: str, number: SendingNumber) -> tuple[str, ...]:
    """What the content checks found in a text of this number's business, as the gate reads it. number: with it."""
    return read_words(text, number.business.name).findings


def body_words(body: Mapping[str, Any]) -> str:
    """What a request to WhatsApp says in words: its text, or the text of its card."""
    kind = body.get("type")
    if kind == "interactive":
        return str(body["interactive"].get("body", {}).get("text", ""))
    return str(body["text"].get("body", "")) if kind == "text" else ""


def _approvals(messages: Sequence[Leaving], drafts: Collection[str]) -> dict[tuple[str, str], _Approved]:
    """One query: approvals of drafts by ("draft", id), of fixed texts by (business, content hash)."""
    if not messages:
        return {}
    texts = [m for m in messages if m.intent]
    rows = _approved(
        drafts=drafts, businesses={m.business_id for m in texts}, hashes={m.content_hash for m in texts}
    )  # fmt: skip
    return {
        (kind, key): (ApprovalFacts(approved_digest=digest, approved_at=at, expires_at=until), kept)
        for kind, key, digest, at, until, kept in rows
    }


@Compiled
def _approved(*, drafts: Any, businesses: Any, hashes: Any) -> "QuerySet[Approval, Any]":
    never = Cast(Value(None), DateTimeField())
    texts = FixedTextApproval.objects.filter(business__in=businesses, content_hash__in=hashes)
    return (
        Approval.objects.filter(draft__in=drafts, revoked_at=None)
        .annotate(kind=Value("draft"))
        .values_list("kind", "draft_id", "digest", "approved_at", "expires_at", "words_read")
        .union(
            texts.annotate(hash=F("content_hash"), never_before=never, never=never, unread=Value("")).values_list(
                "business_id", "content_hash", "hash", "never_before", "never", "unread"
            ),
            all=True,
        )
    )


def _operator_facts(operator: Operator) -> RecipientFacts:
    address = address_of(operator)
    return RecipientFacts(
        id=operator.id,
        known=True,
        address=keyring().address_token(address) if address else None,
        has_phone=bool(operator.wa_id),
        last_inbound_at=operator.last_inbound_at,
        subject=Subject(contacts=frozenset({operator.id}), addresses=frozenset()),
    )
