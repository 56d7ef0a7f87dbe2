"""The gate: may this one message leave now? Pure; the same facts and the same instant always give the same verdict.

Algorithm, order and codes: reference "consent and contactability", section 5 (normative), read 2026-11-22; audience,
category and preview: design section 6. Facts: `gate_request`; static checks: `gate_checks`; waiting: `gate_timing`.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from wakeel.domain.consent import Standing
from wakeel.domain.drafts import APPROVAL_LIFE
from wakeel.domain.gate_checks import is_malformed, is_usable, objections
from wakeel.domain.gate_moment import Moment, moment
from wakeel.domain.gate_request import (
    WINDOW,
    WINDOW_MARGIN,
    ApprovalFacts,
    Facts,
    GateRequest,
    History,
    MessageFacts,
    MessageKind,
    Objection,
    RecipientFacts,
    Send,
    SenderFacts,
    Switches,
    TemplateFacts,
    Verdict,
)
from wakeel.domain.gate_timing import Timing, Wait
from wakeel.domain.reasons import REASONS, Answer, ReasonCode

__all__ = [
    "WINDOW",
    "WINDOW_MARGIN",
    "ApprovalFacts",
    "GateRequest",
    "History",
    "MessageFacts",
    "MessageKind",
    "RecipientFacts",
    "Send",
    "SenderFacts",
    "Switches",
    "TemplateFacts",
    "Verdict",
    "decide",
    "decide_bound",
    "deciding_grant",
    "is_window_open",
    "preview",
    "window_closes_at",
]


def decide(request: GateRequest, *, now: datetime) -> Verdict:
    """Say whether one message may leave at `now`; the first check that objects names the answer.

    What only has to wait is a DEFER, unless another check would refuse when the waiting is over: then that is the
    answer, seen at `evaluated_at`. If quiet hours do not end within their horizon it is a HOLD. Never raises.
    """
    if is_malformed(request, now=now):
        return _verdict(request, Answer.HOLD, ReasonCode.INVALID_REQUEST, all_codes=(ReasonCode.INVALID_REQUEST,))
    return _decided(moment(request, now))


def decide_bound(
    request: GateRequest, *, now: datetime, digest_of: Callable[[str | None], str]
) -> tuple[GateRequest, Verdict]:
    """`decide` on a request whose digest is made now, of the consent it rests on; also the request with that digest.

    digest_of: given what `deciding_grant` says.
    """
    if is_malformed(request, now=now):
        return request, decide(request, now=now)
    at_once = moment(request, now)
    digest = digest_of(_grant(at_once))
    if digest != request.current_digest:
        request = replace(request, current_digest=digest)
        at_once = replace(at_once, request=request)
    return request, _decided(at_once)


def _decided(at_once: Moment) -> Verdict:
    request = at_once.request
    timing = Timing(request, now=at_once.t)
    found = objections(at_once)
    if found:
        return _refused(request, found, timing.failing_now)
    if timing.failing_now:
        return _waiting(request, timing)
    if not request.live_send:
        return _verdict(request, Answer.SIMULATE, ReasonCode.LIVE_SEND_OFF, grant_id=_grant(at_once))
    return _verdict(request, Answer.ALLOW, ReasonCode.OK, grant_id=_grant(at_once))


def preview(request: GateRequest, *, now: datetime) -> Verdict:
    """The verdict as if exactly this text were approved now: what queue, item, card and the approving tap ask."""
    if not is_usable(now):
        return decide(request, now=now)
    as_if = ApprovalFacts(approved_digest=request.current_digest, approved_at=now, expires_at=now + APPROVAL_LIFE)
    verdict = decide(replace(request, approval=as_if), now=now)
    if verdict.code is not ReasonCode.APPROVAL_EXPIRED:
        return verdict
    # A wait that outlives every approval: approving again is no way out, so what else stands in the way is named.
    endless = decide(replace(request, approval=replace(as_if, expires_at=None)), now=now)
    return verdict if endless.may_be_approved else endless


def deciding_grant(request: GateRequest, *, now: datetime) -> str | None:
    """The consent a message to a contact rests on, for its digest; None for one that needs none or has none."""
    return None if is_malformed(request, now=now) else _grant(moment(request, now))


def window_closes_at(last_inbound_at: datetime | None) -> datetime | None:
    """The first instant at which free text may no longer leave; None if they never wrote."""
    return None if last_inbound_at is None else last_inbound_at + WINDOW - WINDOW_MARGIN


def is_window_open(last_inbound_at: datetime | None, *, now: datetime) -> bool:
    """Half-open at Meta's 24 hours, minus our margin."""
    closes_at = window_closes_at(last_inbound_at)
    return closes_at is not None and now < closes_at


def _waiting(request: GateRequest, timing: Timing) -> Verdict:
    waits, t = timing.failing_now, timing.first_pass()
    if t is None:
        codes = (ReasonCode.QUIET_HOURS, *(code for code, _ in waits if code is not ReasonCode.QUIET_HOURS))
        return _verdict(request, Answer.HOLD, ReasonCode.QUIET_HOURS, all_codes=codes)
    then = moment(request, t)
    found = objections(then)
    if found:
        return _refused(request, found, waits, evaluated_at=t)
    code, until = waits[0]
    return _verdict(
        request, Answer.DEFER, code, all_codes=_codes(waits), grant_id=_grant(then), next_allowed_at=t,
        facts=_times_named(code, until, t),
    )  # fmt: skip


def _times_named(code: ReasonCode, until: datetime, t: datetime) -> Facts:
    """The time a reason names: its own end where the words speak of it, else when the message would go."""
    match code:
        case ReasonCode.TEMPLATE_PAUSED:
            return {"until": until}
        case ReasonCode.QUIET_HOURS:
            return {"until": t}
        case ReasonCode.CONTACT_PAUSED | ReasonCode.MESSAGING_LIMIT:
            return {"t": until}
        case _:
            return {"t": t}


def _refused(
    request: GateRequest, found: list[Objection], waits: list[Wait], *, evaluated_at: datetime | None = None
) -> Verdict:
    code, facts = found[0]
    return _verdict(
        request, REASONS[code].answer, code, all_codes=(*_codes(found), *_codes(waits)), facts=facts,
        evaluated_at=evaluated_at,
    )  # fmt: skip


def _codes(found: Iterable[tuple[ReasonCode, object]]) -> tuple[ReasonCode, ...]:
    return tuple(code for code, _ in found)


def _grant(at: Moment) -> str | None:
    is_active = at.consent is not None and at.consent.standing is Standing.ACTIVE
    return at.consent.grant_id if at.consent is not None and is_active else None


def _verdict(
    request: GateRequest,
    answer: Answer,
    code: ReasonCode,
    *,
    all_codes: tuple[ReasonCode, ...] = (),
    next_allowed_at: datetime | None = None,
    evaluated_at: datetime | None = None,
    grant_id: str | None = None,
    facts: Facts | None = None,
) -> Verdict:
    return Verdict(
        answer=answer,
        code=code,
        all_codes=all_codes,
        next_allowed_at=next_allowed_at,
        evaluated_at=evaluated_at,
        grant_id=grant_id,
        facts=facts or {},
        policy_version=request.policy.version,
        ledger_seq=request.ledger_seq,
    )
