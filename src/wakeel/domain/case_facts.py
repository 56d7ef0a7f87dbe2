"""A decision or consent case of the oracle's schema, read into what the gate reads. Shape: reference 9.1."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wakeel.domain import document_reader as reader
from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.document_reader import DocumentFault, Node
from wakeel.domain.gate_request import (
    ApprovalFacts,
    GateRequest,
    History,
    MessageFacts,
    RecipientFacts,
    Send,
    SenderFacts,
    Switches,
    TemplateFacts,
)
from wakeel.domain.outbox import Audience
from wakeel.domain.policy import Policy, PolicyFault, policy_from
from wakeel.domain.reasons import ReasonCode

_FINDINGS = {
    "secret": ReasonCode.CONTENT_SECRET.value,
    "pii": ReasonCode.CONTENT_PII.value,
    "risky_claim": ReasonCode.CONTENT_RISKY_CLAIM.value,
}
_NO_WORDS: tuple[str, ...] = ()
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - stands in for a fault, refused as every time without an offset is


class BadFacts(ValueError):
    """The case cannot be read. faults: all of them, each with its path."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def request_of(facts: Mapping[str, Any]) -> tuple[GateRequest, datetime]:
    """The request of a decision case and its `now`. Raises BadFacts; unknown keys are left alone."""
    node = Node(facts, is_strict=False)
    policy = policy_of(facts)
    now = node.child("now").read(reader.instant, _EPOCH)
    if node.child("now").value is None:
        node.child("now").fault("is missing")
    message = node.child("message")
    kill_switch = node.child("system").child("kill_switch")
    request = GateRequest(
        audience=Audience.CONTACT,
        message=_message(message),
        recipient=_recipient(node.child("contact")),
        current_digest=_text(message, "body_hash"),
        approval=_approval(node.child("approval")),
        consent_events=_events(node),
        history=_history(node.child("history")),
        template=_template(node.child("template")),
        sender=_sender(node.child("sender")),
        switches=Switches(
            everywhere=_flag(kill_switch, "global"),
            business=_flag(kill_switch, "business"),
            number=_flag(kill_switch, "sender"),
        ),
        live_send=_flag(node.child("system"), "live_send"),
        policy=policy,
    )
    _refuse(node)
    return request, now


def policy_of(facts: Mapping[str, Any]) -> Policy:
    """The case's policy; what it does not name has its default. Raises BadFacts."""
    document = facts.get("policy", {})
    if not isinstance(document, Mapping):
        raise BadFacts((DocumentFault("policy", "give a table"),))
    try:
        return policy_from(document, is_strict=False)
    except PolicyFault as fault:
        raise BadFacts(tuple(DocumentFault(f"policy.{one.path}", one.problem) for one in fault.faults)) from None


def consent_case_of(facts: Mapping[str, Any]) -> tuple[tuple[ConsentEvent, ...], Subject]:
    """The ledger of a consent case, as far as it is this business's, and whom it is asked about. Raises BadFacts."""
    node = Node(facts, is_strict=False)
    events, subject = _events(node), _subject(node.child("contact"))
    _refuse(node)
    return events, subject


def _events(node: Node) -> tuple[ConsentEvent, ...]:
    ours = node.child("business").value
    return tuple(
        _event(item, node.child("contact"))
        for item in node.child("consent_events").items()
        if item.child("business").value in (None, ours)
    )


def scope_of(facts: Mapping[str, Any]) -> tuple[str, str, datetime]:
    """Category, purpose and instant a consent case asks about. Raises BadFacts."""
    node = Node(facts, is_strict=False)
    if node.child("as_of").value is None:
        node.child("as_of").fault("is missing")
    at = node.child("as_of").read(reader.instant, _EPOCH)
    category, purpose = (_text(node.child("scope"), key) for key in ("category", "purpose"))
    _refuse(node)
    return category, purpose, at


def _refuse(node: Node) -> None:
    if node.faults:
        raise BadFacts(tuple(node.faults))


def _subject(contact: Node) -> Subject:
    """Whom the question is about; the address is the number or else the BSUID."""
    address = _address(contact)
    return Subject(
        contacts=frozenset({_text(contact, "id"), *contact.child("merged_ids").read(reader.words, _NO_WORDS)}),
        addresses=frozenset({address} if address else ()),
        address_epoch_started_at=_at(contact, "address_epoch_started_at"),
    )


