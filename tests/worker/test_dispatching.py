"""The dispatch loop: what it posts and what it keeps back, what it writes down together, how it stops."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import pytest

from tests import rows
from tests.flows.test_withdrawal_race import patiently
from wakeel import clock
from wakeel.domain.consent import Category
from wakeel.domain.ids import Wamid
from wakeel.domain.outbox import LEASE, Audience, Lane
from wakeel.flows import dispatch_outbox
from wakeel.store import outbox
from wakeel.store.models import Attempt, OutboxMessage, SenderSeat, SendingNumber
from wakeel.whatsapp.answers import Accepted, Outcome
from wakeel.worker import dispatching
from wakeel.worker.database import DatabaseThread
from wakeel.worker.dispatching import Dispatcher

Json = Mapping[str, Any]
FAST = 1000


class Meta:
    """Takes everything; may be told to answer late."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.answers = asyncio.Event()
        self.answers.set()

    async def send(self, phone_number_id: str, body: Json, *, attempt_id: str) -> Outcome:
        self.posted.append(attempt_id)
        await self.answers.wait()
        return Accepted(Wamid(f"wamid.{attempt_id}"), "accepted", 200)


def queue(many: int) -> None:
    """One answer to each of so many operators, due now."""
    firm = rows.firm()
    SendingNumber.objects.update(throughput_mps=FAST)
    for n in range(many):
        operator = rows.operator(
            firm, f"م{n}", wa_id=f"96652{n:07d}", bsuid=f"SA.d{n}", last_inbound_at=clock.now() - rows.MINUTE
        )
        outbox.enqueue(
            business_id=firm.business.id, number_id=firm.number.pk, audience=Audience.OPERATOR,
            address=f"+{operator.wa_id}", operator=operator, lane=Lane.ANSWER, category=Category.SERVICE,
            body={"type": "text", "to": f"+{operator.wa_id}", "text": {"body": "أهلًا"}}, request_key=f"d{n}",
            due_at=clock.now(), now=clock.now(),
        )  # fmt: skip


def states() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("state", flat=True))


def outcomes() -> list[str]:
    return list(Attempt.objects.order_by("id").values_list("outcome", flat=True))


@pytest.fixture
async def rows_of(transactional_db: None) -> AsyncIterator[DatabaseThread]:
    """A thread of ours that looks at the rows, with a connection that is closed afterwards."""
    thread = DatabaseThread()
    yield thread
    await thread.close()


async def dispatch(meta: Meta, until: Callable[[], bool], *, rows_of: DatabaseThread) -> None:
    """Run one worker's dispatcher until that is so, then stop it."""
    stop, database = asyncio.Event(), DatabaseThread()
    running = asyncio.create_task(Dispatcher(meta, database).run(stop))  # type: ignore[arg-type]
    async with asyncio.timeout(30):
        while not await rows_of.run(patiently, until):
            assert not running.done() or running.result() is None
            await asyncio.sleep(0.02)
        stop.set()
        await running
    await database.close()


async def test_everything_leaves_once_and_what_lands_together_is_written_down_together(
    rows_of: DatabaseThread, monkeypatch: pytest.MonkeyPatch
):
    batches: set[tuple[str, ...]] = set()
    record_all = dispatch_outbox.record_all

    def counted(landed: Sequence[tuple[str, Outcome]], **given: Any) -> None:
        # Not a list: a batch that met the lock of this test's own reads is written down again.
        batches.add(tuple(attempt_id for attempt_id, _ in landed))
        record_all(landed, **given)

    monkeypatch.setattr(dispatch_outbox, "record_all", counted)
    await rows_of.run(queue, 40)
    meta = Meta()
    await dispatch(meta, lambda: set(states()) == {"accepted"}, rows_of=rows_of)
    assert len(meta.posted) == len(set(meta.posted)) == sum(map(len, batches)) == 40
    assert len(batches) < 20
    assert await rows_of.run(lambda: set(outcomes())) == {"accepted"}
    kept = SenderSeat.objects.filter(lease_until__gt=clock.real_now())
    assert await rows_of.run(kept.exists) is False, "another worker need not wait"


async def test_a_worker_that_stood_still_between_claim_and_request_posts_nothing_of_it(
    rows_of: DatabaseThread, monkeypatch: pytest.MonkeyPatch
):
    """Half the lease is over when it goes on: it goes back to the queue, and leaves by another attempt."""
    stood_still = [0.0]
    boottime, recalled = clock.boottime, dispatch_outbox.recalled

    def stand_still(claimed: Any) -> set[str]:
        stood_still[0] = LEASE.total_seconds() / 2 + 1
        return recalled(claimed)

    monkeypatch.setattr(clock, "boottime", lambda: boottime() + stood_still[0])
    monkeypatch.setattr(dispatch_outbox, "recalled", stand_still)
    await rows_of.run(queue, 1)
    meta = Meta()
    await dispatch(meta, lambda: states() == ["accepted"], rows_of=rows_of)
    assert await rows_of.run(outcomes) == ["not_sent", "accepted"]
    assert len(meta.posted) == 1


async def test_told_to_stop_it_waits_for_answers_and_calls_the_others_unknown(
    rows_of: DatabaseThread, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dispatching, "STOP_WITHIN_S", 0.2)
    await rows_of.run(queue, 3)
    meta = Meta()
    meta.answers.clear()
    await dispatch(meta, lambda: states() == ["sending"] * 3, rows_of=rows_of)
    assert await rows_of.run(states) == ["unknown"] * 3
    assert await rows_of.run(lambda: set(Attempt.objects.values_list("details", flat=True))) == {"stopped"}


async def test_what_is_long_in_the_air_keeps_its_lease(rows_of: DatabaseThread, monkeypatch: pytest.MonkeyPatch):
    """Nobody takes it for the work of a dead worker, however long the answer takes."""
    monkeypatch.setattr(dispatching, "RENEW_S", 0.05)
    await rows_of.run(queue, 1)
    meta, first = Meta(), list[Any]()

    def renewed() -> bool:
        until = OutboxMessage.objects.get().lease_until
        if until is not None and not first:
            first.append(until)
        return bool(first) and until is not None and until > first[0]

    meta.answers.clear()
    asyncio.get_running_loop().call_later(1, meta.answers.set)
    await dispatch(meta, renewed, rows_of=rows_of)
    assert await rows_of.run(states) == ["accepted"]
