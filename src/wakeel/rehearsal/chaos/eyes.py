"""One look at both sides, again and again: what the simulator accepted, and the rows of this run's stories."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wakeel.rehearsal.bench import Json
from wakeel.rehearsal.chaos.plan import Story
from wakeel.rehearsal.databases import marks
from wakeel.rehearsal.household import Household

OPPORTUNITIES = "SELECT external_key, id, state FROM opportunity WHERE external_key LIKE ?"
DRAFTS = """SELECT o.external_key, d.id, d.state, d.version FROM draft d JOIN opportunity o ON o.id = d.opportunity_id
WHERE o.external_key LIKE ? ORDER BY d.created_at, d.id"""
MESSAGES = """SELECT o.id, o.request_key, o.state, o.status, o.failure_code, o.intent, o.address, o.draft_id, a.id
FROM outbox o LEFT JOIN attempt a ON a.outbox_id = o.id
WHERE o.audience = 'contact' AND o.address IN ({marks}) ORDER BY o.created_at, o.id"""
ANSWERS = """SELECT o.request_key, o.state, a.id FROM outbox o LEFT JOIN attempt a ON a.outbox_id = o.id
WHERE o.request_key IN ({marks})"""


@dataclass(frozen=True, slots=True)
class OpportunityLook:
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class DraftLook:
    """The newest draft of an opportunity."""

    id: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class MessageLook:
    """One row of the outbox to a contact. request: its request key; draft_id: None for a fixed text."""

    id: str
    request: str
    state: str
    status: str | None
    failure_code: int | None
    intent: str
    address: str
    draft_id: str | None


@dataclass(slots=True)
class Eyes:
    """Kept up with by `look`; one thread looks, others only ask.

    first: how many requests WhatsApp had accepted before this run; they are none of its business. asked: wamids of the
    operator's taps and texts. answers: state of the answer to each. read: those whose answer is on the operator's
    phone, whatever the product believes.
    """

    home: Household
    stories: Sequence[Story]
    first: int
    sent: list[Json] = field(default_factory=list)
    opportunities: dict[str, OpportunityLook] = field(default_factory=dict)
    drafts: dict[str, DraftLook] = field(default_factory=dict)
    messages: dict[str, list[MessageLook]] = field(default_factory=dict)
    attempts: dict[str, set[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    breaker_open: bool = False

    def look(self) -> None:
        """Read what is new. The rows are not of one moment: what commits with an earlier one is never older than it."""
        self._look_at_answers()
        self._look_at_messages()
        ours = [f"{self.stories[0].key.rpartition('-')[0]}-%"]
        self.drafts = {key: DraftLook(pk, state, version) for key, pk, state, version in self.home.rows(DRAFTS, ours)}
        self.opportunities = {key: OpportunityLook(pk, state) for key, pk, state in self.home.rows(OPPORTUNITIES, ours)}
        self.breaker_open = bool(self.home.rows("SELECT 1 FROM breaker WHERE state = 'open'"))
        self.sent += self.home.bench("GET", f"/api/sent?skip={self.first + len(self.sent)}")

    def _look_at_messages(self) -> None:
        addresses = [f"+{story.wa_id}" for story in self.stories]
        found: dict[str, dict[str, MessageLook]] = {}
        attempts: dict[str, set[str]] = {}
        for *row, attempt in self.home.rows(MESSAGES.format(marks=marks(addresses)), addresses):
            message = MessageLook(*row)
            found.setdefault(message.address.removeprefix("+"), {})[message.id] = message
            attempts.setdefault(message.id, set()).add(attempt)
        self.messages = {wa_id: list(many.values()) for wa_id, many in found.items()}
        self.attempts = attempts

    def _look_at_answers(self) -> None:
        keys = [f"answer:{wamid}" for wamid in self.asked]
        if not keys:
            return
        rows = self.home.rows(ANSWERS.format(marks=marks(keys)), keys)
        self.answers = {key.removeprefix("answer:"): state for key, state, _ in rows}
        tried = {attempt: key.removeprefix("answer:") for key, _, attempt in rows if attempt}
        self.read |= {tried[row["callback"]] for row in self.sent if row["callback"] in tried}

    def cards(self, wa_id: str, beginning: str) -> list[Json]:
        """Cards on this phone whose first button begins so, oldest first."""
        return [row for row in self.to(wa_id) if any(button.startswith(beginning) for button in buttons(row))]

    def to(self, wa_id: str) -> list[Json]:
        """Everything WhatsApp accepted for this phone since the run began."""
        return [row for row in self.sent if row["to"] == wa_id]

    def arrived(self, message: MessageLook) -> bool:
        """True if the phone has it, whatever the product believes."""
        ours = self.attempts.get(message.id, set())
        return any(row["callback"] in ours for row in self.sent)


def buttons(row: Mapping[str, Any]) -> list[str]:
    """Ids of the reply buttons of an accepted request."""
    action = row["payload"].get("interactive", {}).get("action", {})
    return [button["reply"]["id"] for button in action.get("buttons", []) if "reply" in button]


def words(payload: Mapping[str, Any]) -> str:
    """The text of a request, whatever kind it is; '' if it has none."""
    if "text" in payload:
        return str(payload["text"].get("body", ""))
    return str(payload.get("interactive", {}).get("body", {}).get("text", ""))


class Wire:
    """The whole wire log of a run: the simulator keeps only the newest part, so it is read all the time."""

    def __init__(self, home: Household) -> None:
        self._home = home
        self.rows: dict[int, Json] = {}
        self.gaps = 0
        self._last = max((row["n"] for row in home.bench("GET", "/api/wire?last=1")), default=0)
        self._turn = threading.Lock()

    def read(self) -> None:
        """What is new, and again what had no answer yet."""
        with self._turn:
            unanswered = [n for n, row in self.rows.items() if row["status"] is None and not row["answer"]]
            after = min([self._last, *(n - 1 for n in unanswered[-40:])])
            fresh = self._home.bench("GET", f"/api/wire?after={after}")
            if fresh and self._last and fresh[0]["n"] > self._last + 1:
                self.gaps += 1
            self.rows |= {row["n"]: row for row in fresh}
            self._last = max([self._last, *self.rows.keys()])
