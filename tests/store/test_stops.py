"""A stop switch takes hold at once, however many messages were ever sent: only the few that are meant are read."""

import pytest
from django.db import connection

from wakeel.domain.stop_switches import EVERYWHERE, Stop
from wakeel.store import prices, stops


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are")
@pytest.mark.parametrize(
    "stop", [Stop.of_business("biz"), Stop.of_number("105"), EVERYWHERE], ids=lambda stop: stop.scope.value
)
def test_pressing_and_releasing_read_the_small_indexes_only(db: None, stop: Stop):
    assert "outbox_due" in stops.covered(stop).filter(state="pending").explain()
    assert "outbox_leases" in stops.covered(stop).filter(state="sending").explain()
    assert "outbox_held" in stops.waiting(stop).explain()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are")
def test_counting_prices_looks_up_what_it_needs(db: None, django_assert_num_queries):
    span = prices.Span(after=10, last=20, is_full=False)
    with django_assert_num_queries(1) as asked:
        assert prices._counted_before(span, {("biz", "wamid.1")}) == []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[0]['sql']}")
        assert "wamid=?" in str(cursor.fetchall())
