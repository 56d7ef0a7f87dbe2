"""Several operators with their phones, watched: what leaves is checked against facts read here, not by the code under
test. For the property test of a team and for the simulated month.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from tests.flows.stage import Json, Stage, choices, words
from wakeel import config
from wakeel.domain.risk import Risk
from wakeel.flows import dispatch_outbox
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.flows.remind import remind_and_expire
from wakeel.flows.send_brief import send_due
from wakeel.flows.show_card import expire_opportunities, fill_every_phone
from wakeel.flows.wake_snoozed import wake_due
from wakeel.store.models import (
    Approval,
    Attempt,
    Brief,
    Card,
    Contact,
    Draft,
    DraftVersion,
    FixedTextApproval,
    InboundMessage,
    Operator,
    Opportunity,
    OutboxMessage,
    Showing,
    Vote,
)
from wakeel.whatsapp.answers import Accepted, Outcome

META_WINDOW = timedelta(hours=24)
MAY_HAVE_LEFT = {"sending", "accepted", "unknown"}
_ORDER = [risk.value for risk in Risk]


@dataclass(frozen=True, slots=True)
class Received:
    """A message with something to press on an operator's phone. ids: of its buttons, rows or quick replies."""

    wamid: str
    ids: tuple[str, ...]
    body: Json
    at: datetime


