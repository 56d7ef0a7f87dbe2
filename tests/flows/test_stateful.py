"""Any sequence of taps, texts, replies, opt-outs, consents, claims and news, in any order: four things never happen.

Nothing leaves that was not approved word for word and stood at that moment; nothing that may have left is sent once
more; nobody who opted out is written to; no tap or text of an operator goes without exactly one answer.
"""

import os
from typing import Any

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
from tests.flows.stage import Stage, words
from wakeel import clock
from wakeel.domain.consent import Standing, state_of
from wakeel.domain.stop_switches import Stop
from wakeel.flows import dispatch_outbox, release_stop, stop_sending
from wakeel.flows.consent_proof import Proof
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.flows.record_consent import record_by_operator
from wakeel.flows.settle_message import settle
from wakeel.flows.show_card import fill_every_phone
from wakeel.store import person_facts
from wakeel.store.models import (
    Approval,
    Attempt,
    Contact,
    DraftVersion,
    InboundMessage,
    Operator,
    OutboxMessage,
    Showing,
)
from wakeel.whatsapp.answers import Accepted, NoAnswer, Refused
from wakeel.whatsapp.errors import classify

TEXTS = ["موعدنا الأحد؟", "قبول", "اعتماد", "إلغاء", "تعديل", "إيقاف"]
REPLIES = ["متى نلتقي؟", "تمام", "إلغاء الموعد", "شكرًا", "كم السعر؟", "إيقاف", "stop offers"]
STATUSES = ["sent", "delivered", "read", "failed", "played"]
MAY_HAVE_LEFT = {"sending", "accepted", "unknown"}


