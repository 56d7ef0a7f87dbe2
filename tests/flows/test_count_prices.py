"""Delivered messages by number, category and what they are charged as: each once, whatever order its news came in."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.flows.stage import Stage
from wakeel.flows.count_prices import count_some, month_of
from wakeel.store import prices
from wakeel.store.models import PriceCount, StatusEvent
from wakeel.store.screens import costs

ZONE = "Asia/Riyadh"


def priced(stage: Stage, wamid: str, status: str, *, category: str = "marketing", kind: str = "regular") -> None:
    price = {"billable": True, "pricing_model": "PMP", "type": kind, "category": category}
    item: dict[str, Any] = {"id": wamid, "status": status, "timestamp": str(int(stage.now.timestamp()))}
    stage.webhook({"statuses": [item | {"recipient_id": "966509722233", "pricing": price}]})


def count(stage: Stage) -> dict[tuple[str, str], int]:
    while count_some(zone=ZONE, now=stage.now):
        pass
    return {(row.category, row.pricing_type): row.messages for row in PriceCount.objects.all()}


def test_a_message_counts_once_when_it_is_delivered_not_when_it_is_sent(stage: Stage):
    wamid = stage.sent().wamid or ""
    priced(stage, wamid, "sent")
    stage.wait(minutes=2)
    assert count(stage) == {}
    priced(stage, wamid, "delivered")
    priced(stage, wamid, "delivered")
    priced(stage, wamid, "read")
    stage.wait(minutes=2)
    assert count(stage) == {("marketing", "regular"): 1}
    priced(stage, wamid, "read", kind="free_customer_service")
    stage.wait(minutes=2)
    assert count(stage) == {("marketing", "regular"): 1}
    page = costs.read(stage.firm.business.id, month=date(2026, 11, 1))
    assert (page.charged, page.free) == (1, 0)
    assert page.lines[0].phone == "966110000001"


def test_later_news_that_prices_it_again_is_not_counted_in_another_slice(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prices, "CHUNK", 1)
    wamid = stage.sent().wamid or ""
    priced(stage, wamid, "delivered", category="utility", kind="free_entry_point")
    priced(stage, wamid, "read", category="utility", kind="free_entry_point")
    stage.wait(minutes=2)
    assert count(stage) == {("utility", "free_entry_point"): 1}


def test_what_was_written_down_just_now_waits(stage: Stage):
    """On PostgreSQL a lower id may commit after a higher one, and an early status is still without its attempt."""
    priced(stage, stage.sent().wamid or "", "delivered")
    assert count(stage) == {}
    stage.wait(minutes=2)
    assert count(stage) == {("marketing", "regular"): 1}


def test_messages_of_nobody_here_are_not_counted(stage: Stage):
    priced(stage, "wamid.ANOTHER-PROGRAM", "delivered")
    stage.wait(minutes=2)
    assert StatusEvent.objects.count() == 1
    assert count(stage) == {}


def test_another_process_that_counted_first_wins(stage: Stage):
    priced(stage, stage.sent().wamid or "", "delivered")
    stage.wait(minutes=2)
    span = prices.next_span(before=stage.now)
    assert span is not None
    assert count(stage) == {("marketing", "regular"): 1}
    assert not prices.add(span, {})


def test_a_month_begins_by_the_business_clock():
    at = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
    assert (month_of(at, zone=ZONE), month_of(at, zone="UTC")) == (date(2026, 12, 1), date(2026, 11, 1))
