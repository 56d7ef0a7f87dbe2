"""Both sides of a run, side by side, for the invariants: plain rows, read when nothing moves any more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from wakeel.rehearsal.bench import Json
from wakeel.rehearsal.chaos.eyes import words
from wakeel.rehearsal.chaos.people import People
from wakeel.rehearsal.chaos.plan import Story
from wakeel.rehearsal.databases import marks
from wakeel.rehearsal.household import Household


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that WhatsApp accepted for one of the run's people, and the row it came from; request fields are ''
    when the product knows nothing of it. withdrawn_first: their withdrawal stood in the ledger when it was claimed.
    """

    wa_id: str
    text: str
    outbox_id: str
    intent: str
    body_is_same: bool
    approved: bool
    withdrawn_first: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A STOP, when the product acknowledged it, and when requests to that person began. Real time, Unix seconds."""

    wa_id: str
    acknowledged_at: float | None
    begun_at: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap or text of the operator's. states: of the answers to it. read: one is on the operator's phone."""

    wamid: str
    states: tuple[str, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """astray: whom else WhatsApp accepted something for in this run: neither one of its people nor the operator.

    seen_approved: words on the cards and pages that were approved, by wa_id. gaps: holes in the wire log as it was
    read. unfinished: who or what had not come to its end. fallen: processes that ended although nobody killed them.
    believed: badly signed webhooks that were answered with 200.
    """

    stories: Sequence[Story]
    sent: Sequence[Sent]
    astray: Sequence[str]
    stops: Sequence[Stop]
    taps: Sequence[Tap]
    seen_approved: Mapping[str, Sequence[str]]
    unfinished: Sequence[str]
    quarantined: int
    gaps: int
    fallen: Sequence[str]
    believed: int
    final: Mapping[str, Any]


ROWS = """SELECT a.id, o.id, o.intent, o.body, a.claimed_at,
  (SELECT count(*) FROM approval p WHERE p.draft_id = o.draft_id AND p.version = o.draft_version
    AND p.digest = o.digest AND p.approved_at <= a.claimed_at),
  (SELECT count(*) FROM fixed_text_approval f WHERE f.intent = o.intent AND f.approved_at <= a.claimed_at),
  (SELECT count(*) FROM consent_event e JOIN consent_payload y ON y.event_id = e.id
    JOIN verdict v ON v.outbox_id = o.id AND v.phase = 'claim' AND v.at = a.claimed_at
    WHERE y.contact_id = o.contact_id AND e.type = 'withdraw' AND e.seq <= v.ledger_seq),
  (SELECT min(e.recorded_at) FROM consent_event e JOIN consent_payload y ON y.event_id = e.id
    WHERE y.contact_id = o.contact_id AND e.type = 'withdraw')
FROM attempt a JOIN outbox o ON o.id = a.outbox_id WHERE o.audience = 'contact' AND o.address IN ({marks})"""
OK = 200
BADLY_SIGNED = frozenset({"wrong_signature", "no_signature", "altered"})
LONG_AFTER = timedelta(minutes=1)
"""Business time, which runs ten times as fast: a claim this much later than a withdrawal must have seen it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One attempt of a message to somebody of the run, as the product has it."""

    attempt_id: str
    outbox_id: str
    intent: str
    body: Any
    claimed_at: Any
    approvals: int
    texts_approved: int
    withdrawals_seen: int
    withdrawn_at: Any

    @property
    def is_after_withdrawal(self) -> bool:
        """The gate had read it, or should have."""
        if self.intent:
            return False
        later = self.withdrawn_at and _moment(self.claimed_at) > _moment(self.withdrawn_at) + LONG_AFTER
        return bool(self.withdrawals_seen or later)


def gather(
    home: Household, people: People, stories: Sequence[Story], *, left_over: Sequence[str], final: Mapping[str, Any]
) -> Evidence:
    """Everything the invariants ask about. left_over: what was still under way when nobody waited any longer."""
    addresses = [f"+{story.wa_id}" for story in stories]
    rows = {row[0]: _Row(*row) for row in home.rows(ROWS.format(marks=marks(addresses)), addresses)}
    ours = {story.wa_id for story in stories}
    approved: dict[str, list[str]] = {}
    for yes in people.notes.approved:
        approved.setdefault(yes.wa_id, []).append(yes.seen)
    return Evidence(
        stories=stories,
        sent=[_sent(row, rows.get(row["callback"] or "")) for row in people.eyes.sent if row["to"] in ours],
        astray=[row["to"] for row in people.eyes.sent if row["to"] not in ours | {home.operator}],
        stops=[_stop(wa_id, wamid, people, rows) for wa_id, wamid in people.notes.stops.items()],
        taps=_taps(home, people),
        seen_approved=approved,
        unfinished=[*people.waiting_for(), *(f"{one} when the run ended" for one in left_over)],
        quarantined=int(home.rows("SELECT count(*) FROM inbox WHERE state = 'quarantined'")[0][0]),
        gaps=people.wire.gaps,
        fallen=home.crew.fallen(),
        believed=sum(row["fault"] in BADLY_SIGNED and row["status"] == OK for row in people.wire.rows.values()),
        final=final,
    )


def _sent(accepted: Json, row: _Row | None) -> Sent:
    payload = {name: value for name, value in accepted["payload"].items() if name != "biz_opaque_callback_data"}
    text = words(payload)
    if row is None:
        return Sent(accepted["to"], text, "", "", body_is_same=False, approved=False, withdrawn_first=False)
    body = json.loads(row.body) if isinstance(row.body, str) else row.body
    return Sent(
        accepted["to"], text, row.outbox_id, row.intent, body_is_same=body == payload,
        approved=bool(row.texts_approved if row.intent else row.approvals), withdrawn_first=row.is_after_withdrawal,
    )  # fmt: skip


def _stop(wa_id: str, wamid: str, people: People, rows: Mapping[str, _Row]) -> Stop:
    """What was approved, not the fixed text that confirms the STOP."""
    log = sorted(people.wire.rows.values(), key=lambda row: row["n"])
    taken = [row["at"] + row["ms"] / 1000 for row in log if _carries(row, wamid)]
    about = [attempt for attempt, row in rows.items() if not row.intent and f"+{wa_id}" in str(row.body)]
    begun = [row["at"] for row in log if row["towards"] == "simulator" and any(one in row["body"] for one in about)]
    return Stop(wa_id, min(taken, default=None), tuple(begun))


def _moment(stored: Any) -> datetime:
    """A time as either database gives it."""
    at = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _carries(row: Json, wamid: str) -> bool:
    return row["towards"] == "product" and row["status"] == OK and wamid in row["body"]


def _taps(home: Household, people: People) -> list[Tap]:
    states: dict[str, list[str]] = {}
    for key, state in home.rows("SELECT request_key, state FROM outbox WHERE request_key LIKE 'answer:%'"):
        states.setdefault(key.removeprefix("answer:"), []).append(state)
    return [Tap(wamid, tuple(states.get(wamid, ())), wamid in people.eyes.read) for wamid in people.notes.asked]