@dataclass
class Team:
    """operators: all that ever were, the first is the stage's. received: by operator id, oldest first.

    wrote_at: when each phone last wrote, by what Meta would have seen: operators and contacts by their address.
    """

    stage: Stage
    operators: list[Operator]
    received: dict[str, list[Received]] = field(default_factory=dict)
    wrote_at: dict[str, datetime] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    delivered: Counter[str] = field(default_factory=Counter)
    texts: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    knocks: dict[tuple[str, date], set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for operator in self.operators:
            self.received[operator.id] = []
            if operator.last_inbound_at is not None:
                self.wrote_at[f"+{operator.wa_id}"] = operator.last_inbound_at

    # what the operators do

    def press(self, operator: Operator, shown: Received, button_id: str, *, sent_at: datetime | None = None) -> str:
        """A tap, a chosen row or a template's quick reply; the wamid of it."""
        message: Json = {"type": "interactive", "interactive": {"type": "button_reply"}}
        reply = {"id": button_id, "title": "زر"}
        if shown.body["type"] == "template":
            message = {"type": "button", "button": {"payload": button_id, "text": "زر"}}
        elif shown.body["interactive"]["type"] == "list":
            message["interactive"] = {"type": "list_reply", "list_reply": reply}
        else:
            message["interactive"]["button_reply"] = reply
        message["context"] = {"from": "966110000001", "id": shown.wamid}
        return self._sends(operator, message, sent_at=sent_at)

    def type(self, operator: Operator, text: str, *, quoting: str | None = None) -> str:
        """Words of an operator; the wamid of them."""
        message: Json = {"type": "text", "text": {"body": text}}
        if quoting is not None:
            message["context"] = {"from": "966110000001", "id": quoting}
        return self._sends(operator, message, sent_at=None)

    def _sends(self, operator: Operator, message: Json, *, sent_at: datetime | None) -> str:
        wamid = self.stage.new_wamid("TEAM")
        self.asked[wamid] = operator.id
        self._note_words(f"+{operator.wa_id}", sent_at or self.stage.now)
        self.stage.post(message, by=operator, sent_at=sent_at, wamid=wamid)
        return wamid

    # what contacts do

    def contact_says(self, contact: Contact, text: str, *, sent_at: datetime | None = None) -> None:
        self._note_words(self.stage.address_of(contact), sent_at or self.stage.now)
        self.stage.says(text, by=contact, sent_at=sent_at)

    def contact_presses(self, contact: Contact, button_id: str, *, on: str) -> None:
        self._note_words(self.stage.address_of(contact), self.stage.now)
        self.stage.tap(button_id, on=on, by=contact)

    def _note_words(self, address: str, at: datetime) -> None:
        self.wrote_at[address] = max(at, self.wrote_at.get(address, at))

    # what the clock and the worker do

    def timers(self) -> None:
        """All that the worker does by the clock (`wakeel.worker.timers`)."""
        now = self.stage.now
        dispatch_outbox.expire_leases(now=now)
        wake_due(now=now)
        remind_and_expire(now=now)
        expire_opportunities(now=now)
        fill_every_phone(now=now)
        send_due(now=now)

    def claim(self) -> list[Claimed]:
        """What may leave now; every message of it was looked at."""
        claimed = self.stage.claim()
        for one in claimed:
            self._may_leave(one)
        return claimed

    def deliver(self, answer: Callable[[Claimed], Outcome | None] = lambda _: None) -> list[Claimed]:
        """Claim and answer until nothing may leave any more. answer: None for accepted."""
        left: list[Claimed] = []
        while claimed := self.claim():
            for one in claimed:
                self.record(one, answer(one) or self.accepted(one))
            left += claimed
        return left

    def accepted(self, one: Claimed) -> Accepted:
        """Meta took it."""
        return Accepted(f"wamid.LATE.{one.attempt_id}", "accepted", 200)  # type: ignore[arg-type]

    def record(self, one: Claimed, outcome: Outcome) -> None:
        dispatch_outbox.record(one.attempt_id, outcome, now=self.stage.now)
        if isinstance(outcome, Accepted):
            self.arrived(one, outcome.wamid)

    def arrived(self, one: Claimed, wamid: str) -> None:
        """It is on a phone now."""
        message = OutboxMessage.objects.get(pk=one.outbox_id)
        self.delivered[one.outbox_id] += 1
        if message.draft_id is not None:
            self.texts[message.draft_id, message.draft_version] += 1
        if message.operator_id is None:
            return
        if ids := ids_of(message.body):
            shown = Received(wamid, ids, message.body, self.stage.now)
            self.received.setdefault(message.operator_id, []).append(shown)

    # what must be true of everything that leaves

    def _may_leave(self, one: Claimed) -> None:
        message = OutboxMessage.objects.select_related("draft__number__business", "contact", "operator").get(
            pk=one.outbox_id
        )
        if message.audience == "operator":
            self._may_reach_operator(message)
        elif message.intent:
            assert FixedTextApproval.objects.filter(business=message.business_id, intent=message.intent).exists()
        else:
            self._is_approved(one, message)

    def _may_reach_operator(self, message: OutboxMessage) -> None:
        assert message.operator is not None
        if message.operator.state != "active":
            assert message.request_key.startswith("answer:"), "more than the way back to somebody who is no operator"
        if message.body["type"] == "template":
            zone = ZoneInfo(message.operator.time_zone or config.get().time_zone)
            day = (message.operator_id or "", self.stage.now.astimezone(zone).date())
            # One that was refused for a moment is tried again.
            self.knocks[day].add(message.id)
            assert len(self.knocks[day]) == 1, "asked twice on one day to open the window"
            return
        wrote_at = self.wrote_at.get(message.address)
        assert wrote_at is not None, "posted to a phone that never wrote"
        assert self.stage.now - wrote_at < META_WINDOW, "posted into an operator's closed window"

    def _is_approved(self, one: Claimed, message: OutboxMessage) -> None:
        draft = message.draft
        assert draft is not None
        standing = Approval.objects.filter(draft=draft, revoked_at=None, expires_at__gt=self.stage.now)
        approved = standing.get()
        version = DraftVersion.objects.get(draft=draft, number=approved.version)
        assert message.draft_version == approved.version == draft.version
        assert _is_of_version(dict(one.body), version), "not the text that was approved"
        business = draft.number.business
        if business.quorum_from and _ORDER.index(draft.risk) >= _ORDER.index(business.quorum_from):
            votes = Vote.objects.filter(draft=draft, version=approved.version, digest=approved.digest)
            assert votes.values("operator").distinct().count() >= 2, "one person approved what needs two"
        before = Attempt.objects.filter(outbox__draft=draft, outbox__draft_version=message.draft_version)
        others = before.exclude(pk=one.attempt_id)
        assert not [a.id for a in others if a.outcome in MAY_HAVE_LEFT or a.wamid], "may have left before"
        if message.body["type"] != "template":
            wrote_at = self.wrote_at.get(message.address)
            assert wrote_at is not None, "posted to a person who never wrote"
            assert self.stage.now - wrote_at < META_WINDOW, "posted into a closed window"

    # what must be true at every moment

    def check_answers(self) -> None:
        """Every tap and text was noted and has one answer; what itself is the answer was queued for that phone."""
        noted = dict(InboundMessage.objects.filter(wamid__in=self.asked).values_list("wamid", "handled"))
        keys = [f"answer:{wamid}" for wamid in self.asked]
        answered = Counter(OutboxMessage.objects.filter(request_key__in=keys).values_list("request_key", flat=True))
        for wamid in self.asked:
            assert noted.get(wamid), f"{wamid} was not handled"
            count = answered[f"answer:{wamid}"]
            assert count == 1 or (count == 0 and noted[wamid] == "nothing"), (wamid, noted[wamid], count)

    def check_once(self) -> None:
        """Nothing arrived twice, and of one local day each operator has one brief."""
        assert not [one for one, count in self.delivered.items() if count > 1], "a message arrived twice"
        assert not [one for one, count in self.texts.items() if count > 1], "a contact got one text twice"
        days = Brief.objects.values_list("operator", "local_date")
        assert len(days) == len(set(days))

    def check_nothing_is_lost(self) -> None:
        """Everything undecided stands before somebody, or is known to wait."""
        active = [row.id for row in Operator.objects.filter(state="active")]
        if not active:
            return
        seen = Card.objects.filter(closed_at=None, operator__in=active)
        drafts = Draft.objects.filter(state="awaiting_approval").exclude(pk__in=seen.values("draft"))
        lost = drafts.filter(reshow_when_cured=False)
        # What has no card of its own is counted for its owner, who gets it by a tap on the count.
        known = Q(opportunity__owner__in=active) | Q(opportunity__owner=None)
        assert not list(lost.exclude(known).values_list("pk", flat=True)), "a draft waits for nobody"
        asked = Opportunity.objects.filter(state="presented").exclude(pk__in=seen.values("opportunity"))
        gone = asked.filter(drafts__state__in=["approved", "editing"])
        assert not list(gone.values_list("pk", flat=True)), "presented, with a living draft"

    def check_cards_arrived(self) -> None:
        """Once nothing is under way: a card that counts as open is on that operator's phone, or waits to leave."""
        opened = Card.objects.filter(closed_at=None, operator__state="active")
        newest = {
            showing.card_id: showing.outbox
            for showing in Showing.objects.filter(card__in=opened).select_related("outbox").order_by("number")
        }
        gone = [one.id for one in newest.values() if one.state != "pending" and not self.delivered[one.id]]
        assert not gone, "an open card never reached the phone"
        assert set(opened.values_list("pk", flat=True)) == newest.keys(), "an open card was never sent"


def ids_of(body: Json) -> tuple[str, ...]:
    """What can be pressed on a message."""
    if body["type"] != "template":
        return tuple(choices(body))
    buttons: Sequence[Json] = [one for one in body["template"]["components"] if one["type"] == "button"]
    return tuple(one["parameters"][0]["payload"] for one in buttons)


def _is_of_version(body: Json, version: DraftVersion) -> bool:
    if body["type"] != "template":
        return words(body) == version.text
    if version.template is None:
        return False
    texts = [p["text"] for c in body["template"]["components"] if c["type"] != "button" for p in c["parameters"]]
    same = body["template"]["name"] == version.template["name"]
    return bool(same and sorted(texts) == sorted(version.template["values"].values()))