class Walks(RuleBasedStateMachine):
    """Two operators, three contacts, five opportunities; the whole of it in one transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.patch = pytest.MonkeyPatch()
        firm = rows.firm()
        self.stage = Stage(firm, rows.operator(firm))
        self.patch.setattr(clock, "real_now", lambda: self.stage.now)
        self.operators = [self.stage.operator, rows.operator(firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")]
        self.on_the_wire: list[Claimed] = []
        self.asked: list[str] = []
        self.keys = 0

    def teardown(self) -> None:
        self.patch.undo()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # the business

    @initialize()
    def open_the_business(self) -> None:
        stage = self.stage
        people = [
            stage.person(key="k0", phone="+966509722230", title="موافق ونافذته مفتوحة"),
            stage.person(key="k1", phone="+966509722231", title="بلا موافقة", consent=False),
            stage.person(key="k2", phone="+966509722232", title="نافذته مغلقة", last_inbound_at=rows.T0 - rows.DAY),
        ]
        rows.opportunity(stage.firm, people[0].contact, key="k3", title="الثانية", draft_text="نص طويل. " * 200)
        rows.opportunity(stage.firm, people[1].contact, key="k4", title="الثالثة")
        self.contacts = [opportunity.contact for opportunity in people]
        stage.show_cards()
        fill_every_phone(now=stage.now)
        stage.deliver()
        # Most of what can go wrong is about drafts: three are open before the first rule.
        for opportunity in people:
            stage.tap(f"opp:{opportunity.id}:accept", wamid=self._asked(stage.new_wamid("TAP")))
        stage.deliver()

    # operators

    @rule(data=st.data(), who=st.integers(0, 1), late=st.booleans(), twice=st.booleans())
    def tap(self, data: st.DataObject, who: int, late: bool, twice: bool) -> None:
        """Any button of any card that was ever on this phone, also old ones, also twice, also late."""
        operator = self.operators[who]
        showings = self.stage.showings(operator)
        if not showings:
            return
        showing: Showing = data.draw(st.sampled_from(showings))
        buttons = showing.outbox.body["interactive"]["action"]["buttons"]
        button_id = data.draw(st.sampled_from([button["reply"]["id"] for button in buttons]))
        context = data.draw(st.sampled_from([showing.wamid, showing.wamid, showing.wamid, None, "wamid.NEVER"]))
        sent_at = self.stage.now - rows.HOUR if late else None
        wamid = self._asked(self.stage.new_wamid("TAP"))
        for _ in range(2 if twice else 1):
            self.stage.tap(button_id, on=context, by=operator, sent_at=sent_at, wamid=wamid)
            self.stage.wait(seconds=1)

    @rule(text=st.sampled_from(TEXTS), who=st.integers(0, 1), data=st.data())
    def write(self, text: str, who: int, data: st.DataObject) -> None:
        operator = self.operators[who]
        quotable = [None, *[showing.wamid for showing in self.stage.showings(operator)]]
        quoting = data.draw(st.sampled_from(quotable))
        self.stage.says(text, by=operator, quoting=quoting, wamid=self._asked(self.stage.new_wamid("TEXT")))
        self.stage.wait(seconds=1)

    @rule(
        data=st.data(), action=st.sampled_from(["approve", "approve", "approve", "edit", "cancel"]), again=st.booleans()
    )
    def decide_on_a_draft(self, data: st.DataObject, action: str, again: bool) -> None:
        """The ordinary operator with the newest card of a draft, sometimes with a nervous thumb."""
        drafts = sorted({showing.card.draft_id for showing in self.stage.showings() if showing.card.draft_id})
        if drafts:
            button_id = f"msg:{data.draw(st.sampled_from(drafts))}:{action}"
            for _ in range(2 if again else 1):
                self.stage.tap(button_id, wamid=self._asked(self.stage.new_wamid("TAP")))
            self.stage.deliver(self._checked)

    @rule(text=st.sampled_from(["نص معدّل", "نص معدّل آخر", "نص طويل. " * 200]))
    def rewrite(self, text: str) -> None:
        self.stage.says(text, wamid=self._asked(self.stage.new_wamid("TEXT")))
        self.stage.deliver(self._checked)

    @rule(seconds=st.sampled_from([11, 11, 130]))
    def let_it_leave(self, seconds: int) -> None:
        """The grace is over; what is due is on the wire and stays there until `answer`."""
        self.stage.wait(seconds=seconds)
        self.claim()

    @rule(pressed=st.booleans(), send=st.booleans())
    def stop_or_go(self, pressed: bool, send: bool) -> None:
        if pressed and self.keys % 2:
            stop_sending.press(self.stage.firm.business.id, "7", now=self.stage.now)
        else:
            release_stop.release_stop(Stop.of_business(self.stage.firm.business.id), send=send, now=self.stage.now)

    @rule(data=st.data(), verb=st.sampled_from(["it_arrived", "send_again", "retry", "give_up"]))
    def settle(self, data: st.DataObject, verb: str) -> None:
        messages = list(OutboxMessage.objects.filter(audience="contact").order_by("id").values_list("id", flat=True))
        if messages:
            self.keys += 1
            chosen = data.draw(st.sampled_from(messages))
            settle(self.stage.operator.id, chosen, verb, tap_key=f"settle-{self.keys}", now=self.stage.now)

    # contacts

    @rule(who=st.integers(0, 2), text=st.sampled_from(REPLIES), delay=st.sampled_from([0, 0, 60, 7200]))
    def reply(self, who: int, text: str, delay: int) -> None:
        """A contact writes; the webhook may come hours late."""
        sent_at = self.stage.now - delay * (rows.MINUTE / 60)
        self.stage.says(text, by=self.contacts[who], sent_at=sent_at)
        self.stage.wait(seconds=1)

    @rule(who=st.integers(0, 2), value=st.sampled_from(["resume", "stop"]))
    def use_whatsapps_switch(self, who: int, value: str) -> None:
        self.stage.preference(self.contacts[who], value)
        self.stage.wait(seconds=1)

    @rule(who=st.integers(0, 2))
    def consent(self, who: int) -> None:
        self.keys += 1
        proof = Proof(at=self.stage.now, source="phone_call", wording="أوافق", evidence=f"مكالمة {self.keys}")
        record_by_operator(
            self.stage.operator.id, self.contacts[who].id, proof, categories=["marketing", "utility"],
            purposes=["offers"], now=self.stage.now,
        )  # fmt: skip
        self.stage.wait(seconds=1)

    # the worker and Meta

    @rule()
    def claim(self) -> None:
        claimed = self.stage.claim()
        for one in claimed:
            self._may_leave(one)
        self.on_the_wire += claimed

    @precondition(lambda self: self.on_the_wire)
    @rule(data=st.data(), how=st.sampled_from(["accepted"] * 4 + ["passing", "final", "no answer", "not sent", "lost"]))
    def answer(self, data: st.DataObject, how: str) -> None:
        one = self.on_the_wire.pop(data.draw(st.integers(0, len(self.on_the_wire) - 1)))
        match how:
            case "accepted":
                self._record(one, Accepted(self._wamid(one), "accepted", 200))  # type: ignore[arg-type]
            case "passing":
                self._record(one, Refused(classify(130429, details="", http_status=429), before_wire=False))
            case "final":
                self._record(one, Refused(classify(131026, details="", http_status=400), before_wire=False))
            case "no answer":
                self._record(one, NoAnswer("timeout"))
            case "not sent":
                dispatch_outbox.record_not_sent([one.attempt_id], now=self.stage.now)
            case _:
                pass  # the worker died: the lease ends

    @rule()
    def deliver_everything(self) -> None:
        """The ordinary case, so that most walks get far: whatever may leave is accepted."""
        self.stage.deliver(self._checked)

    @rule(data=st.data(), status=st.sampled_from(STATUSES), named=st.booleans())
    def news(self, data: st.DataObject, status: str, named: bool) -> None:
        """Of any attempt, also one that nobody answered, also before its answer, in any order."""
        attempts = list(Attempt.objects.exclude(outcome="not_sent").order_by("id"))
        if not attempts:
            return
        attempt: Attempt = data.draw(st.sampled_from(attempts))
        if attempt.outcome == "failed" and attempt.settled_by == "":
            return  # what Meta refused has no news
        wamid = attempt.wamid or f"wamid.LATE.{attempt.id}"
        self.stage.status(wamid, status, attempt_id=attempt.id if named else None, code=131026)

    @rule(seconds=st.sampled_from([1, 5, 61, 130, 1900, 25 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.stage.wait(seconds=seconds)
        dispatch_outbox.expire_leases(now=self.stage.now)
        fill_every_phone(now=self.stage.now)

    # what never happens

    def _may_leave(self, one: Claimed) -> None:
        """Asked of everything that is claimed, with facts read here and not by the code under test."""
        message = OutboxMessage.objects.select_related("draft", "contact").get(pk=one.outbox_id)
        if message.audience == "operator":
            assert Operator.objects.get(pk=message.operator_id).state == "active"
            return
        assert message.draft is not None
        approvals = Approval.objects.filter(draft=message.draft, revoked_at=None, expires_at__gt=self.stage.now)
        approved = approvals.get()
        version = DraftVersion.objects.get(draft=message.draft, number=approved.version)
        assert words(dict(one.body)) == version.text, "not the text that was approved"
        assert message.draft_version == approved.version == message.draft.version
        assert message.contact is not None
        assert _standing(message.contact, self.stage) is Standing.ACTIVE, "no consent, or opted out"
        key = f"{message.draft_id}:{message.draft_version}"
        before = Attempt.objects.filter(outbox__draft=message.draft, outbox__draft_version=message.draft_version)
        before = before.exclude(pk=one.attempt_id)
        assert not [a.id for a in before if a.outcome in MAY_HAVE_LEFT or a.wamid], f"{key} may have left before"

    @invariant()
    def no_version_may_have_left_twice(self) -> None:
        """Whatever was claimed: by the history, at most one try of a version is open, answered or unanswered."""
        tries: dict[tuple[Any, Any], int] = {}
        open_or_left = Attempt.objects.filter(outbox__draft__isnull=False, outcome__in=MAY_HAVE_LEFT)
        for draft_id, version in open_or_left.values_list("outbox__draft_id", "outbox__draft_version"):
            tries[draft_id, version] = tries.get((draft_id, version), 0) + 1
        assert all(count == 1 for count in tries.values()), tries

    @invariant()
    def every_tap_and_text_has_exactly_one_answer(self) -> None:
        keys = [f"answer:{wamid}" for wamid in self.asked]
        assert OutboxMessage.objects.filter(request_key__in=keys).count() == len(keys)
        noted = InboundMessage.objects.filter(wamid__in=self.asked).exclude(handled="")
        assert noted.count() == len(self.asked)

    @invariant()
    def states_and_approvals_fit(self) -> None:
        """A standing approval belongs to an approved draft, and nothing unsent is without one."""
        for approval in Approval.objects.filter(revoked_at=None).select_related("draft"):
            assert (approval.draft.state, approval.draft.version) == ("approved", approval.version)
        unsent = OutboxMessage.objects.filter(audience="contact", state__in=["pending", "held"])
        for message in unsent.filter(intent=""):
            assert Approval.objects.filter(draft=message.draft, revoked_at=None).exists()

    # how

    def _asked(self, wamid: str) -> str:
        self.asked.append(wamid)
        return wamid

    def _checked(self, one: Claimed) -> Accepted:
        self._may_leave(one)
        return Accepted(self._wamid(one), "accepted", 200)  # type: ignore[arg-type]

    def _wamid(self, one: Claimed) -> str:
        """The one Meta would have told: a status may have named it before."""
        return f"wamid.LATE.{one.attempt_id}"

    def _record(self, one: Claimed, outcome: Any) -> None:
        dispatch_outbox.record(one.attempt_id, outcome, now=self.stage.now)


def _standing(contact: Contact, stage: Stage) -> Standing:
    found = person_facts.people([contact.id])[contact.id]
    return state_of(
        found.events, category="marketing", purpose="offers", subject=found.subject, as_of=stage.now
    ).standing


@pytest.mark.django_db
@pytest.mark.timeout(1800)
def test_no_sequence_of_events_sends_what_it_must_not():
    soak = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
    run_state_machine_as_test(
        Walks,
        settings=settings(
            max_examples=400 if soak else 12,
            stateful_step_count=60 if soak else 30,
            derandomize=not soak,
            deadline=None,
            print_blob=soak,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
