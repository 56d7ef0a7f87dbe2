"""Signs of life: processes, webhooks, queues, switches, phones. Heartbeats and the inbox are dated in real time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from wakeel.domain.gate import is_window_open, window_closes_at
from wakeel.domain.inbox_notes import NoteKind
from wakeel.domain.outbox import CONTACTS_WAIT_FOR_INBOX, Audience, OutboxState
from wakeel.domain.platform_words import stopped_words
from wakeel.domain.text import mask_phone
from wakeel.domain.words import Text
from wakeel.store.heartbeat import LEDGER
from wakeel.store.models import Heartbeat, InboxRow, InboxState, Operator, OutboxMessage, SendingNumber, StopSwitch
from wakeel.store.screens.seat import switches_of

WORKER = "worker"
ALIVE_WITHIN = timedelta(seconds=30)
SHOWN = 10


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
class SwitchLine:
    """why: what WhatsApp did that made us stop, None if a person pressed; reason: its word."""

    scope: str
    pressed_by: str
    pressed_at: datetime
    reason: str
    why: Text | None


@dataclass(frozen=True, slots=True)
class UnrecognisedLine:
    """One webhook item of a kind that this version does not act on; what: Meta's field and our word for the kind."""

    received_at: datetime
    path: str
    what: str


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The last run of `ledger-verify`. at: real time."""

    at: datetime
    entries: int
    faults: int


@dataclass(frozen=True, slots=True)
class HealthPage:
    """webhook_seen_at: real time of the last webhook of this business or None. states: messages per state.

    unrecognised: the newest first. contacts_wait: messages to contacts pause, because an unread webhook may be a STOP.
    ledger: None before its first check.
    """

    readiness: Readiness
    worker_at: datetime | None
    webhook_seen_at: datetime | None
    received: int
    quarantined: int
    states: tuple[tuple[str, int], ...]
    switches: tuple[SwitchLine, ...]
    held_by_stop: int
    operators: tuple[OperatorLine, ...]
    unrecognised: tuple[UnrecognisedLine, ...]
    contacts_wait: bool
    ledger: LedgerCheck | None


def readiness(*, real_now: datetime) -> Readiness:
    """What `/readyz` tells; raises the database's own error when it cannot be asked."""
    beat = Heartbeat.objects.filter(role=WORKER).first()
    oldest = InboxRow.objects.filter(state=InboxState.RECEIVED).aggregate(at=Min("received_at"))["at"]
    return Readiness(
        worker_age_s=(real_now - beat.at).total_seconds() if beat else None,
        oldest_waiting_s=(real_now - oldest).total_seconds() if oldest else None,
    )


def _unrecognised() -> tuple[UnrecognisedLine, ...]:
    rows = InboxRow.objects.filter(state=InboxState.DONE).exclude(errors=[]).order_by("-id")[:SHOWN]
    return tuple(
        UnrecognisedLine(row.received_at, str(note.get("path", "")), str(note.get("error", "")))
        for row in rows.only("received_at", "errors")
        for note in row.errors
        if note.get("kind") == NoteKind.UNRECOGNISED
    )[:SHOWN]


def read(business_id: str, *, now: datetime, real_now: datetime) -> HealthPage:
    beat = Heartbeat.objects.filter(role=WORKER).first()
    numbers = SendingNumber.objects.filter(business_id=business_id, webhook_seen_at__isnull=False)
    seen = numbers.order_by("-webhook_seen_at").first()
    inbox = dict(InboxRow.objects.exclude(state=InboxState.DONE).values_list("state").annotate(n=Count("id")))
    contacts = OutboxMessage.objects.filter(business_id=business_id, audience=Audience.CONTACT.value)
    states = dict(contacts.values_list("state").annotate(n=Count("id")))
    ready = readiness(real_now=real_now)
    return HealthPage(
        readiness=ready,
        worker_at=beat.at if beat else None,
        webhook_seen_at=seen.webhook_seen_at if seen else None,
        received=inbox.get(InboxState.RECEIVED.value, 0),
        quarantined=inbox.get(InboxState.QUARANTINED.value, 0),
        states=tuple((state.value, states[state.value]) for state in OutboxState if state.value in states),
        switches=tuple(_switch(row) for row in switches_of(business_id)),
        held_by_stop=contacts.filter(state=OutboxState.HELD.value, hold_code="KILL_SWITCH").count(),
        operators=_operators(business_id, now=now),
        unrecognised=_unrecognised(),
        ledger=_ledger(),
        contacts_wait=(ready.oldest_waiting_s or 0) > CONTACTS_WAIT_FOR_INBOX.total_seconds(),
    )


def _switch(row: StopSwitch) -> SwitchLine:
    why = stopped_words(row.reason) if row.reason else None
    return SwitchLine(row.scope, row.pressed_by, row.pressed_at, row.reason, why)


def _ledger() -> LedgerCheck | None:
    last = Heartbeat.objects.filter(role=LEDGER).first()
    return LedgerCheck(last.at, last.counters.get("entries", 0), last.counters.get("faults", 0)) if last else None


def _operators(business_id: str, *, now: datetime) -> tuple[OperatorLine, ...]:
    waiting = OutboxMessage.objects.filter(
        business_id=business_id, audience=Audience.OPERATOR.value, state=OutboxState.PENDING.value
    )
    per_operator = dict(waiting.values_list("operator").annotate(n=Count("id")))
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
