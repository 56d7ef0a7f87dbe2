"""A team of three through working days, weekends and Ramadan, in any order of events: what never happens.

Nothing unapproved leaves, nothing leaves twice or into a closed window, what needs two has two; every tap and text has
one answer; who left the team gets nothing more; of one day there is one brief; nothing that waits is forgotten.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import rows
from tests.flows.brief_stage import approve_template
from tests.flows.stage import Stage
from tests.flows.team import Received, Team
from wakeel import clock
from wakeel.flows import stop_sending
from wakeel.flows.assign import assign
from wakeel.flows.deactivate_operator import deactivate_operator
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.store.models import Business, Contact, Operator, Opportunity
from wakeel.whatsapp.answers import NoAnswer, Refused
from wakeel.whatsapp.errors import classify

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
SPANS = [MINUTE, 20 * MINUTE, 3 * HOUR, 25 * HOUR, 3 * DAY, 79 * DAY]
"""The last but one is a weekend; the last leads into Ramadan of 1448, which begins in February 2027."""
WORDS = ["اعتماد", "١", "2", "عدّل: نص آخر تمامًا", "الغ", "نص جديد للرسالة", "اعتمد الكل", "تم", "15000", "إيقاف"]
REPLIES = ["متى نلتقي؟", "تمام", "إلغاء الموعد", "شكرًا", "كم السعر؟", "إيقاف"]


class Days(RuleBasedStateMachine):
    """Three operators, four contacts, seven opportunities; the whole of it in one transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.patch = pytest.MonkeyPatch()
        firm = rows.firm()
        self.stage = Stage(firm, rows.operator(firm))
        self.patch.setattr(clock, "real_now", lambda: self.stage.now)
        others = [
            rows.operator(firm, name, wa_id=f"96650000000{n}", bsuid=f"SA.operator{n}")
            for n, name in ((2, "نورة"), (3, "فهد"))
        ]
        self.team = Team(self.stage, [self.stage.operator, *others])
        self.on_the_wire: list[Claimed] = []
        self.keys = 0

    def teardown(self) -> None:
        self.patch.undo()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(quorum=st.sampled_from(["", "high", "normal"]))
    def open_the_business(self, quorum: str) -> None:
        stage = self.stage
        Business.objects.update(quorum_from=quorum)
        approve_template(stage)
        self.contacts: list[Contact] = []
        for n in range(4):
            opportunity = stage.person(key=f"k{n}", phone=f"+96650972223{n}", title=f"عرض {n}", consent=n != 3)
            self.contacts.append(opportunity.contact)
            self.team.wrote_at[stage.address_of(opportunity.contact)] = rows.T0 - rows.HOUR
        for n in range(3):
            rows.opportunity(stage.firm, self.contacts[n], key=f"more{n}", title=f"عرض ثانٍ {n}")
        self.team.timers()
        self.team.deliver()
        # Most of what can go wrong is about drafts: two are open before the first rule.
        for operator in self.team.operators[:2]:
            self._press(operator, self.team.received[operator.id][0], ":accept")
        self.team.deliver()

    # operators

    @rule(data=st.data(), who=st.integers(0, 2), late=st.booleans(), twice=st.booleans())
    def press_anything(self, data: st.DataObject, who: int, late: bool, twice: bool) -> None:
        """Any button or row of any message that was ever on this phone, also old ones, also twice, also late."""
        operator = self.team.operators[who]
        if not self.team.received[operator.id]:
            return
        shown = data.draw(st.sampled_from(self.team.received[operator.id]))
        button_id = data.draw(st.sampled_from(shown.ids))
        for _ in range(2 if twice else 1):
            self.team.press(operator, shown, button_id, sent_at=self.stage.now - rows.HOUR if late else None)
            self.stage.wait(seconds=1)

    @rule(data=st.data(), who=st.integers(0, 2), action=st.sampled_from([":accept", ":approve", ":approve", ":edit"]))
    def go_on_with_the_newest(self, data: st.DataObject, who: int, action: str) -> None:
        """The ordinary operator: the newest card of this kind, and then the next message."""
        operator = self.team.operators[who]
        for shown in reversed(self.team.received[operator.id]):
            if any(one.endswith(action) for one in shown.ids):
                self._press(operator, shown, action)
                break
        self.team.deliver()

    @rule(text=st.sampled_from(WORDS), who=st.integers(0, 2), data=st.data())
    def write(self, text: str, who: int, data: st.DataObject) -> None:
        operator = self.team.operators[who]
        wamids = [shown.wamid for shown in self.team.received[operator.id][-3:]]
        self.team.type(operator, text, quoting=data.draw(st.sampled_from([None, *wamids])))
        self.stage.wait(seconds=1)

    @rule(who=st.integers(0, 2))
    def come_back(self, who: int) -> None:
        """Any word opens the window; what waited comes."""
        self.team.type(self.team.operators[who], "صباح الخير")
        self.team.deliver()

    # the administrator

    @precondition(lambda self: self.keys >= 6)
    @rule(who=st.integers(1, 2))
    def let_go(self, who: int) -> None:
        """Not early, so that there is work to hand over; the first operator stays."""
        admin, leaving = self.team.operators[0], self.team.operators[who]
        deactivate_operator(
            admin.business_id, leaving.id, by="admin", by_user_id=admin.user_id, may_leave_nobody=False,
            now=self.stage.now,
        )  # fmt: skip

    @rule(data=st.data(), who=st.integers(0, 2), to=st.integers(0, 2))
    def hand_over(self, data: st.DataObject, who: int, to: int) -> None:
        actor, heir = self.team.operators[who], self.team.operators[to]
        active = Operator.objects.filter(pk=actor.pk, state="active").exists()
        found = list(Opportunity.objects.order_by("id").values_list("pk", flat=True))
        if active:
            self.keys += 1
            chosen = data.draw(st.sampled_from(found))
            assign(actor.id, chosen, to=heir.id, tap_key=f"assign-{self.keys}", now=self.stage.now)

    @rule(pressed=st.booleans())
    def stop(self, pressed: bool) -> None:
        if pressed and self.keys % 3 == 2:
            stop_sending.press(self.stage.firm.business.id, "7", now=self.stage.now)

    # contacts

    @rule(who=st.integers(0, 3), text=st.sampled_from(REPLIES), delay=st.sampled_from([0, 0, 60, 7200]))
    def reply(self, who: int, text: str, delay: int) -> None:
        sent_at = self.stage.now - delay * (rows.MINUTE / 60)
        self.team.contact_says(self.contacts[who], text, sent_at=sent_at)
        self.stage.wait(seconds=1)

    # the worker and Meta

    @rule()
    def claim(self) -> None:
        self.on_the_wire += self.team.claim()

    @precondition(lambda self: self.on_the_wire)
    @rule(data=st.data(), how=st.sampled_from(["accepted", "accepted", "passing", "final", "no answer", "lost"]))
    def answer(self, data: st.DataObject, how: str) -> None:
        one = self.on_the_wire.pop(data.draw(st.integers(0, len(self.on_the_wire) - 1)))
        match how:
            case "accepted":
                self.team.record(one, self.team.accepted(one))
            case "passing":
                self.team.record(one, Refused(classify(130429, details="", http_status=429), before_wire=False))
            case "final":
                self.team.record(one, Refused(classify(131026, details="", http_status=400), before_wire=False))
            case "no answer":
                self.team.record(one, NoAnswer("timeout"))
            case _:
                pass  # the worker died: the lease ends

    @rule()
    def everything_arrives(self) -> None:
        self.team.deliver()

    @rule(span=st.sampled_from(SPANS), also=st.booleans())
    def time_passes(self, span: int, also: bool) -> None:
        """also: the worker was running all the while, so the clock is looked at in between."""
        self.keys += 1
        for _ in range(4 if also else 1):
            self.stage.wait(seconds=span / (4 if also else 1))
            self.team.timers()
            if also:
                self.team.deliver()

    # what is always true; what leaves is looked at by the team

    @invariant()
    def every_tap_and_text_has_its_answer(self) -> None:
        self.team.check_answers()

    @invariant()
    def nothing_is_doubled_or_lost(self) -> None:
        self.team.check_once()
        self.team.check_nothing_is_lost()

    # how

    def _press(self, operator: Operator, shown: Received, action: str) -> None:
        self.keys += 1
        self.team.press(operator, shown, next(one for one in shown.ids if one.endswith(action)))


@pytest.mark.django_db
@pytest.mark.timeout(1800)
def test_no_day_of_a_team_does_what_must_not_happen():
    soak = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=300 if soak else 8,
            stateful_step_count=60 if soak else 25,
            derandomize=not soak,
            deadline=None,
            print_blob=soak,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
