"""Who sends for a number: one worker at a time, the next one when the lease is over, and never both."""

from datetime import timedelta

import pytest
from django.db import connection

from tests import rows
from tests.deployment import ON_POSTGRESQL
from wakeel.domain.outbox import SEAT_LEASE
from wakeel.store.models import SenderSeat
from wakeel.store.sender_seat import SenderSeats

pytestmark = pytest.mark.django_db


def test_the_seat_is_new_once_and_then_known():
    number, seats = rows.firm().number, SenderSeats("one")
    assert seats.take([number], real_now=rows.T0) == {number.pk: True}
    assert seats.take([number], real_now=rows.T0 + SEAT_LEASE / 2) == {number.pk: False}


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_a_worker_that_stood_still_for_longer_than_its_lease_has_lost_its_seat():
    """What it knew of tokens is worth nothing any more, so that it claims nothing; its successor begins anew."""
    number = rows.firm().number
    first, second = SenderSeats("first"), SenderSeats("second")
    first.take([number], real_now=rows.T0)
    assert second.take([number], real_now=rows.T0 + SEAT_LEASE - timedelta(seconds=1)) == {}
    assert second.take([number], real_now=rows.T0 + SEAT_LEASE) == {number.pk: True}
    assert first.take([number], real_now=rows.T0 + SEAT_LEASE) == {}
    assert SenderSeat.objects.get().fence == 2


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_each_renewal_moves_the_end_of_the_lease():
    number = rows.firm().number
    first, second = SenderSeats("first"), SenderSeats("second")
    for step in range(5):
        assert number.pk in first.take([number], real_now=rows.T0 + step * SEAT_LEASE / 2)
    assert second.take([number], real_now=rows.T0 + 2.9 * SEAT_LEASE) == {}


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_a_worker_that_ended_leaves_its_seat_at_once_and_comes_back_as_somebody_new():
    number = rows.firm().number
    first, second = SenderSeats("first"), SenderSeats("second")
    first.take([number], real_now=rows.T0)
    first.give_up()
    assert second.take([number], real_now=rows.T0) == {number.pk: True}
    assert first.take([number], real_now=rows.T0) == {}


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_a_seat_that_came_back_after_another_worker_had_it_and_ended_is_new():
    number = rows.firm().number
    first, second = SenderSeats("first"), SenderSeats("second")
    first.take([number], real_now=rows.T0)
    assert second.take([number], real_now=rows.T0 + SEAT_LEASE) == {number.pk: True}
    second.give_up()
    assert first.take([number], real_now=rows.T0 + SEAT_LEASE) == {number.pk: True}


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_two_numbers_have_two_seats():
    firm = rows.firm()
    other = rows.firm("بعد", phone_number_id="105500000000003", waba_id="215500000000002").number
    first, second = SenderSeats("first"), SenderSeats("second")
    first.take([firm.number], real_now=rows.T0)
    assert second.take([firm.number, other], real_now=rows.T0) == {other.pk: True}
    assert connection.vendor == "postgresql"
