"""What `sent`, `delivered` and `read` cost: three of them follow every message."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests import rows
from wakeel.domain.consent import Category
from wakeel.domain.outbox import Audience, Lane
from wakeel.domain.statuses import MessageStatus
from wakeel.store import outbox, status_batches
from wakeel.store.models import OutboxMessage
from wakeel.store.status_batches import Known

pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> OutboxMessage:
    """Accepted by WhatsApp, by its first attempt."""
    firm = rows.firm()
    operator = rows.operator(firm)
    made = outbox.enqueue(
        business_id=firm.business.id, number_id=firm.number.pk, audience=Audience.OPERATOR, address="+966500000001",
        operator=operator, lane=Lane.ANSWER, body={"type": "text", "text": {"body": "نعم"}}, category=Category.SERVICE,
        request_key="k1", due_at=rows.T0, now=rows.T0, state="accepted", status="accepted", fence=1, wamid="wamid.A",
    )  # fmt: skip
    assert made is not None
    return made


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes an index only if its column changed")
def test_a_tick_touches_no_index(message: OutboxMessage):
    """An index that names the status, or a time that a tick moves, makes each tick five times as dear."""
    for status in (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ):
        before = in_place()
        status_batches.raise_all({Known("att_1", message.id, 1): status})
        assert in_place() == before + 1, status
    message.refresh_from_db()
    assert message.status == "read"


def in_place() -> int:
    """Rows of the outbox that this transaction wrote anew on their own page, without their indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('outbox'::regclass)")
        return int(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has neither")
def test_pages_keep_room_and_ids_have_one_index_only():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'outbox'")
        assert cursor.fetchone() == (["fillfactor=70"],)
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename IN ('outbox', 'attempt')")
        assert not [name for (name,) in cursor.fetchall() if name.endswith("_like")]


def test_what_had_failed_before_the_upgrade_stays_on_the_desk(message: OutboxMessage):
    """The desk finds a failed status by when it came, which older versions did not keep."""
    OutboxMessage.objects.update(status="failed", failed_at=None)
    import_module("wakeel.store.migrations.0005_ticks_in_place").remember_failures(apps, None)
    assert OutboxMessage.objects.get().failed_at == message.updated_at
