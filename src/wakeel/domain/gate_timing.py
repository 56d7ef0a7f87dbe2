"""The gate's timed checks T1 to T8: what only has to wait, and until when.

Order, conditions and next times: reference "consent and contactability", sections 5.2 and 5.3 (normative), read
2026-11-22. Each check says, for an instant t, the later instant at which it passes, or None if it passes at t.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from wakeel.domain.consent import Category
from wakeel.domain.gate_moment import effective_category
from wakeel.domain.gate_request import OPT_OUT_CONFIRMATION, GateRequest, MessageKind, Outcome
from wakeel.domain.outbox import Audience
from wakeel.domain.policy import Cap
from wakeel.domain.quiet_hours import quiet_hours
from wakeel.domain.reasons import ReasonCode

MESSAGING_PERIOD = timedelta(hours=24)
"""People outside the service window are counted over a rolling day (reference 2.4)."""

Wait = tuple[ReasonCode, datetime]

NEVER = datetime.max.replace(tzinfo=UTC)
"""No instant within the horizon of quiet hours passes: a person has to look at the policy."""


class Timing:
    """The timed checks of one request, one method each; categories, calendars and caps are evaluated at t.

    failing_now: what fails at `now`.
    """

    def __init__(self, request: GateRequest, *, now: datetime) -> None:
        self._request = request
        self._now = now
        self._checks = _CHECKS_OF[request.audience]
        self.failing_now = self.failing(now)

    def failing(self, t: datetime) -> list[Wait]:
        """Every check that fails at `t`, in order, with the instant at which it passes; NEVER is possible."""
        return [(code, until) for code, check in self._checks if (until := check(self, t)) is not None]

    def first_pass(self) -> datetime | None:
        """The first instant from now on at which all of them pass together; None if quiet hours never end.

        Terminates: a failing check always names a later instant, each send, pause and limit is left behind once, and
        quiet hours give up at their horizon.
        """
        t, failing = self._now, self.failing_now
        while failing:
            t = max(until for _, until in failing)
            if t == NEVER:
                return None
            failing = self.failing(t)
        return t

    def contact_paused(self, t: datetime) -> datetime | None:
        return _until(self._request.recipient.paused_until, t)

    def template_paused(self, t: datetime) -> datetime | None:
        template = self._request.template
        if template is None or template.status != "PAUSED" or self._request.message.kind != MessageKind.TEMPLATE:
            return None
        return _until(template.paused_until, t)

    def platform_limit(self, t: datetime) -> datetime | None:
        reached_at = self._request.history.platform_limit_at
        if reached_at is None or self._category(t) != Category.MARKETING:
            return None
        return _until(reached_at + self._request.policy.platform_limit_cooldown, t)

    def frequency_cap(self, t: datetime) -> datetime | None:
        """The opt-out confirmation is exempt: it must not wait for tomorrow."""
        if self._request.message.intent == OPT_OUT_CONFIRMATION:
            return None
        category = self._category(t)
        ends = [self._cap_ends(cap, t) for cap in self._request.policy.caps if cap.category == category]
        return max((end for end in ends if end is not None), default=None)

    def quiet(self, t: datetime) -> datetime | None:
        request, category = self._request, self._category(t)
        if category == Category.UTILITY and request.message.urgent:
            return None
        recipient = request.recipient
        hours = quiet_hours(
            request.policy, category=category, country=recipient.country, time_zones=recipient.time_zones
        )
        if hours is None or hours.is_open(t):
            return None
        return hours.next_opening(t) or NEVER

    def messaging_limit(self, t: datetime) -> datetime | None:
        """Counts people who are not in their service window; without the oldest one's time a whole day is waited."""
        sender = self._request.sender
        if sender.recipient_already_counted or not is_counted(self._request, t=t):
            return None
        if sender.messaging_limit is None or sender.unique_recipients_24h < sender.messaging_limit:
            return None
        return _until((sender.oldest_unique_recipient_at or self._now) + MESSAGING_PERIOD, t)

    def pair_rate(self, t: datetime) -> datetime | None:
        last = max((send.at for send in self._request.history.sends if send.outcome != Outcome.FAILED), default=None)
        return None if last is None else _until(last + self._request.policy.pair_interval, t)

    def throughput(self, t: datetime) -> datetime | None:
        """Known for this very second only."""
        sender = self._request.sender
        if t != self._now or sender.sent_in_current_second < sender.throughput_mps:
            return None
        return t.replace(microsecond=0) + timedelta(seconds=1)

    def _category(self, t: datetime) -> str:
        return effective_category(self._request, t)

    def _cap_ends(self, cap: Cap, t: datetime) -> datetime | None:
        counted = sorted(
            send.at
            for send in self._request.history.sends
            if send.category == cap.category and send.outcome != Outcome.FAILED and send.at > t - cap.window
        )
        return counted[len(counted) - cap.max] + cap.window if len(counted) >= cap.max else None


def service_window_closes_at(request: GateRequest) -> datetime | None:
    """The first instant at which the service window counts as closed (check 16); None if they never wrote."""
    wrote_at, policy = request.recipient.last_inbound_at, request.policy
    return None if wrote_at is None else wrote_at + policy.service_window - policy.service_window_margin


def is_counted(request: GateRequest, *, t: datetime) -> bool:
    """Whether WhatsApp counts the recipient among the people written to: by a template, outside of their window."""
    if request.message.kind != MessageKind.TEMPLATE:
        return False
    closes_at = service_window_closes_at(request)
    return closes_at is None or t >= closes_at


def _until(end: datetime | None, t: datetime) -> datetime | None:
    return end if end is not None and t < end else None


Check = tuple[ReasonCode, Callable[[Timing, datetime], datetime | None]]
_OPERATOR: tuple[Check, ...] = (
    (ReasonCode.TEMPLATE_PAUSED, Timing.template_paused),
    (ReasonCode.MESSAGING_LIMIT, Timing.messaging_limit),
)
_CONTACT: tuple[Check, ...] = (
    (ReasonCode.CONTACT_PAUSED, Timing.contact_paused),
    (ReasonCode.TEMPLATE_PAUSED, Timing.template_paused),
    (ReasonCode.PLATFORM_MARKETING_LIMIT, Timing.platform_limit),
    (ReasonCode.FREQUENCY_CAP, Timing.frequency_cap),
    (ReasonCode.QUIET_HOURS, Timing.quiet),
    (ReasonCode.MESSAGING_LIMIT, Timing.messaging_limit),
    (ReasonCode.PAIR_RATE, Timing.pair_rate),
    (ReasonCode.SENDER_THROUGHPUT, Timing.throughput),
)
_CHECKS_OF = {Audience.CONTACT: _CONTACT, Audience.OPERATOR: _OPERATOR}
