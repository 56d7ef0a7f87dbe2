"""Meta at the edge of the simulated month: answers, lost answers, refusals, statuses with prices."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.month_plan import Plan
from tests.flows.stage import Json
from tests.flows.team import Team
from wakeel.domain.prices import FREE_SERVICE_A_MONTH, SERVICE
from wakeel.flows.count_prices import month_of
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.store.models import OutboxMessage
from wakeel.whatsapp.answers import NoAnswer, Outcome, Refused
from wakeel.whatsapp.errors import classify

UNDELIVERABLE, NOT_NOW, MARKETING_LIMIT = 131026, 130429, 131049
_IN_ONE_WEBHOOK = 50


class Meta:
    """calm: no faults any more. costs: delivered messages by month, category and type, as told in the statuses."""

    def __init__(self, team: Team, plan: Plan, random: Random, *, zone: str) -> None:
        self.team, self.plan, self.random, self.zone = team, plan, random, zone
        self.calm = False
        self.costs: Counter[tuple[str, str, str]] = Counter()
        self.faults: Counter[str] = Counter()
        self.to_people: list[tuple[OutboxMessage, str]] = []
        self._news: list[Json] = []

    def take(self) -> None:
        """Everything that may leave is answered, or is not."""
        while claimed := self.team.claim():
            for one in claimed:
                self._take(one)

    def _take(self, one: Claimed) -> None:
        if self.calm:
            self._arrives(one, self.team.accepted(one))
            return
        dice, plan = self.random.random(), self.plan
        to_contact = OutboxMessage.objects.filter(pk=one.outbox_id, audience="contact").exists()
        if dice < plan.lost_answer:
            self._gets_lost(one, NoAnswer("timeout"), "lost answer")
        elif dice < plan.lost_answer + plan.refused:
            self.faults["refused"] += 1
            self.team.record(one, Refused(classify(NOT_NOW, details="", http_status=429), before_wire=False))
        elif dice < plan.lost_answer + plan.refused + plan.dead_worker:
            self._gets_lost(one, None, "dead worker")
        elif to_contact and self.random.random() < plan.refused_for_good:
            self.faults["refused for good"] += 1
            self.team.record(one, Refused(classify(UNDELIVERABLE, details="", http_status=400), before_wire=False))
        else:
            self._arrives(one, self.team.accepted(one))

    def _gets_lost(self, one: Claimed, outcome: Outcome | None, word: str) -> None:
        """Meta took it, or never heard of it; we do not know. None: not even that is written down."""
        self.faults[word] += 1
        if outcome is not None:
            self.team.record(one, outcome)
        if self.random.random() < 0.5:
            wamid = self.team.accepted(one).wamid
            self.team.arrived(one, wamid)
            self._deliver(one, wamid)

    def _arrives(self, one: Claimed, outcome: Any) -> None:
        self.team.record(one, outcome)
        message = OutboxMessage.objects.get(pk=one.outbox_id)
        if message.audience == "contact" and not self.calm and self.random.random() < self.plan.never_arrives:
            self.faults["never arrived"] += 1
            code = MARKETING_LIMIT if message.category == "marketing" else UNDELIVERABLE
            self._tell(one, outcome.wamid, "failed", errors=[{"code": code, "title": "x"}])
            return
        self._deliver(one, outcome.wamid)

    def _deliver(self, one: Claimed, wamid: str) -> None:
        message = OutboxMessage.objects.select_related("contact").get(pk=one.outbox_id)
        self._tell(one, wamid, "delivered", pricing=self._price(message))
        if message.contact_id is not None:
            self.to_people.append((message, wamid))

    def _price(self, message: OutboxMessage) -> Json:
        category = message.category if message.body["type"] == "template" else SERVICE
        month = month_of(self.team.stage.now, zone=self.zone).isoformat()
        used = sum(n for (at, kind, _), n in self.costs.items() if (at, kind) == (month, SERVICE))
        is_free = category == SERVICE and used < FREE_SERVICE_A_MONTH
        kind = "free_customer_service" if is_free else "regular"
        self.costs[month, category, kind] += 1
        return {"billable": not is_free, "pricing_model": "PMP", "type": kind, "category": category}

    def _tell(self, one: Claimed, wamid: str, status: str, **more: Any) -> None:
        at = str(int(self.team.stage.now.timestamp()))
        address = str(one.body.get("to", "")).removeprefix("+")
        item = {"id": wamid, "status": status, "timestamp": at, "recipient_id": address}
        self._news.append({**item, "biz_opaque_callback_data": one.attempt_id, **more})

    def news(self) -> None:
        """Statuses since the last time, in any order, some of them twice."""
        told, self._news = self._news, []
        told += [one for one in told if self.random.random() < self.plan.told_twice]
        self.random.shuffle(told)
        for start in range(0, len(told), _IN_ONE_WEBHOOK):
            self.team.stage.wait(seconds=1)
            self.team.stage.webhook({"statuses": told[start : start + _IN_ONE_WEBHOOK]})
        self.team.stage.now += timedelta(seconds=1)
