"""Signs of life: processes, webhooks, queues, switches, phones. Heartbeats and the inbox are dated in real time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from wakeel.domain.gate import is_window_open, window_closes_at
from wakeel.domain.outbox import CONTACTS_WAIT_FOR_INBOX, Audience, OutboxState
from wakeel.domain.runs import DOUBTFUL, WHAT_HAPPENED, WHAT_TO_DO, RunFinding
from wakeel.domain.text import mask_phone
from wakeel.domain.words import Text
from wakeel.store import runs
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.heartbeat import LEDGER, TOKEN, WEBHOOK, lately
from wakeel.store.models import (
    Business,
    Heartbeat,
    InboxRow,
    InboxState,
    Operator,
    OutboxMessage,
    ReachedPerson,
    SendingNumber,
)
from wakeel.store.screens import outgoing, switches, webhooks
from wakeel.store.screens.queue import COUNTED_TO
from wakeel.store.screens.switches import Switches
from wakeel.store.screens.webhooks import NotedLine

WORKER = "worker"
ALIVE_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Readiness:
    """worker_age_s, oldest_waiting_s: None if there is no heartbeat, or nothing waits."""

    worker_age_s: float | None
    oldest_waiting_s: float | None

    @property
    def is_ready(self) -> bool:
        return self.worker_age_s is not None and self.worker_age_s < ALIVE_WITHIN.total_seconds()


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """phone: masked, '' if hidden. window_closes_at: None if they never wrote."""

    name: str
    phone: str
    state: str
    window_closes_at: datetime | None
    window_is_open: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class RunSigns:
    """Whether this is the newest database. what: what the last start found wrong, None if all is well; then: what to do
    about it, None if a stop switch says so. restored_at: real time at which a copy was recognised, None for never;
    expected, found: how far the file and the database had come then, None if the file did not say."""

    number: int
    what: Text | None
    then: Text | None
    restored_at: datetime | None
    expected: int | None
    found: int | None


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The last run of `ledger-verify`. at: real time."""

    at: datetime
    entries: int
    faults: int


@dataclass(frozen=True, slots=True)
class WebhookSigns:
    """Of the last day: wrong_signatures, and not_verified, asked for the challenge without our token. verified_at: when
    somebody asked with it the last time, real time, None for never."""

    wrong_signatures: int
    not_verified: int
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenSigns:
    """What WhatsApp said of our access token at read_at. expires_at: None for one that does not end."""

    is_valid: bool
    expires_at: datetime | None
    read_at: datetime

    def days_left(self, *, real_now: datetime) -> int | None:
        """Whole days; None for one that does not end."""
        return max(0, (self.expires_at - real_now).days) if self.expires_at is not None else None


@dataclass(frozen=True, slots=True)
class HealthPage:
    """webhook_seen_at: real time of the last webhook of this business or None. states: messages per state.

    unrecognised: the newest first. contacts_wait: messages to contacts pause, because an unread webhook may be a STOP.
    ledger: None before its first check. token: None before it was read. oldest_due_s: how long the message to a contact
    has been due that is so the longest, None if none is. reached: people a template reached outside their window within
    a day, as WhatsApp counts them.
    """

    readiness: Readiness
    worker_at: datetime | None
    webhook_seen_at: datetime | None
    received: int
    quarantined: int
    states: tuple[tuple[str, int], ...]
    switches: Switches
    run: RunSigns | None
    operators: tuple[OperatorLine, ...]
    unrecognised: tuple[NotedLine, ...]
    contacts_wait: bool
    ledger: LedgerCheck | None
    webhook: WebhookSigns
    token: TokenSigns | None
    oldest_due_s: float | None
    reached: int


def readiness(*, real_now: datetime) -> Readiness:
    """What `/readyz` tells; raises the database's own error when it cannot be asked."""
    beat = Heartbeat.objects.filter(role=WORKER).first()
    # By its id: the index of what waits has nothing else, and ids come in order of arrival.
    oldest = InboxRow.objects.filter(state=InboxState.RECEIVED).order_by("id").only("received_at").first()
    return Readiness(
        worker_age_s=(real_now - beat.at).total_seconds() if beat else None,
        oldest_waiting_s=(real_now - oldest.received_at).total_seconds() if oldest else None,
    )


