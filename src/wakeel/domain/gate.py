"""The gate: may this one message leave now? Pure; the same facts and the same instant always give the same verdict.

Codes and order: reference "consent and contactability", section 5 (normative); audience, category and preview:
design section 6. This is the first walk's part of it; the callers stay when the rest of the checks arrive.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from wakeel.domain.consent import Category, ConsentEvent, ConsentState, Standing, Subject, state_of
from wakeel.domain.drafts import APPROVAL_LIFE
from wakeel.domain.outbox import Audience
from wakeel.domain.reasons import REASONS, Answer, ReasonCode

POLICY_VERSION = "walk-1"
WINDOW = timedelta(hours=24)
WINDOW_MARGIN = timedelta(seconds=120)
"""A slow send must not meet 131047: our window closes this much before Meta's."""


class MessageKind(StrEnum):
    FREE_FORM = "free_form"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """request_key: names this very attempt to send. expires_at: None for a message that never comes too late."""

    kind: str
    category: str
    purpose: str
    request_key: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """known: they ever wrote, have a grant, or gave us the number with evidence. address_current: the alias the
    request is addressed to still belongs to them. last_inbound_at: None if they never wrote."""

    id: str
    known: bool
    address: str | None
    address_current: bool = True
    identity_hold: bool = False
    last_inbound_at: datetime | None = None
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """approved_at: what the contact wrote after it has not been read by whoever approved."""

    approved_digest: str
    approved_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Stop switches, True when sending is stopped."""

    everywhere: bool = False
    business: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """Everything one decision reads, taken in the caller's transaction. approval: None without one.

    used_keys: request keys whose attempt left or may have left. ledger_seq: the last consent event that was read.
    """

    audience: Audience
    message: MessageFacts
    recipient: RecipientFacts
    current_digest: str
    approval: ApprovalFacts | None = None
    consent_events: tuple[ConsentEvent, ...] = ()
    used_keys: frozenset[str] = frozenset()
    switches: Switches = field(default_factory=Switches)
    live_send: bool = False
    ledger_seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """answer and code: the first objection; all_codes: every objection. next_allowed_at: only with DEFER.

    facts: times the words of the reason may name, such as `t`. grant_id: the consent an ALLOW rests on, else None.
    """

    answer: Answer
    code: ReasonCode
    all_codes: tuple[ReasonCode, ...] = ()
    next_allowed_at: datetime | None = None
    grant_id: str | None = None
    facts: dict[str, datetime | str] = field(default_factory=dict)
    policy_version: str = POLICY_VERSION
    ledger_seq: int = 0

    @property
    def may_be_approved(self) -> bool:
        """ALLOW, DEFER and SIMULATE: approval and outbox row commit together (design section 6)."""
        return self.answer in {Answer.ALLOW, Answer.DEFER, Answer.SIMULATE}


Objection = tuple[ReasonCode, dict[str, datetime | str]]


def decide(request: GateRequest, *, now: datetime) -> Verdict:
    """Say whether one message may leave at `now`; the first check that objects names the answer.

    Never raises: a missing fact is an objection.
    """
    if now.tzinfo is None or _is_malformed(request.message):
        return _objected([(ReasonCode.INVALID_REQUEST, {})], request)
    consent = _consent(request, now)
    checks = _CONTACT_CHECKS if request.audience is Audience.CONTACT else _OPERATOR_CHECKS
    objections = [found for check in checks if (found := check(request, consent, now)) is not None]
    if objections:
        return _objected(objections, request)
    grant_id = consent.grant_id if _needs_consent(request) else None
    if not request.live_send:
        return Verdict(
            answer=Answer.SIMULATE, code=ReasonCode.LIVE_SEND_OFF, grant_id=grant_id, ledger_seq=request.ledger_seq
        )
    return Verdict(answer=Answer.ALLOW, code=ReasonCode.OK, grant_id=grant_id, ledger_seq=request.ledger_seq)


def preview(request: GateRequest, *, now: datetime) -> Verdict:
    """The verdict as if exactly this text were approved now: what queue, item, card and the approving tap ask."""
    as_if = ApprovalFacts(approved_digest=request.current_digest, approved_at=now, expires_at=now + APPROVAL_LIFE)
    return decide(replace(request, approval=as_if), now=now)


def window_closes_at(last_inbound_at: datetime | None) -> datetime | None:
    """The first instant at which free text may no longer leave; None if they never wrote."""
    return None if last_inbound_at is None else last_inbound_at + WINDOW - WINDOW_MARGIN


def is_window_open(last_inbound_at: datetime | None, *, now: datetime) -> bool:
    """Half-open at Meta's 24 hours, minus our margin."""
    closes_at = window_closes_at(last_inbound_at)
    return closes_at is not None and now < closes_at


def _objected(objections: Iterable[Objection], request: GateRequest) -> Verdict:
    found = list(objections)
    code, facts = found[0]
    return Verdict(
        answer=REASONS[code].answer,
        code=code,
        all_codes=tuple(code for code, _ in found),
        facts=facts,
        ledger_seq=request.ledger_seq,
    )


def _is_malformed(message: MessageFacts) -> bool:
    kinds = {MessageKind.FREE_FORM.value, MessageKind.TEMPLATE.value}
    if message.kind not in kinds or message.category not in {c.value for c in Category} or not message.request_key:
        return True
    free_form = message.kind == MessageKind.FREE_FORM
    return message.category == (Category.AUTHENTICATION if free_form else Category.SERVICE)


