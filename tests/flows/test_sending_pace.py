"""Tokens decide before anything is claimed: by number, by recipient, by lane; and what a worker knows after a start."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.db import OperationalError, connection, connections

from tests import rows
from tests.deployment import ON_POSTGRESQL
from tests.flows.stage import Stage
from tests.flows.test_reengage import template
from wakeel import clock
from wakeel.domain.buckets import CONTACT_BURST, OPERATOR_BURST, PAIR_EVERY_S
from wakeel.domain.consent import Category
from wakeel.domain.outbox import CONNECTIONS, LEASE, SEAT_LEASE, Audience, Lane
from wakeel.domain.policy import as_document, policy_from
from wakeel.flows import dispatch_outbox, policies
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.flows.fitting_templates import fitting
from wakeel.flows.reengage import reengage
from wakeel.flows.sending_pace import PAIR_RATE_REACHED, THROUGHPUT_REACHED, SendingPace
from wakeel.store import claims, outbox
from wakeel.store.models import Approval, Attempt, Contact, Operator, OutboxMessage, SendingNumber
from wakeel.store.sender_seat import SenderSeats

_keys = count()


@pytest.fixture(autouse=True)
def boottime(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def since_the_start() -> float:
        return (stage.now - rows.T0).total_seconds()

    monkeypatch.setattr(clock, "boottime", since_the_start)


def worker(stage: Stage) -> SendingPace:
    """One run of a worker, with a second behind it in which tokens came."""
    pace = SendingPace(SenderSeats(f"wrk_{next(_keys)}"))
    dispatch_outbox.claim(lease=LEASE, now=stage.now, pace=pace)
    stage.wait(seconds=1)
    return pace


def queued(stage: Stage, *, to: Operator | None = None, lane: Lane = Lane.ANSWER, many: int = 1) -> None:
    for _ in range(many):
        key = next(_keys)
        operator = to or rows.operator(stage.firm, f"م{key}", wa_id=f"96652{key:07d}", bsuid=f"SA.pace{key}")
        outbox.enqueue(
            business_id=stage.firm.business.id, number_id=stage.firm.number.pk, audience=Audience.OPERATOR,
            address=f"+{operator.wa_id}", operator=operator, lane=lane, body={"type": "text", "text": {"body": "أهلًا"}},
            category=Category.SERVICE, request_key=f"pace:{key}", due_at=stage.now, now=stage.now,
        )  # fmt: skip


def claim(stage: Stage, pace: SendingPace, **given: int) -> list[Claimed]:
    return dispatch_outbox.claim(lease=LEASE, now=stage.now, pace=pace, **given)


def sent(stage: Stage, pace: SendingPace) -> int:
    """Claimed and accepted, again and again, until nothing has a token; how many left."""
    left = 0
    while claimed := claim(stage, pace):
        left += len(claimed)
        for one in claimed:
            stage.record(one)
    return left


# the number


def test_a_number_sends_a_tenth_of_its_second_at_once_and_its_limit_in_every_second(stage: Stage):
    """80 a second unless Meta or we say otherwise."""
    queued(stage, many=100)
    pace = worker(stage)
    assert sent(stage, pace) == 8
    total = 0
    for _ in range(10):
        stage.wait(seconds=0.1)
        total += sent(stage, pace)
    assert total == 80


@pytest.mark.parametrize(("columns", "at_once"), [({"throughput_mps": 1000}, 64), ({"own_limit_mps": 20}, 2)])
def test_the_limit_of_a_number_is_what_meta_says_or_less_if_we_say_so(stage: Stage, columns: dict, at_once: int):
    SendingNumber.objects.update(**columns)
    queued(stage, many=70)
    assert len(claim(stage, worker(stage))) == at_once


def test_after_too_fast_the_number_sends_at_half_its_speed(stage: Stage):
    queued(stage, many=100)
    pace = worker(stage)
    number_id = stage.firm.number.pk
    for _ in range(5):
        pace.refused(THROUGHPUT_REACHED, number_id=number_id, address="+1")
    assert sent(stage, pace) == 0
    stage.wait(seconds=0.1)
    assert sent(stage, pace) == 4


# the recipient


def test_an_operator_gets_ten_at_once_then_one_in_six_seconds(stage: Stage):
    """FIFO holds; others are not held up by it."""
    queued(stage, to=stage.operator, many=OPERATOR_BURST + 2)
    pace, left = worker(stage), 0
    for _ in range(20):
        left += sent(stage, pace)
        stage.wait(seconds=0.1)
    assert left == OPERATOR_BURST
    queued(stage)
    assert sent(stage, pace) == 1, "somebody else"
    stage.wait(seconds=PAIR_EVERY_S)
    assert sent(stage, pace) == 1


def test_a_number_without_a_pair_limit_has_none(stage: Stage):
    SendingNumber.objects.update(pair_interval_ms=0, throughput_mps=1000)
    queued(stage, to=stage.operator, many=OPERATOR_BURST + 5)
    assert sent(stage, worker(stage)) == OPERATOR_BURST + 5


def test_with_one_token_left_the_more_urgent_lane_has_it(stage: Stage):
    queued(stage, to=stage.operator, many=OPERATOR_BURST - 1)
    pace = worker(stage)
    for _ in range(9):
        sent(stage, pace)
        stage.wait(seconds=0.1)
    queued(stage, to=stage.operator, lane=Lane.CARD)
    queued(stage, to=stage.operator, lane=Lane.ANSWER)
    (one,) = claim(stage, pace)
    assert OutboxMessage.objects.get(pk=one.outbox_id).lane == Lane.ANSWER


def test_an_answer_overtakes_however_many_cards_wait_for_their_tokens(stage: Stage):
    """Thirty cards after a weekend: one tap is answered with the next token, not two minutes later."""
    queued(stage, to=stage.operator, lane=Lane.CARD, many=30)
    pace = worker(stage)
    for _ in range(20):
        sent(stage, pace)
        stage.wait(seconds=0.1)
    assert OutboxMessage.objects.filter(state="pending").count() == 30 - OPERATOR_BURST
    queued(stage, to=stage.operator)
    left = []
    for _ in range(3):
        stage.wait(seconds=PAIR_EVERY_S)
        claimed = claim(stage, pace)
        left += [OutboxMessage.objects.get(pk=one.outbox_id).lane for one in claimed]
        for one in claimed:
            stage.record(one)
    assert left == [Lane.ANSWER, Lane.CARD, Lane.CARD]


def test_too_fast_for_one_person_stops_that_person_only(stage: Stage):
    queued(stage, to=stage.operator, many=3)
    pace = worker(stage)
    (first,) = claim(stage, pace)
    stage.record(first)
    pace.refused(PAIR_RATE_REACHED, number_id=stage.firm.number.pk, address=f"+{stage.operator.wa_id}")
    queued(stage)
    stage.wait(seconds=0.1)
    assert sent(stage, pace) == 1


def test_a_restart_gives_nobody_a_second_burst(stage: Stage):
    """What left in the last minute is read from the attempts."""
    queued(stage, to=stage.operator, many=OPERATOR_BURST + 3)
    first, left = worker(stage), 0
    for _ in range(12):
        left += sent(stage, first)
        stage.wait(seconds=0.1)
    assert left == OPERATOR_BURST
    stage.wait(seconds=SEAT_LEASE.total_seconds())
    again = worker(stage)
    assert sent(stage, again) <= 2, "twelve seconds have passed"
    queued(stage)
    stage.wait(seconds=0.1)
    assert sent(stage, again) == 1, "who got nothing lately is not held up"


def test_a_start_whose_look_back_was_cut_short_looks_back_again(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    queued(stage, to=stage.operator, many=OPERATOR_BURST + 6)
    first = worker(stage)
    for _ in range(5):
        sent(stage, first)
        stage.wait(seconds=0.1)
    stage.wait(seconds=SEAT_LEASE.total_seconds())
    again = SendingPace(SenderSeats("wrk_cut"))
    with monkeypatch.context() as broken:
        broken.setattr(claims, "left_lately", lost_server)
        with pytest.raises(OperationalError):
            claim(stage, again)
    claim(stage, again)
    stage.wait(seconds=1)
    assert sent(stage, again) <= 2, "twelve seconds have passed"


def lost_server(*_: object, **__: object) -> None:
    raise OperationalError


def test_the_gate_does_not_hold_a_person_that_the_bucket_lets_through(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Its own pair interval would undo the burst (design section 7); a burst of contacts has three."""
    slow = policy_from(as_document(policies.current()) | {"pair_interval_s": 6})
    monkeypatch.setattr(policies, "current", lambda: slow)
    first = stage.person(key="k0", title="عرض 0")
    for number in range(CONTACT_BURST):
        text = f"معك أفق، رسالة {number}.\nلإيقاف الرسائل أرسل: إيقاف"
        another = {"key": f"k{number}", "title": f"عرض {number}", "draft_text": text}
        opportunity = rows.opportunity(stage.firm, first.contact, **another) if number else first
        stage.approved(opportunity)
    stage.wait(seconds=11)
    pace, left = worker(stage), 0
    for _ in range(CONTACT_BURST):
        left += sent(stage, pace)
        stage.wait(seconds=0.1)
    waiting = OutboxMessage.objects.filter(audience="contact", state="pending")
    assert left == CONTACT_BURST, list(waiting.values_list("hold_code", "due_at", "fence"))