def _event(node: Node, contact: Node) -> ConsentEvent:
    recorded_at = _at(node, "recorded_at")
    if recorded_at is None:
        node.child("recorded_at").fault("give a time as 2026-11-22T09:00:00Z")
    purposes = node.child("purposes")
    return ConsentEvent(
        id=_text(node, "id"),
        type=ConsentType(node.child("type").read(reader.one_of(*(t.value for t in ConsentType)), "correct")),
        at=_at(node, "at"),
        recorded_at=recorded_at or _EPOCH,
        contact=_text(node, "contact") or _text(contact, "id"),
        address=_text(node, "address") or (_address(contact) or ""),
        channel=_text(node, "channel") or "whatsapp",
        categories=frozenset(node.child("categories").read(reader.words, _NO_WORDS)),
        purposes=None if purposes.value is None else frozenset(purposes.read(reader.words, _NO_WORDS)),
        explicit=_flag(node, "explicit"),
        needs_confirmation=_flag(node, "needs_confirmation"),
        expires_at=_at(node, "expires_at"),
        grant_id=_text(node, "grant_id") or None,
        withdraw_id=_text(node, "withdraw_id") or None,
        source=_text(node, "source"),
        collected_directly=_flag(node, "collected_directly"),
        proof_ref=_text(node, "proof_ref") or None,
        clock=_text(node, "clock"),
    )


def _message(node: Node) -> MessageFacts:
    """A message without an id cannot be told from another one: it has no request key then."""
    key = _text(node, "request_key") or _text(node, "id")
    return MessageFacts(
        kind=_text(node, "kind"),
        category=_text(node, "category"),
        purpose=_text(node, "purpose"),
        request_key=key if _text(node, "id") else "",
        body_hash=_text(node, "body_hash"),
        intent=_text(node, "intent") or None,
        urgent=_flag(node, "urgent"),
        names_sender=_flag(node, "names_sender"),
        has_opt_out=_flag(node, "has_opt_out"),
        findings=tuple(_FINDINGS.get(word, word) for word in node.child("findings").read(reader.words, _NO_WORDS)),
        expires_at=_at(node, "expires_at"),
    )


def _recipient(node: Node) -> RecipientFacts:
    has_phone = bool(_text(node, "address"))
    return RecipientFacts(
        id=_text(node, "id"),
        known=_flag(node, "known"),
        address=_address(node),
        address_valid=node.child("address_valid").value is not False,
        has_phone=has_phone,
        country=_text(node, "country") or None,
        time_zones=node.child("time_zones").read(reader.words, _NO_WORDS),
        identity_hold=bool(node.child("identity_hold").value),
        suppression=_text(node, "suppression") or None,
        paused_until=_at(node, "paused_until"),
        unreachable=bool(node.child("unreachable").value),
        last_inbound_at=_at(node, "last_inbound_at"),
        subject=_subject(node),
    )


def _approval(node: Node) -> ApprovalFacts | None:
    if node.value is None:
        return None
    return ApprovalFacts(
        status=_text(node, "status"),
        approved_digest=_text(node, "approved_hash"),
        approved_at=None,
        expires_at=_at(node, "expires_at"),
        note=_text(node, "note"),
    )


def _template(node: Node) -> TemplateFacts | None:
    if node.value is None:
        return None
    return TemplateFacts(
        status=_text(node, "status"),
        category=_text(node, "category"),
        paused_until=_at(node, "paused_until"),
        pending_category=_text(node, "pending_category") or None,
        pending_category_at=_at(node, "pending_category_at"),
    )


def _sender(node: Node) -> SenderFacts:
    known = SenderFacts()
    count = reader.whole(0, 10**9)
    limit = node.child("messaging_limit")
    return SenderFacts(
        status=_text(node, "status") or known.status,
        quality=_text(node, "quality") or known.quality,
        throughput_mps=node.child("throughput_mps").read(count, known.throughput_mps),
        sent_in_current_second=node.child("sent_in_current_second").read(count, 0),
        messaging_limit=None if limit.value is None else limit.read(count, 0),
        unique_recipients_24h=node.child("unique_recipients_24h").read(count, 0),
        oldest_unique_recipient_at=_at(node, "oldest_unique_recipient_at"),
        recipient_already_counted=_flag(node, "recipient_already_counted"),
    )


def _history(node: Node) -> History:
    return History(
        sends=tuple(_send(item) for item in node.child("sends").items()),
        platform_limit_at=_at(node, "platform_limit_at"),
    )


def _send(node: Node) -> Send:
    at = _at(node, "at")
    if at is None:
        node.child("at").fault("give a time as 2026-11-22T09:00:00Z")
    return Send(
        at=at or _EPOCH,
        category=_text(node, "category"),
        body_hash=_text(node, "body_hash"),
        request_key=_text(node, "request_key"),
        outcome=node.child("outcome").read(reader.one_of("sent", "unknown", "failed"), "unknown"),
        intent=_text(node, "intent") or None,
    )


def _address(contact: Node) -> str | None:
    return _text(contact, "address") or _text(contact, "bsuid") or None


def _text(node: Node, key: str) -> str:
    return node.child(key).read(reader.text_or_empty, "")


def _flag(node: Node, key: str) -> bool:
    return node.child(key).read(reader.true_or_false, False)  # noqa: FBT003


def _at(node: Node, key: str) -> datetime | None:
    found = node.child(key)
    return None if found.value is None else found.read(reader.instant, _EPOCH)
