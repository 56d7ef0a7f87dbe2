"""What one decision of the gate reads, and what it answers. Source: reference 5.1, 5.2 and 9.1, read 2026-11-22.

All times are aware; None always means "nothing known". The caller reads everything in its own transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from wakeel.domain.consent import ConsentEvent, Subject
from wakeel.domain.outbox import Audience
from wakeel.domain.policy import Policy
from wakeel.domain.reasons import REASONS, Answer, ReasonCode

OPT_OUT_CONFIRMATION = "opt_out_confirmation"
"""The intent of the one message that may follow a full stop (reference 3.5)."""

WINDOW = timedelta(hours=24)
WINDOW_MARGIN = timedelta(seconds=120)
"""A slow send must not meet 131047: our window closes this much before Meta's."""


class MessageKind(StrEnum):
    """Free text goes inside the service window only, a template at any time."""

    FREE_FORM = "free_form"
    TEMPLATE = "template"


class Outcome(StrEnum):
    """What became of an earlier send."""

    SENT = "sent"
    UNKNOWN = "unknown"  # it may have left
    FAILED = "failed"  # it certainly did not


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """request_key: names this very attempt to send. intent: None for what an operator wrote. urgent: utility that may
    go at any hour. names_sender, has_opt_out: asked of marketing only. findings: ReasonCode values of the content
    checks, each with its detail after a colon if there is one (`CONTENT_PII:iban`). expires_at: None for a message
    that never comes too late.
    """

    kind: str
    category: str
    purpose: str
    request_key: str
    body_hash: str = ""
    intent: str | None = None
    urgent: bool = False
    names_sender: bool = False
    has_opt_out: bool = False
    findings: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """known: they ever wrote, have a grant, or gave us the number with evidence. address_valid: it passed validation.
    has_phone: False if only a business-scoped user id is known. address_current: the alias the request is addressed to
    still belongs to them. country: two letters. time_zones: IANA names; all zones the number may be in, or the one
    that is known; empty if nobody knows. suppression: the cause, None for most. last_inbound_at: None if they never
    wrote.
    """

    id: str
    known: bool
    address: str | None
    address_valid: bool = True
    has_phone: bool = True
    address_current: bool = True
    country: str | None = None
    time_zones: tuple[str, ...] = ()
    identity_hold: bool = False
    suppression: str | None = None
    paused_until: datetime | None = None
    unreachable: bool = False
    last_inbound_at: datetime | None = None
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """As Meta reports the template. paused_until: None while PAUSED means that somebody must lift it (pacing).

    pending_category: announced recategorisation, in force from pending_category_at. components: hash of what Meta
    approved, '' if nobody asks; no check reads it, an approval is bound to it.
    """

    status: str
    category: str
    paused_until: datetime | None = None
    pending_category: str | None = None
    pending_category_at: datetime | None = None
    components: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderFacts:
    """Health and capacity of the sending number. messaging_limit: unique people in 24 h, None for no limit or unknown;
    unique_recipients_24h and oldest_unique_recipient_at: of the whole portfolio, as the limit is."""

    status: str = "CONNECTED"
    quality: str = "GREEN"
    throughput_mps: int = 80
    sent_in_current_second: int = 0
    messaging_limit: int | None = None
    unique_recipients_24h: int = 0
    oldest_unique_recipient_at: datetime | None = None
    recipient_already_counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One earlier message to this person."""

    at: datetime
    category: str
    body_hash: str
    request_key: str
    outcome: str
    intent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """sends: in any order, back to the longest cap, with every attempt of this request. platform_limit_at: the last
    131049, WhatsApp's own limit for this person."""

    sends: tuple[Send, ...] = ()
    platform_limit_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """status: approved, rejected, or anything else for not yet. approved_at: what the contact wrote after it has not
    been read by whoever approved; None if unknown or if no reply can matter. expires_at: None for one that does not
    end. note: the approver's words about a rejection.
    """

    status: str = "approved"
    approved_digest: str
    approved_at: datetime | None
    expires_at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Stop switches, True when sending is stopped."""

    everywhere: bool = False
    business: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """Everything one decision reads, taken in the caller's transaction. approval: None without one.

    consent_events: of this business only. template: None for free-form. ledger_seq: the last consent event read.
    """

    audience: Audience
    message: MessageFacts
    recipient: RecipientFacts
    current_digest: str
    approval: ApprovalFacts | None = None
    consent_events: tuple[ConsentEvent, ...] = ()
    history: History = field(default_factory=History)
    template: TemplateFacts | None = None
    sender: SenderFacts = field(default_factory=SenderFacts)
    switches: Switches = field(default_factory=Switches)
    live_send: bool = False
    policy: Policy
    ledger_seq: int = 0


Facts = dict[str, datetime | str]
"""What the words of a reason name: times, codes and words of ours; nothing personal."""

Objection = tuple[ReasonCode, Facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """answer and code: the first objection; the same code may be a DEFER or a HOLD. all_codes: every objection.

    next_allowed_at: only with DEFER, the first instant at which every timed check passes. evaluated_at: the later
    instant at which a check refused what now only had to wait; None if it was now. grant_id: the consent an ALLOW,
    SIMULATE or DEFER rests on, else None. facts: what the words of the reason name.
    """

    answer: Answer
    code: ReasonCode
    all_codes: tuple[ReasonCode, ...] = ()
    next_allowed_at: datetime | None = None
    evaluated_at: datetime | None = None
    grant_id: str | None = None
    facts: Facts = field(default_factory=dict)
    policy_version: str
    ledger_seq: int = 0

    @property
    def may_be_approved(self) -> bool:
        """ALLOW, DEFER and SIMULATE: approval and outbox row commit together (design section 6)."""
        return self.answer in {Answer.ALLOW, Answer.DEFER, Answer.SIMULATE}

    @property
    def is_only_stopped(self) -> bool:
        """A stop switch, and nothing beside it that does not end by itself: the approval is kept, the message held."""
        others = set(self.all_codes) - {ReasonCode.KILL_SWITCH}
        passing = all(REASONS[code].answer is Answer.DEFER for code in others)
        return self.code is ReasonCode.KILL_SWITCH and passing
