"""One worker decodes at a time; another one takes over when its connection is gone."""

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
        assert other.submit(theirs.take).result()
        assert ours.take() is (connection.vendor == "sqlite")
        other.submit(connections.close_all).result()
    assert ours.take()
    connection.close()