# lanes


def test_a_campaign_leaves_tokens_and_connections_to_answers(stage: Stage):
    """With the wire full of slow requests an operator is still answered at once."""
    queued(stage, lane=Lane.BULK, many=12)
    queued(stage, lane=Lane.ANSWER)
    pace = worker(stage)
    claimed = claim(stage, pace)
    first = OutboxMessage.objects.get(pk=claimed[0].outbox_id)
    assert (first.lane, len(claimed)) == (Lane.ANSWER, 8)
    stage.wait(seconds=1)
    assert claim(stage, pace, in_the_air=CONNECTIONS - 1) == []
    queued(stage, lane=Lane.ANSWER)
    assert len(claim(stage, pace, in_the_air=CONNECTIONS - 1)) == 1


# people in a day


def with_template(stage: Stage, phone: str) -> OutboxMessage:
    """Approved: an approved template to somebody whose window is closed."""
    draft = stage.accepted(stage.person(key=phone, phone=phone, name=f"عميل {phone[-1]}", title=f"عرض {phone[-1]}"))
    choice = fitting([draft], now=stage.now)[draft.id][0]
    taken = reengage(
        stage.operator.id, draft.id, choice.row_id, {"1": draft.contact.name, "2": "أفق"}, shown_version=draft.version,
        tap_key=phone, now=stage.now,
    )  # fmt: skip
    assert taken.carried_out
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    stage.deliver()
    type(draft.contact).objects.filter(pk=draft.contact_id).update(last_inbound_at=stage.now - rows.DAY)
    return OutboxMessage.objects.get(draft=draft)