def read(business_id: str, *, now: datetime, real_now: datetime) -> HealthPage:
    beat = Heartbeat.objects.filter(role=WORKER).first()
    numbers = SendingNumber.objects.filter(business_id=business_id, webhook_seen_at__isnull=False)
    seen = numbers.order_by("-webhook_seen_at").first()
    received, *states = _counts.first(business=business_id)
    ready = readiness(real_now=real_now)
    beats = {row.role: row for row in Heartbeat.objects.filter(role__in=[WEBHOOK, TOKEN])}
    due_at = outgoing.first_due(business_id)
    return HealthPage(
        readiness=ready,
        worker_at=beat.at if beat else None,
        webhook_seen_at=seen.webhook_seen_at if seen else None,
        received=received,
        quarantined=len({row_id for row_id, _, _ in webhooks.quarantined(business_id)}),
        states=tuple((state.value, count) for state, count in zip(OutboxState, states, strict=True) if count),
        switches=switches.read(business_id),
        run=_run(),
        operators=_operators(business_id, now=now),
        unrecognised=webhooks.unrecognised(business_id),
        ledger=_ledger(),
        webhook=_webhook(beats.get(WEBHOOK), real_now=real_now),
        token=_token(beats.get(TOKEN)),
        oldest_due_s=(now - due_at).total_seconds() if due_at is not None and due_at < now else None,
        reached=_reached.first(business=business_id, since=now - timedelta(days=1))[0],
        contacts_wait=(ready.oldest_waiting_s or 0) > CONTACTS_WAIT_FOR_INBOX.total_seconds(),
    )


@Compiled
def _counts(*, business: Any) -> QuerySet[Business, Any]:
    """Webhooks that wait, then messages to contacts in each state: at most COUNTED_TO each."""
    inbox = InboxRow.objects.filter(state=InboxState.RECEIVED)
    messages = (_to_contacts(business, state) for state in OutboxState)
    counted = (HowMany(rows.values("pk")[:COUNTED_TO]) for rows in (inbox, *messages))
    return Business.objects.filter(pk=business).values_list(*counted)


def _run() -> RunSigns | None:
    row = runs.read()
    if row is None:
        return None
    finding = RunFinding(row.finding) if row.finding in WHAT_HAPPENED else None
    # What to do about a doubt stands beside the switch that it pressed.
    then = WHAT_TO_DO[finding] if finding and finding not in DOUBTFUL else None
    what = WHAT_HAPPENED[finding] if finding else None
    return RunSigns(row.number, what, then, row.restored_at, row.expected, row.found)


def _webhook(row: Heartbeat | None, *, real_now: datetime) -> WebhookSigns:
    known = row.counters if row else {}
    wrong, unknown = (lately(known.get(name, {}), real_now=real_now) for name in ("wrong", "not_verified"))
    verified_at = known.get("verified_at")
    return WebhookSigns(wrong, unknown, datetime.fromisoformat(verified_at) if verified_at else None)


def _token(row: Heartbeat | None) -> TokenSigns | None:
    if row is None:
        return None
    ends = row.counters.get("expires_at")
    return TokenSigns(bool(row.counters.get("is_valid")), datetime.fromisoformat(ends) if ends else None, row.at)


@Compiled
def _reached(*, business: Any, since: Any) -> QuerySet[Business, Any]:
    rows = ReachedPerson.objects.filter(business_id=business, at__gt=since).values("pk")
    return Business.objects.filter(pk=business).values_list(HowMany(rows))


def _ledger() -> LedgerCheck | None:
    last = Heartbeat.objects.filter(role=LEDGER).first()
    return LedgerCheck(last.at, last.counters.get("entries", 0), last.counters.get("faults", 0)) if last else None


def _to_contacts(business_id: Any, state: OutboxState) -> QuerySet[OutboxMessage]:
    rows = OutboxMessage.objects.filter(business_id=business_id, audience=Audience.CONTACT.value, state=state.value)
    # What arrived is the one state that only grows, and has no index of its own: found by their drafts, since to
    # operators there are many times as many messages.
    return rows.filter(draft__isnull=False).order_by("draft_id") if state is OutboxState.ACCEPTED else rows


@Compiled
def _waiting_for(*, business: Any) -> QuerySet[OutboxMessage, Any]:
    rows = OutboxMessage.objects.filter(
        business_id=business, audience=Audience.OPERATOR.value, state=OutboxState.PENDING.value
    )
    return rows.values_list("operator").annotate(n=Count("id"))


def _operators(business_id: str, *, now: datetime) -> tuple[OperatorLine, ...]:
    per_operator = dict(_waiting_for(business=business_id))
    return tuple(
        OperatorLine(
            name=row.name,
            phone=mask_phone(row.wa_id) if row.wa_id else "",
            state=row.state,
            window_closes_at=window_closes_at(row.last_inbound_at),
            window_is_open=is_window_open(row.last_inbound_at, now=now),
            waiting=per_operator.get(row.id, 0),
        )
        for row in Operator.objects.filter(business_id=business_id).order_by("name", "id")
    )
