"""The gate's static checks 16 to 18: window, template, destination, sending number.

Order and conditions: reference "consent and contactability", section 5.2 (normative), read 2026-11-22.
"""

from wakeel.domain.consent import Category
from wakeel.domain.gate_moment import Check, Moment, template_category
from wakeel.domain.gate_request import MessageKind, Objection
from wakeel.domain.gate_timing import service_window_closes_at
from wakeel.domain.reasons import ReasonCode


def _window_closed(at: Moment) -> Objection | None:
    if at.request.message.kind != MessageKind.FREE_FORM:
        return None
    closes_at = service_window_closes_at(at.request)
    return None if closes_at is not None and at.t < closes_at else (ReasonCode.WINDOW_CLOSED, {})


def _template_unusable(at: Moment) -> Objection | None:
    """A pause with a known end cures itself: that is a timed check."""
    template = at.request.template
    if template is None or at.request.message.kind != MessageKind.TEMPLATE:
        return None
    match template.status:
        case "APPROVED":
            return None
        case "DISABLED":
            return ReasonCode.TEMPLATE_DISABLED, {}
        case "PAUSED":
            return (ReasonCode.TEMPLATE_PAUSED, {}) if template.paused_until is None else None
        case status:
            return ReasonCode.TEMPLATE_NOT_APPROVED, {"status": status}


def _category_differs(at: Moment) -> Objection | None:
    template, declared = at.request.template, at.request.message.category
    if template is None or at.request.message.kind != MessageKind.TEMPLATE:
        return None
    actual = template_category(template, at.t)
    if actual == declared:
        return None
    return ReasonCode.TEMPLATE_CATEGORY_MISMATCH, {"actual": actual, "declared": declared}


def _not_delivered_there(at: Moment) -> Objection | None:
    blocked = at.request.policy.marketing_blocked_countries
    is_blocked = at.category == Category.MARKETING and at.request.recipient.country in blocked
    return (ReasonCode.DESTINATION_RESTRICTED, {}) if is_blocked else None


def _sender_not_ready(at: Moment) -> Objection | None:
    status = at.request.sender.status
    return None if status == "CONNECTED" else (ReasonCode.SENDER_NOT_READY, {"status": status})


def _sender_quality(at: Moment) -> Objection | None:
    is_low = at.request.sender.quality == "RED" and at.category == Category.MARKETING
    return (ReasonCode.SENDER_QUALITY_RED, {}) if is_low else None


CHANNEL_CHECKS: tuple[Check, ...] = (
    _window_closed, _template_unusable, _category_differs, _not_delivered_there, _sender_not_ready, _sender_quality,
)  # fmt: skip
