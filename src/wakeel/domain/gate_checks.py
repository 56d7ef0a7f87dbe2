"""The gate's static checks 1 to 15, and the order of all 18. Each says why it objects at one instant, or None.

Order and conditions: reference "consent and contactability", section 5.2 (normative), read 2026-11-22; audience and
"the contact replied": design section 6.
"""

from datetime import datetime

from wakeel.domain.consent import Category, Standing, full_stop
from wakeel.domain.gate_channel import CHANNEL_CHECKS
from wakeel.domain.gate_moment import Check, Moment, template_category
from wakeel.domain.gate_request import OPT_OUT_CONFIRMATION, GateRequest, MessageKind, Objection, Outcome
from wakeel.domain.outbox import Audience
from wakeel.domain.reasons import ReasonCode

_KINDS = frozenset(kind.value for kind in MessageKind)
_CATEGORIES = frozenset(category.value for category in Category)
_FIRST_YEAR, _LAST_YEAR = 1970, 8999
"""Times outside cannot be reckoned with; nobody means them."""


def objections(at: Moment) -> list[Objection]:
    """Every check that objects, in order; the first one is the answer."""
    return [found for check in _CHECKS_OF[at.request.audience] if (found := check(at)) is not None]


def is_malformed(request: GateRequest, *, now: datetime) -> bool:
    """Check 1: the request cannot be understood, and nothing else may be evaluated."""
    message = request.message
    if message.kind not in _KINDS or message.category not in _CATEGORIES:
        return True
    if not message.request_key or not request.recipient.id:
        return True
    is_template = message.kind == MessageKind.TEMPLATE
    if is_template and request.template is None:
        return True
    if message.category == (Category.SERVICE if is_template else Category.AUTHENTICATION):
        return True
    return any(time is not None and not is_usable(time) for time in (now, *_times(request)))


def is_usable(time: datetime) -> bool:
    """Whether a time says which instant it is, and can be reckoned with."""
    return time.tzinfo is not None and _FIRST_YEAR <= time.year <= _LAST_YEAR


def _times(request: GateRequest) -> list[datetime | None]:
    recipient, history = request.recipient, request.history
    times = [
        request.message.expires_at, recipient.paused_until, recipient.last_inbound_at, history.platform_limit_at,
        recipient.subject.address_epoch_started_at, request.sender.oldest_unique_recipient_at,
    ]  # fmt: skip
    if request.template is not None:
        times += [request.template.paused_until, request.template.pending_category_at]
    if request.approval is not None:
        times += [request.approval.approved_at, request.approval.expires_at]
    times += [send.at for send in history.sends]
    for event in request.consent_events:
        times += [event.at, event.recorded_at, event.expires_at]
    return times


def _stopped_for_contacts(at: Moment) -> Objection | None:
    switches = at.request.switches
    for scope, on in (("global", switches.everywhere), ("business", switches.business), ("number", switches.number)):
        if on:
            return ReasonCode.KILL_SWITCH, {"scope": scope}
    return None


def _stopped_for_operators(at: Moment) -> Objection | None:
    """A stop for contacts must not silence the answers that tell operators about it."""
    return (ReasonCode.KILL_SWITCH, {"scope": "number"}) if at.request.switches.number else None


def _no_address(at: Moment) -> Objection | None:
    recipient = at.request.recipient
    return None if recipient.address and recipient.address_valid else (ReasonCode.RECIPIENT_INVALID, {})


def _code_without_phone(at: Moment) -> Objection | None:
    """One-tap, zero-tap and copy-code templates go to phone numbers only."""
    template = at.request.template
    is_code = at.request.message.category == Category.AUTHENTICATION or (
        template is not None and template_category(template, at.t) == Category.AUTHENTICATION
    )
    return (ReasonCode.ADDRESS_TYPE_UNSUPPORTED, {}) if is_code and not at.request.recipient.has_phone else None


def _unknown(at: Moment) -> Objection | None:
    """Who wrote to us is known by that, whatever else is."""
    recipient = at.request.recipient
    return None if recipient.known or recipient.last_inbound_at is not None else (ReasonCode.UNKNOWN_CONTACT, {})


def _identity_unsure(at: Moment) -> Objection | None:
    unsure = at.request.recipient.identity_hold or not at.request.recipient.address_current
    return (ReasonCode.IDENTITY_HOLD, {}) if unsure else None


def _opted_out(at: Moment) -> Objection | None:
    if at.consent is None:
        return _opted_out_of_answers(at)
    if at.consent.standing is not Standing.OPTED_OUT:
        return None
    withdrawn_at = at.consent.withdrawn_at
    return ReasonCode.OPTED_OUT, {} if withdrawn_at is None else {"t": withdrawn_at}


def _opted_out_of_answers(at: Moment) -> Objection | None:
    """After a full stop one confirmation goes out, then nothing until they write again (reference 3.5)."""
    request, policy = at.request, at.request.policy
    stop = full_stop(
        request.consent_events, purpose=request.message.purpose, subject=request.recipient.subject, as_of=at.t,
        permanent=policy.permanent_opt_out, tolerance=policy.clock_skew_tolerance,
    )  # fmt: skip
    if stop is None:
        return None
    if request.message.intent == OPT_OUT_CONFIRMATION:
        may_answer = at.t <= stop.at + policy.opt_out_confirmation_within and not _confirmed(request, stop.at)
    else:
        wrote_again = stop.is_followed_by(request.recipient.last_inbound_at, tolerance=policy.clock_skew_tolerance)
        may_answer = wrote_again and policy.reply_after_opt_out
    return None if may_answer else (ReasonCode.OPTED_OUT, {"t": stop.at})


