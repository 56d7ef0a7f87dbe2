"""A number that gets no answers, or that Meta holds back, stops trying; and how it starts again."""

import pytest

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_dispatch_outbox import refused
from wakeel.domain.breakers import PROBE_WAITS_S, UNKNOWNS_TO_OPEN
from wakeel.domain.ids import Wamid
from wakeel.flows import number_breaker
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.store import breakers
from wakeel.store.models import Breaker, OutboxMessage
from wakeel.whatsapp.answers import Accepted, NoAnswer, Outcome, Refused
from wakeel.whatsapp.errors import CONNECTION_FAILED, UNSENDABLE_TEXT, refused_here


def queued(stage: Stage, number: int) -> None:
    """So many approved messages, each to somebody else, all due."""
    for serial in range(number):
        person = stage.person(key=f"k{serial}", phone=f"+96650972{serial:04d}", title=f"عرض {serial}")
        stage.approved(person)
    stage.wait(seconds=11)


def record_all(stage: Stage, claimed: list[Claimed], outcome: Outcome | None) -> None:
    for one in claimed:
        stage.record(one, outcome)


@pytest.mark.parametrize("silence", [NoAnswer("timeout"), NoAnswer("http_503"), NoAnswer("connection_lost")])
def test_five_in_a_row_without_an_answer_stop_the_number_and_any_answer_between_counts(stage: Stage, silence: NoAnswer):
    queued(stage, 2 * UNKNOWNS_TO_OPEN)
    claimed = stage.claim()
    assert len(claimed) == 2 * UNKNOWNS_TO_OPEN
    record_all(stage, claimed[: UNKNOWNS_TO_OPEN - 1], silence)
    assert not breakers.of_business(stage.firm.business.id)
    stage.record(claimed[-1])
    record_all(stage, claimed[UNKNOWNS_TO_OPEN - 1 : -2], silence)
    assert not breakers.of_business(stage.firm.business.id), "not in a row: one was answered in between"
    stage.record(claimed[-2], silence)
    assert [row.failure_code for row in breakers.of_business(stage.firm.business.id)] == [None]


def test_an_outage_lets_one_message_through_after_a_growing_wait_and_its_answer_ends_it(stage: Stage):
    queued(stage, UNKNOWNS_TO_OPEN + 3)
    waiting = OutboxMessage.objects.filter(audience="contact", state="pending").order_by("-id")[:3]
    OutboxMessage.objects.filter(pk__in=[row.pk for row in waiting]).update(due_at=stage.now + rows.MINUTE / 4)
    claimed = stage.claim()
    assert len(claimed) == UNKNOWNS_TO_OPEN
    record_all(stage, claimed, NoAnswer("timeout"))
    stage.wait(seconds=PROBE_WAITS_S[0] - 1)
    assert stage.claim() == [], "nothing is tried"
    stage.wait(seconds=1)
    (probe,) = stage.claim()
    assert stage.claim() == [], "one message, to see"
    stage.record(probe, NoAnswer("timeout"))
    stage.wait(seconds=PROBE_WAITS_S[1] - 1)
    assert stage.claim() == [], "longer than before"
    stage.wait(seconds=1)
    (probe,) = stage.claim()
    stage.record(probe)
    assert not Breaker.objects.exists()
    assert len(stage.claim()) == 2, "the last one, and what the operator is told of the first"


def probing(stage: Stage) -> Claimed:
    """The one message that was let through after an outage."""
    queued(stage, UNKNOWNS_TO_OPEN + 1)
    last = OutboxMessage.objects.filter(audience="contact", state="pending").order_by("-id")[:1]
    OutboxMessage.objects.filter(pk__in=[row.pk for row in last]).update(due_at=stage.now + rows.MINUTE / 4)
    record_all(stage, stage.claim(), NoAnswer("timeout"))
    stage.wait(seconds=PROBE_WAITS_S[0])
    (probe,) = stage.claim()
    return probe


