"""How operators and contacts of the simulated month behave."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from benchmarks.month_plan import Plan
from tests.flows.stage import answer_to, choices
from tests.flows.team import Received, Team
from wakeel.store.models import Contact, Operator, OutboxMessage

REMEMBERED = 25
"""So many messages an operator scrolls back; what is older they never press."""
LIKES = {
    "accept": 4.0, "skip": 3.0, "draft": 2.0, "approve": 9.0, "edit": 1.0, "cancel": 1.0, "schedule": 1.0,
    "needs_research": 0.5, "snooze": 1.0, "done": 1.5, "won": 1.0, "lost": 1.0, "later": 0.5,
    "show_opportunities": 2.0, "show_pending": 2.0, "dismiss": 1.0,
}  # fmt: skip
TYPED = ("اعتماد", "١", "2", "الغ", "اعتمد الكل", "عدّل: نتواصل معك الأسبوع القادم", "15000")
REPLIES = ("متى نلتقي؟", "كم السعر؟", "شكرًا لكم", "تمام", "أرسلوا التفاصيل", "من معي؟")


class Operators:
    """Each has their own rhythm. silent_until: by operator id, no sign from them before."""

    def __init__(self, team: Team, plan: Plan, random: Random) -> None:
        self.team, self.plan, self.random = team, plan, random
        self.silent_until: dict[str, datetime] = {}
        self._read: dict[str, int] = defaultdict(int)
        self._open: dict[str, list[Received]] = defaultdict(list)
        self.taps = 0

    def morning(self) -> None:
        """Some begin to be silent, for a day or several."""
        now = self.team.stage.now
        for operator in self.team.operators:
            if self.silent_until.get(operator.id, now) <= now and self.random.random() < self.plan.silent_share:
                days = self.random.randint(1, self.plan.silent_days)
                self.silent_until[operator.id] = now + timedelta(days=days, hours=self.random.randint(0, 8))

    def everybody_is_back(self) -> None:
        self.silent_until.clear()
        for operator in self.team.operators:
            self.team.type(operator, "صباح الخير")

    def act(self) -> None:
        """What each does in a little while."""
        for operator in self.team.operators:
            if self.silent_until.get(operator.id, self.team.stage.now) <= self.team.stage.now:
                self._look_at_phone(operator)

    def _look_at_phone(self, operator: Operator) -> None:
        shown = self.team.received[operator.id]
        new, self._read[operator.id] = shown[self._read[operator.id] :], len(shown)
        self._open[operator.id] = (self._open[operator.id] + new)[-REMEMBERED:]
        if not self._open[operator.id] and self.random.random() < 0.02:
            self.team.type(operator, "صباح الخير")
        for _ in range(self.random.randint(0, self.plan.answers_a_tick)):
            if not self._open[operator.id]:
                return
            place = self.random.randrange(len(self._open[operator.id]))
            chosen = self._open[operator.id].pop(place)
            if self.random.random() < self.plan.ignored:
                # Not now; maybe later, when it is further up.
                self._open[operator.id].insert(0, chosen)
            else:
                self._answer(operator, chosen)

    def _answer(self, operator: Operator, shown: Received) -> None:
        self.taps += 1
        if self.random.random() < 0.03:
            self.team.type(operator, self.random.choice(TYPED), quoting=shown.wamid)
        else:
            weights = [LIKES.get(one.rpartition(":")[2], 1.0) for one in shown.ids]
            [chosen] = self.random.choices(shown.ids, weights)
            wamid = self.team.press(operator, shown, chosen)
            if answer_to(wamid).code in {"ask_text", "meeting_ask"}:
                self.team.stage.wait(seconds=30)
                self.team.type(operator, f"أهلًا، هذا نص جديد رقم {self.taps}. هل يناسبك اتصال قصير؟")
        self.team.stage.wait(seconds=self.random.randint(3, 20))


class Contacts:
    """They answer what reached them, and sometimes write by themselves."""

    def __init__(self, team: Team, plan: Plan, random: Random, people: list[Contact]) -> None:
        self.team, self.plan, self.random, self.people = team, plan, random, people
        self.said = 0

    def act(self, reached: list[tuple[OutboxMessage, str]]) -> None:
        for message, wamid in reached:
            if message.contact is not None:
                self._answer(message.contact, message, wamid)
        for contact in self.people:
            if self.random.random() < self.plan.writes_a_tick:
                self._say(contact, self.random.choice(REPLIES))

    def _answer(self, contact: Contact, message: OutboxMessage, wamid: str) -> None:
        ids = choices(message.body)
        dice = self.random.random()
        if ids and dice < 0.7:
            self.said += 1
            self.team.contact_presses(contact, self.random.choice(ids), on=wamid)
        elif dice < self.plan.stops:
            self._say(contact, "إيقاف")
        elif dice < self.plan.replies:
            self._say(contact, self.random.choice(REPLIES))

    def _say(self, contact: Contact, text: str) -> None:
        self.said += 1
        self.team.contact_says(contact, text)
        self.team.stage.wait(seconds=2)
