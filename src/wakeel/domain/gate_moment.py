"""One request at one instant: which category counts then, and where the person stands.

Source: reference "consent and contactability", section 5.1 (effective category), read 2026-11-22.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.consent import Category, ConsentState, state_of
from wakeel.domain.gate_request import GateRequest, MessageKind, Objection, TemplateFacts
from wakeel.domain.outbox import Audience

_STRICTEST_FIRST = (
    Category.MARKETING.value,
    Category.UTILITY.value,
    Category.AUTHENTICATION.value,
    Category.SERVICE.value,
)


def template_category(template: TemplateFacts, t: datetime) -> str:
    """The template's category at `t`, in our letters; an announced one counts from its time on."""
    announced, at = template.pending_category, template.pending_category_at
    return (announced if announced is not None and at is not None and at <= t else template.category).lower()


def effective_category(request: GateRequest, t: datetime) -> str:
    """What consent, caps, hours and quality are asked about at `t`."""
    declared = request.message.category
    if request.template is None or request.message.kind != MessageKind.TEMPLATE:
        return declared
    actual = template_category(request.template, t)
    if actual == declared:
        return declared
    return next((category for category in _STRICTEST_FIRST if category in (declared, actual)), declared)


@dataclass(frozen=True, slots=True)
class Moment:
    """One request at one instant. category: the effective one. consent: None for a message that needs none."""

    request: GateRequest
    t: datetime
    category: str
    consent: ConsentState | None


def moment(request: GateRequest, t: datetime) -> Moment:
    """Look at a well-formed request as it is at `t`."""
    category = effective_category(request, t)
    if request.audience is not Audience.CONTACT or category == Category.SERVICE:
        return Moment(request, t, category, None)
    policy = request.policy
    consent = state_of(
        request.consent_events, category=category, purpose=request.message.purpose, subject=request.recipient.subject,
        as_of=t, permanent=policy.permanent_opt_out, tolerance=policy.clock_skew_tolerance,
    )  # fmt: skip
    return Moment(request, t, category, consent)


Check = Callable[[Moment], Objection | None]