def _needs_consent(request: GateRequest) -> bool:
    return request.audience is Audience.CONTACT and request.message.category != Category.SERVICE


def _consent(request: GateRequest, now: datetime) -> ConsentState:
    return state_of(
        request.consent_events,
        category=request.message.category,
        purpose=request.message.purpose,
        subject=request.recipient.subject,
        as_of=now,
    )


Check = Callable[[GateRequest, ConsentState, datetime], Objection | None]


def _stopped_for_contacts(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    switches = request.switches
    for scope, on in (("global", switches.everywhere), ("business", switches.business), ("number", switches.number)):
        if on:
            return ReasonCode.KILL_SWITCH, {"scope": scope}
    return None


def _stopped_for_operators(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    """A stop for contacts must not silence the answers that tell operators about it."""
    return (ReasonCode.KILL_SWITCH, {"scope": "number"}) if request.switches.number else None


def _no_address(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    return None if request.recipient.address else (ReasonCode.RECIPIENT_INVALID, {})


def _unknown(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    return None if request.recipient.known else (ReasonCode.UNKNOWN_CONTACT, {})


def _identity_unsure(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    unsure = request.recipient.identity_hold or not request.recipient.address_current
    return (ReasonCode.IDENTITY_HOLD, {}) if unsure else None


def _opted_out(request: GateRequest, consent: ConsentState, now: datetime) -> Objection | None:
    if request.message.category == Category.SERVICE:
        return _opted_out_of_answers(request, now)
    if consent.standing is not Standing.OPTED_OUT or consent.withdrawn_at is None:
        return None
    return ReasonCode.OPTED_OUT, {"t": consent.withdrawn_at}


def _opted_out_of_answers(request: GateRequest, now: datetime) -> Objection | None:
    """After a full stop nothing is answered until they write again (reference 3.5); a marketing stop is not full."""
    stops = []
    for category in (Category.MARKETING, Category.UTILITY):
        state = state_of(
            request.consent_events, category=category, purpose=request.message.purpose,
            subject=request.recipient.subject, as_of=now,
        )  # fmt: skip
        if state.standing is not Standing.OPTED_OUT or state.withdrawn_at is None:
            return None
        stops.append(state.withdrawn_at)
    wrote_at = request.recipient.last_inbound_at
    if wrote_at is not None and wrote_at > max(stops) + WINDOW_MARGIN:
        return None
    return ReasonCode.OPTED_OUT, {"t": max(stops)}


def _without_consent(request: GateRequest, consent: ConsentState, _: datetime) -> Objection | None:
    if request.message.category == Category.SERVICE:
        return None
    match consent.standing:
        case Standing.NONE:
            return ReasonCode.NO_CONSENT, {"purpose": request.message.purpose}
        case Standing.PENDING:
            return ReasonCode.CONSENT_PENDING, {}
        case Standing.EXPIRED:
            return ReasonCode.CONSENT_EXPIRED, {} if consent.ends_at is None else {"t": consent.ends_at}
        case _:
            return None


def _too_late(request: GateRequest, _: ConsentState, now: datetime) -> Objection | None:
    expires_at = request.message.expires_at
    return (ReasonCode.MESSAGE_EXPIRED, {}) if expires_at is not None and expires_at <= now else None


def _duplicate(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    return (ReasonCode.DUPLICATE_REQUEST, {}) if request.message.request_key in request.used_keys else None


def _not_approved(request: GateRequest, _: ConsentState, now: datetime) -> Objection | None:
    approval = request.approval
    if approval is None:
        return ReasonCode.APPROVAL_MISSING, {}
    if approval.approved_digest != request.current_digest:
        return ReasonCode.APPROVAL_STALE, {}
    return (ReasonCode.APPROVAL_EXPIRED, {}) if approval.expires_at <= now else None


def _replied_since(request: GateRequest, _: ConsentState, __: datetime) -> Objection | None:
    """Their words may change what one would send: an operator reads them first (design section 6)."""
    approval, wrote_at = request.approval, request.recipient.last_inbound_at
    is_unread = approval is not None and wrote_at is not None and wrote_at > approval.approved_at
    return (ReasonCode.CONTACT_REPLIED, {}) if is_unread else None


def _window_closed(request: GateRequest, _: ConsentState, now: datetime) -> Objection | None:
    if request.message.kind != MessageKind.FREE_FORM or is_window_open(request.recipient.last_inbound_at, now=now):
        return None
    return ReasonCode.WINDOW_CLOSED, {}


# The order is the reference's: the person's will comes before our paperwork, "never" before "not yet".
_CONTACT_CHECKS: tuple[Check, ...] = (
    _stopped_for_contacts, _no_address, _unknown, _identity_unsure, _opted_out, _without_consent, _too_late, _duplicate,
    _not_approved, _replied_since, _window_closed,
)  # fmt: skip
_OPERATOR_CHECKS: tuple[Check, ...] = (
    _stopped_for_operators, _no_address, _identity_unsure, _too_late, _duplicate, _window_closed,
)  # fmt: skip


def deciding_grant(request: GateRequest, *, now: datetime) -> str | None:
    """The consent a message to a contact rests on, for its digest; None for one that needs none or has none."""
    if not _needs_consent(request) or _is_malformed(request.message):
        return None
    state = _consent(request, now)
    return state.grant_id if state.standing is Standing.ACTIVE else None
