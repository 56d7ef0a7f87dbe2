"""The raw SQL of claim and record against the models: the same columns, and nothing but what is still ours."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import rows
from wakeel.domain.consent import Category
from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.store import claims, outbox, records, verdicts
from wakeel.store.claims import Due, Room
from wakeel.store.models import Attempt, Operator, OutboxMessage, SendingNumber, VerdictRow
from wakeel.store.records import End

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=60)


def columns(model: type, *, but: set[str]) -> set[str]:
    return {field.column for field in model._meta.concrete_fields} - but  # type: ignore[attr-defined]


@pytest.fixture
def firm() -> rows.Firm:
    return rows.firm()


def queued(firm: rows.Firm, key: str, *, lane: Lane = Lane.ANSWER, due_s: int = 0, phone: str = "") -> OutboxMessage:
    wa_id = phone or f"96650{int(key[1:]):07d}"
    found = Operator.objects.filter(wa_id=wa_id).first()
    operator = found or rows.operator(firm, key, wa_id=wa_id, bsuid=f"SA.{key}")
    message = outbox.enqueue(
        business_id=firm.business.id, number_id=firm.number.pk, audience=Audience.OPERATOR, address=f"+{wa_id}",
        operator=operator, lane=lane, body={"type": "text", "text": {"body": key}}, category=Category.SERVICE,
        request_key=key, due_at=rows.T0 + timedelta(seconds=due_s), now=rows.T0,
    )  # fmt: skip
    assert message is not None
    return message


def due(firm: rows.Firm, lane: Lane = Lane.ANSWER, *, limit: int = 64, waiting: tuple[str, ...] = ()) -> list[Due]:
    number = SendingNumber.objects.select_related("business").get(pk=firm.number.pk)
    return claims.due(Room(number, limit, waiting), lane, now=rows.T0, limit=limit)


def test_what_is_read_and_written_by_hand_is_what_the_models_have():
    of_later = {"wamid", "http_status", "failure_code", "ended_at"}  # empty until an answer comes
    assert set(claims.JOURNAL) == columns(Attempt, but=of_later)
    assert set(claims.COLUMNS) <= columns(OutboxMessage, but=set())
    assert {*verdicts.COLUMNS, "at"} == columns(VerdictRow, but={"id"})


def test_an_attempt_written_by_hand_is_one_that_the_model_would_have_written(firm: rows.Firm):
    queued(firm, "k1")
    (one,) = due(firm)
    taken = claims.take([one], lease=LEASE, now=rows.T0, real_now=rows.T0)
    attempt, message = Attempt.objects.get(), OutboxMessage.objects.get()
    assert taken == {message.id: attempt.id}
    attempt.full_clean(exclude=["wamid", "http_status", "failure_code", "ended_at"])
    assert (attempt.number, attempt.request_key, attempt.outcome) == (1, "k1:1", "sending")
    assert (attempt.claimed_at, attempt.started_at) == (rows.T0, rows.T0)
    assert (message.state, message.fence, message.lease_until) == ("sending", 1, rows.T0 + LEASE)


def test_of_each_recipient_the_oldest_and_the_longest_due_first(firm: rows.Firm):
    for key, due_s in (("k1", -1), ("k2", -5), ("k3", -3)):
        queued(firm, key, due_s=due_s)
    queued(firm, "k4", phone="966500000002", due_s=-9)
    queued(firm, "k5", due_s=1)
    assert [one.request_key for one in due(firm)] == ["k2", "k3", "k1"]
    assert [one.request_key for one in due(firm, limit=1)] == ["k2"]
    assert [one.request_key for one in due(firm, waiting=("+966500000002",))] == ["k3", "k1"]
    assert due(firm, Lane.CARD) == []


def test_what_somebody_else_moved_meanwhile_is_not_taken(firm: rows.Firm):
    for key in ("k1", "k2", "k3"):
        queued(firm, key)
    first, second, third = due(firm)
    OutboxMessage.objects.filter(pk=first.id).update(state=OutboxState.HELD)
    OutboxMessage.objects.filter(pk=second.id).update(fence=1)
    taken = claims.take([first, second, third], lease=LEASE, now=rows.T0, real_now=rows.T0)
    assert set(taken) == {third.id}
    assert Attempt.objects.get().outbox_id == third.id


def test_a_lease_is_renewed_only_while_it_lasts_and_while_the_attempt_is_the_last(firm: rows.Firm):
    for key in ("k1", "k2", "k3"):
        queued(firm, key)
    given = due(firm)
    taken = claims.take(given, lease=LEASE, now=rows.T0, real_now=rows.T0)
    alive, over, succeeded = (one.id for one in given)
    OutboxMessage.objects.filter(pk=over).update(lease_until=rows.T0)
    OutboxMessage.objects.filter(pk=succeeded).update(fence=2)
    assert claims.renew(taken.values(), lease=LEASE, real_now=rows.T0 + rows.MINUTE / 2) == 1
    ends = dict(OutboxMessage.objects.values_list("pk", "lease_until"))
    assert ends[alive] == rows.T0 + rows.MINUTE / 2 + LEASE
    assert claims.recalled(taken.values()) == {taken[succeeded]}


def test_an_outcome_moves_no_message_that_a_later_attempt_has(firm: rows.Firm):
    """A worker that stood still tells how its own attempt ended, and nothing else."""
    queued(firm, "k1")
    taken = claims.take(due(firm), lease=LEASE, now=rows.T0, real_now=rows.T0)
    OutboxMessage.objects.update(fence=2)
    ends = [End(one, wamid="wamid.1") for one in records.posted([*taken.values()]).values()]
    ended = records.end_all(ends, outcome="accepted", from_outcomes=("sending",), real_now=rows.T0)
    assert ended == ends
    assert records.leave_all(ended, to=OutboxState.ACCEPTED, now=rows.T0, status="accepted") == []
    assert OutboxMessage.objects.values_list("state", "wamid").get() == ("sending", None)
    assert Attempt.objects.values_list("outcome", "wamid").get() == ("accepted", "wamid.1")


def test_a_batch_of_any_size_is_taken_and_written_down_in_as_many_statements(firm: rows.Firm):
    for number in range(1, 31):
        queued(firm, f"k{number}")
    costs = []
    for size in (1, 29):
        found = due(firm, limit=size)
        with CaptureQueriesContext(connection) as queries:
            taken = claims.take(found, lease=LEASE, now=rows.T0, real_now=rows.T0)
            sent = records.posted(list(taken.values()))
            ends = [End(one, wamid=f"wamid.{one.attempt_id}") for one in sent.values()]
            ended = records.end_all(ends, outcome="accepted", from_outcomes=("sending",), real_now=rows.T0)
            moved = records.leave_all(ended, to=OutboxState.ACCEPTED, now=rows.T0, status="accepted")
        assert len(moved) == size
        costs.append(len(queries))
    assert costs == [5, 5]
    assert set(OutboxMessage.objects.values_list("state", "status")) == {("accepted", "accepted")}


def test_only_lanes_in_which_something_is_due_are_asked(firm: rows.Firm):
    """Planning the question is most of its cost on PostgreSQL, and usually one lane of four has anything."""
    queued(firm, "k1", lane=Lane.CARD)
    queued(firm, "k2", lane=Lane.BULK, due_s=60)
    assert claims.lanes_with_due(now=rows.T0) == {firm.number: [Lane.CARD]}
    assert claims.lanes_with_due(now=rows.T0 - timedelta(seconds=1)) == {}


def test_the_queue_is_read_from_its_front_and_not_through(firm: rows.Firm):
    """A claim must cost the same with millions of finished and waiting rows."""
    number = SendingNumber.objects.select_related("business").get()
    with CaptureQueriesContext(connection) as queries:
        claims.due(Room(number, 64), Lane.BULK, now=rows.T0, limit=64)
        claims.lanes_with_due(now=rows.T0)
        outbox.has_due(now=rows.T0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            cursor.execute(prefix + query["sql"].replace("%", "%%"))
            plan = "\n".join(str(line) for line in cursor.fetchall())
            assert "outbox_due" in plan, plan
            if connection.vendor == "sqlite" and "NOT EXISTS" in query["sql"]:
                assert plan.count("outbox_queue") == 2, plan
                assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