def _confirmed(request: GateRequest, stopped_at: datetime) -> bool:
    return any(
        send.intent == OPT_OUT_CONFIRMATION and send.outcome != Outcome.FAILED and send.at >= stopped_at
        for send in request.history.sends
    )


def _suppressed(at: Moment) -> Objection | None:
    cause = at.request.recipient.suppression
    return (ReasonCode.SUPPRESSED, {"cause": cause}) if cause else None


def _without_consent(at: Moment) -> Objection | None:
    if at.consent is None:
        return None
    match at.consent.standing:
        case Standing.NONE:
            return ReasonCode.NO_CONSENT, {"purpose": at.request.message.purpose}
        case Standing.PENDING:
            return ReasonCode.CONSENT_PENDING, {}
        case Standing.EXPIRED:
            return ReasonCode.CONSENT_EXPIRED, {} if at.consent.ends_at is None else {"t": at.consent.ends_at}
        case _:
            return None


def _unreachable(at: Moment) -> Objection | None:
    return (ReasonCode.RECIPIENT_UNREACHABLE, {}) if at.request.recipient.unreachable else None


def _too_late(at: Moment) -> Objection | None:
    expires_at = at.request.message.expires_at
    return (ReasonCode.MESSAGE_EXPIRED, {}) if expires_at is not None and expires_at <= at.t else None


def _same_request(at: Moment) -> Objection | None:
    key = at.request.message.request_key
    used = any(send.request_key == key and send.outcome != Outcome.FAILED for send in at.request.history.sends)
    return (ReasonCode.DUPLICATE_REQUEST, {}) if used else None


def _same_request_or_text(at: Moment) -> Objection | None:
    body, since = at.request.message.body_hash, at.t - at.request.policy.duplicate_window
    repeated = _same_request(at)
    if repeated is not None or not body:
        return repeated
    told = any(
        send.body_hash == body and send.outcome != Outcome.FAILED and send.at > since
        for send in at.request.history.sends
    )
    return (ReasonCode.DUPLICATE_CONTENT, {}) if told else None


def _finding(code: ReasonCode, detail_name: str = "") -> Check:
    """The check for one code of the content checks; its detail is named in the words of the reason."""

    def check(at: Moment) -> Objection | None:
        for finding in at.request.message.findings:
            found, _, detail = finding.partition(":")
            if found == code.value:
                return code, {detail_name: detail} if detail_name and detail else {}
        return None

    return check


def _unnamed(at: Moment) -> Objection | None:
    is_unnamed = at.category == Category.MARKETING and not at.request.message.names_sender
    return (ReasonCode.SENDER_NOT_NAMED, {}) if is_unnamed else None


def _no_way_out(at: Moment) -> Objection | None:
    is_missing = at.category == Category.MARKETING and not at.request.message.has_opt_out
    return (ReasonCode.OPT_OUT_PATH_MISSING, {}) if is_missing else None


def _not_approved(at: Moment) -> Objection | None:
    approval = at.request.approval
    if approval is not None and approval.status == "rejected":
        return ReasonCode.APPROVAL_REJECTED, {"note": approval.note} if approval.note else {}
    if approval is None or approval.status != "approved":
        return ReasonCode.APPROVAL_MISSING, {}
    if approval.approved_digest != at.request.current_digest:
        return ReasonCode.APPROVAL_STALE, {}
    has_ended = approval.expires_at is not None and approval.expires_at <= at.t
    return (ReasonCode.APPROVAL_EXPIRED, {}) if has_ended else None


def _replied_since(at: Moment) -> Objection | None:
    """Their words may change what one would send: an operator reads them first (design section 6)."""
    approval, wrote_at = at.request.approval, at.request.recipient.last_inbound_at
    if approval is None or approval.approved_at is None or wrote_at is None or wrote_at <= approval.approved_at:
        return None
    return ReasonCode.CONTACT_REPLIED, {}


# The order is the reference's: the person's will comes before our paperwork, "never" before "not yet".
_CONTACT_CHECKS: tuple[Check, ...] = (
    _stopped_for_contacts, _no_address, _code_without_phone, _unknown, _identity_unsure,
    _opted_out, _suppressed, _without_consent, _unreachable, _too_late, _same_request_or_text,
    _finding(ReasonCode.CONTENT_SECRET), _finding(ReasonCode.CONTENT_PII, "kind"),
    _finding(ReasonCode.CONTENT_RISKY_CLAIM, "phrase"), _unnamed, _no_way_out, _not_approved, _replied_since,
    *CHANNEL_CHECKS,
)  # fmt: skip
_OPERATOR_CHECKS: tuple[Check, ...] = (
    _stopped_for_operators, _no_address, _identity_unsure, _too_late, _same_request, *CHANNEL_CHECKS,
)  # fmt: skip
_CHECKS_OF = {Audience.CONTACT: _CONTACT_CHECKS, Audience.OPERATOR: _OPERATOR_CHECKS}