def test_the_people_of_one_batch_count_for_the_limit_of_a_day_and_everybody_is_counted_once(stage: Stage):
    """Two are due at once and one more may be written to: the other one waits until the first is a day ago."""
    template(stage)
    first, second = with_template(stage, "+966509722241"), with_template(stage, "+966509722242")
    SendingNumber.objects.update(messaging_limit=1)
    stage.wait(seconds=11)
    left_at = stage.now
    Approval.objects.update(expires_at=left_at + 2 * rows.DAY)
    assert [one.outbox_id for one in stage.deliver()] == [first.id]
    second.refresh_from_db()
    assert (second.state, second.hold_code) == ("pending", "MESSAGING_LIMIT")
    assert second.due_at >= left_at + rows.DAY
    stage.now = second.due_at
    assert second.id in [one.outbox_id for one in stage.deliver()]


def test_within_their_window_people_do_not_count(stage: Stage):
    template(stage)
    both = [with_template(stage, "+966509722241"), with_template(stage, "+966509722242")]
    Contact.objects.update(last_inbound_at=stage.now - rows.HOUR)
    SendingNumber.objects.update(messaging_limit=1)
    stage.wait(seconds=11)
    assert {one.outbox_id for one in stage.deliver()} == {message.id for message in both}


# several workers


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_a_person_about_whom_another_worker_decides_is_left_to_it(stage: Stage):
    """Two numbers may write to one person: both would find a cap not reached yet. Everybody else goes on."""
    first = stage.approved()
    second = stage.approved(stage.person(key="k2", phone="+966509722244", title="الثانية"))
    stage.wait(seconds=11)
    with ThreadPoolExecutor(1) as other:
        lock = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
        other.submit(_run, lock, first.contact_id).result()
        assert [one.outbox_id for one in stage.claim()] == [second.id]
        other.submit(connections.close_all).result()
    assert [one.outbox_id for one in stage.claim()] == [first.id]


def _run(statement: str, value: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_another_worker_claims_nothing_of_a_number_until_the_seat_is_free(stage: Stage):
    queued(stage, many=30)
    first, second = worker(stage), worker(stage)
    assert sent(stage, second) == 0
    assert sent(stage, first) == 8
    stage.wait(seconds=SEAT_LEASE.total_seconds())
    assert claim(stage, second) == [], "it begins without tokens: they may be spent"
    stage.wait(seconds=1)
    assert sent(stage, second) == 8
    assert claim(stage, first) == [], "stood still for longer than its lease"
    assert Attempt.objects.count() == 16