def test_a_status_of_the_probe_that_is_quicker_than_its_answer_leaves_the_end_of_the_outage_to_the_answer(stage: Stage):
    probe = probing(stage)
    stage.status("wamid.PROBE", "sent", attempt_id=probe.attempt_id)
    assert Breaker.objects.get().state == "open", "it left; WhatsApp still does not answer"
    stage.record(probe, Accepted(Wamid("wamid.PROBE"), "accepted", 200))
    assert not Breaker.objects.exists()


def test_a_probe_whose_answer_never_comes_and_that_a_status_settles_lets_the_next_message_be_one(stage: Stage):
    probe = probing(stage)
    stage.status("wamid.PROBE", "sent", attempt_id=probe.attempt_id)
    stage.says("أهلًا")
    assert len(stage.claim()) == 1


def test_a_probe_that_never_left_this_machine_lets_the_next_message_be_one(stage: Stage):
    probe = probing(stage)
    stage.record(probe, Refused(refused_here(UNSENDABLE_TEXT), before_wire=True))
    stage.says("أهلًا")
    assert len(stage.claim()) == 1


def test_a_worker_that_died_says_nothing_about_whatsapp(stage: Stage):
    queued(stage, UNKNOWNS_TO_OPEN)
    record_all(stage, stage.claim(), NoAnswer("lease_ended"))
    assert not Breaker.objects.exists()


def test_connections_that_fail_stop_the_number_before_every_message_has_used_up_its_tries(stage: Stage):
    queued(stage, UNKNOWNS_TO_OPEN)
    record_all(stage, stage.claim(), Refused(refused_here(CONNECTION_FAILED), before_wire=True))
    assert [row.failure_code for row in breakers.of_business(stage.firm.business.id)] == [None]
    assert set(OutboxMessage.objects.filter(audience="contact").values_list("state", flat=True)) == {"pending"}


@pytest.mark.parametrize("by", ["answer", "status"])
@pytest.mark.parametrize(("code", "operators_too"), [(131031, True), (190, True), (131042, False), (131048, False)])
def test_a_word_of_metas_stops_the_number_until_a_person_resumes_it(
    stage: Stage, by: str, code: int, operators_too: bool
):
    """The same by HTTP and by webhook. Answers to operators go on where only contacts are concerned."""
    queued(stage, 2)
    first, second = stage.claim()
    wamid = stage.record(first, refused(code) if by == "answer" else None)
    if by == "status":
        stage.status(str(wamid), "failed", code=code)
    stage.record(second)
    assert [row.failure_code for row in breakers.of_business(stage.firm.business.id)] == [code], "no answer releases it"
    told = [text for text in stage.told() if "توقف الإرسال" in text]
    assert len(told) == (0 if operators_too else 1)
    stage.says("أهلًا")
    left = {OutboxMessage.objects.get(pk=one.outbox_id).audience for one in stage.deliver()}
    assert left == (set() if operators_too else {"operator"})
    stage.wait(hours=1)
    assert number_breaker.release(stage.firm.business.id, rows.NUMBER_ID, by="sara", now=stage.now)
    assert not number_breaker.release(stage.firm.business.id, rows.NUMBER_ID, by="sara", now=stage.now)
    assert bool(stage.claim()) is operators_too


def test_another_business_cannot_release_it(stage: Stage):
    breakers.refuse(stage.firm.number, 131031, contacts_only=False, real_now=stage.now)
    foreign = rows.firm("أخرى", phone_number_id="105500000000009", waba_id="215500000000009")
    assert not number_breaker.release(foreign.business.id, rows.NUMBER_ID, by="sara", now=stage.now)
    assert [row.pk for row in breakers.of_business(stage.firm.business.id)] == [rows.NUMBER_ID]


def test_what_stops_more_is_not_narrowed_by_what_stops_less(stage: Stage):
    number = stage.firm.number
    assert breakers.refuse(number, 131042, contacts_only=True, real_now=stage.now)
    assert breakers.refuse(number, 131031, contacts_only=False, real_now=stage.now)
    assert not breakers.refuse(number, 131042, contacts_only=True, real_now=stage.now)
    assert breakers.shut(real_now=stage.now + rows.DAY).numbers == {rows.NUMBER_ID}
