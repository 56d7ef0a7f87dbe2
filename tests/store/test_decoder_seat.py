"""One worker decodes at a time; another one takes over when its connection is gone."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from wakeel.store.decoder_seat import DecoderSeat

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_seat_is_one_workers_until_its_connection_is_gone():
    ours, theirs = DecoderSeat(), DecoderSeat()
    assert ours.take()
    assert ours.take()
    with ThreadPoolExecutor(1) as other:
        assert other.submit(theirs.take).result() is (connection.vendor == "sqlite")
        connection.close()
        other.submit(_take_once_free, theirs).result()
        assert ours.take() is (connection.vendor == "sqlite")
        other.submit(connections.close_all).result()
    _take_once_free(ours)
    connection.close()


def test_a_worker_whose_connection_the_server_dropped_no_longer_has_the_seat():
    """It learns so before it takes a batch: its next statement would quietly go over a new connection."""
    if connection.vendor != "postgresql":
        pytest.skip("the seat is a lock of the server")
    ours, theirs = DecoderSeat(), DecoderSeat()
    assert ours.take()
    assert ours.is_new
    assert ours.take()
    assert not ours.is_new
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with ThreadPoolExecutor(1) as other:
        other.submit(_drop, pid).result()
        assert other.submit(theirs.take).result()
        # As before every call on the worker's database thread.
        connection.health_check_enabled, connection.health_check_done = True, False
        assert not ours.take()
        other.submit(connections.close_all).result()
    _take_once_free(ours)
    assert ours.is_new
    connection.close()


def _take_once_free(seat: DecoderSeat) -> None:
    """A server learns a moment later that a connection was closed."""
    end = time.monotonic() + 10
    while not seat.take():
        assert time.monotonic() < end, "the seat stayed taken"
        time.sleep(0.01)


def _drop(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
