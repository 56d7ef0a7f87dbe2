"""The business of the simulated month: its people, its days, and what is held against what at the end."""

import csv
import io
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from benchmarks.month_meta import Meta
from benchmarks.month_people import Contacts, Operators
from benchmarks.month_plan import Plan
from tests import rows
from tests.flows.brief_stage import approve_template
from tests.flows.stage import Stage
from tests.flows.team import Team
from wakeel import clock, config
from wakeel.domain.fixed_texts import Intent
from wakeel.flows import fixed_text
from wakeel.flows.count_prices import count_some
from wakeel.flows.import_opportunities import import_opportunities
from wakeel.store.models import (
    Business,
    Contact,
    Draft,
    Opportunity,
    OutboxMessage,
    PriceCount,
    SendingNumber,
)

NAMES = ("سارة", "نورة", "فهد", "ريم", "خالد")
HIGH_VALUE = 100_000
"""One opportunity in three is worth more: two people approve what is said about it."""
MOST_LOOKS = 200
"""Between two moments of the people the clock is looked at once; here so often until nothing more happens."""


class World:
    """stage, team: as in the tests of the flows; the clock of the process is the stage's."""

    def __init__(self, plan: Plan, *, seed: int) -> None:
        random = Random(seed)
        self.plan, self.random, self.imported = plan, random, 0
        firm = _firm()
        operators = [
            rows.operator(firm, NAMES[n], wa_id=f"96650000000{n + 1}", bsuid=f"SA.operator{n + 1}")
            for n in range(plan.operators)
        ]
        self.stage = Stage(firm, operators[0])
        clock.real_now = lambda: self.stage.now
        approve_template(self.stage)
        for intent in Intent:
            fixed_text.approve(firm.business.id, intent, by="admin", now=self.stage.now)
        self.team = Team(self.stage, operators)
        self.people = [self._person(n) for n in range(plan.contacts)]
        self.meta = Meta(self.team, plan, random, zone=config.get().time_zone)
        self.operators = Operators(self.team, plan, random)
        self.contacts = Contacts(self.team, plan, random, self.people)

    def _person(self, n: int) -> Contact:
        phone = f"+9665097{n:05d}"
        wrote_at = self.stage.now - timedelta(hours=self.random.randint(1, 90))
        contact = rows.contact(self.stage.firm, f"جهة {n}", phone=phone, last_inbound_at=wrote_at)
        self.team.wrote_at[phone] = wrote_at
        if self.random.random() < self.plan.consenting:
            with transaction.atomic():
                rows.grant(contact)
        return contact

    # a day

    def morning(self, opportunities: int) -> None:
        """New opportunities come as a file; some operators begin to be silent."""
        self.operators.morning()
        out = io.StringIO()
        writer = csv.DictWriter(out, ["title", "phone", "name", "key", "score", "value"])
        writer.writeheader()
        for _ in range(opportunities):
            self.imported += 1
            contact = self.random.choice(self.people)
            writer.writerow({
                "title": f"عرض رقم {self.imported}", "phone": self.stage.address_of(contact), "name": contact.name,
                "key": f"month-{self.imported}", "score": self.random.randint(0, 100),
                "value": self.random.choice(["", "5000", "250000"]),
            })  # fmt: skip
        report = import_opportunities(
            self.stage.firm.business.id, out.getvalue().encode(), accept_valid=False, now=self.stage.now
        )
        assert not report.faults, report.faults[:3]

    def tick(self) -> None:
        """What happens in a little while."""
        self._work()
        self.operators.act()
        self._work()
        reached, self.meta.to_people = self.meta.to_people, []
        self.contacts.act(reached)
        self._work()

    def _work(self) -> None:
        self.team.timers()
        self.meta.take()
        self.meta.news()
        while count_some(zone=config.get().time_zone, now=self.stage.now):
            pass

    def until(self, at: datetime) -> None:
        """Time goes on; at night the clock is looked at every hour."""
        while at - self.stage.now > timedelta(hours=1):
            self.stage.wait(hours=1)
            self._work()
        self.stage.now = max(self.stage.now, at)

    def calm(self) -> None:
        """No faults, and everybody is there."""
        self.meta.calm = True
        self.operators.everybody_is_back()

    def evening(self) -> None:
        """What must be true at the end of every day."""
        self.team.check_answers()
        self.team.asked.clear()
        self.team.check_once()
        self.team.check_nothing_is_lost()

    def close(self) -> None:
        """The last look: nothing is under way, and both sides counted the same."""
        for _ in range(MOST_LOOKS):
            self.stage.wait(minutes=5)
            self._work()
            under_way = OutboxMessage.objects.filter(state="sending").count()
            if not under_way and not count_some(zone=config.get().time_zone, now=self.stage.now):
                break
        assert OutboxMessage.objects.filter(state="sending").count() == 0, "a message is under way for ever"
        self.team.check_cards_arrived()
        counted = Counter(
            {(row.month.isoformat(), row.category, row.pricing_type): row.messages for row in PriceCount.objects.all()}
        )
        assert counted == self.meta.costs, f"counted {dict(counted)}, told {dict(self.meta.costs)}"
        kept = Opportunity.objects.filter(external_key__startswith="month-").count()
        assert kept == self.imported, f"{self.imported - kept} opportunities are gone"

    # what is told

    def line(self) -> str:
        return f"{self.operators.taps} taps, {self.contacts.said} words, {len(self.team.delivered)} messages arrived"

    def report(self) -> dict[str, Any]:
        states = Counter(Opportunity.objects.values_list("state", flat=True))
        drafts = Counter(Draft.objects.values_list("state", flat=True))
        outbox = Counter(OutboxMessage.objects.values_list("audience", "state"))
        to_operators = outbox["operator", "accepted"]
        costs = {f"{month} {category} {kind}": n for (month, category, kind), n in sorted(self.meta.costs.items())}
        charged = sum(n for (_, _, kind), n in self.meta.costs.items() if kind == "regular")
        return {
            "operators": len(self.team.operators), "contacts": len(self.people), "opportunities": self.imported,
            "of_people_who_wrote": Opportunity.objects.count() - self.imported,
            "taps": self.operators.taps, "words_of_contacts": self.contacts.said,
            "messages_to_operators": to_operators, "messages_to_contacts": outbox["contact", "accepted"],
            "lost": 0, "doubled": 0, "unapproved": 0, "faults": dict(self.meta.faults),
            "of_two_approvers": Draft.objects.filter(risk="high", state="approved").count(),
            "opportunity_states": dict(states), "draft_states": dict(drafts),
            "unsettled": outbox["contact", "unknown"], "costs": costs, "charged": charged,
        }  # fmt: skip


def _firm() -> rows.Firm:
    """The business and number that `wakeel migrate` made of the settings."""
    business = Business.objects.get()
    number = SendingNumber.objects.get()
    Business.objects.filter(pk=business.pk).update(created_at=rows.T0, quorum_from="high", high_value=HIGH_VALUE)
    return rows.Firm(business, number)
