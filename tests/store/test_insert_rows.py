"""Rows written together are the rows the ORM would have written."""

import pytest
from django.db import IntegrityError, models, transaction

from tests import rows
from wakeel.domain.consent import Category
from wakeel.domain.outbox import Audience, Lane
from wakeel.store import decisions, outbox
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Decision, InboundMessage, Operator, OutboxMessage

pytestmark = pytest.mark.django_db


def message(to: Operator, key: str) -> OutboxMessage:
    return outbox.made(
        business_id=to.business_id, number_id=to.number_id, audience=Audience.OPERATOR, operator_id=to.id,
        address="+966500000001", lane=Lane.ANSWER, body={"type": "text", "text": {"body": "نعم"}},
        category=Category.UTILITY, request_key=key, due_at=rows.T0, now=rows.T0,
    )  # fmt: skip


def inbound(to: Operator, key: str) -> InboundMessage:
    return InboundMessage(
        business_id=to.business_id, wamid=key, operator=to, kind="text", text="نعم",
        content={"forwarded": True, "كلمات": [1, None]}, sent_at=rows.T0, recorded_at=rows.T0 + rows.HOUR,
    )  # fmt: skip


def decision(to: Operator, key: str) -> Decision:
    return decisions.made(
        to, action="skip", via="phone", tap_key=key, reply="skipped", carried_out=True, now=rows.T0,
    )  # fmt: skip


def columns(row: models.Model) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name not in {"_state", "id"}}


@pytest.mark.parametrize("make", [message, inbound, decision])
def test_a_row_reads_back_as_one_the_orm_wrote(make: object):
    operator = rows.operator(rows.firm())
    alike = [make(operator, "k1"), make(operator, "k2")]  # type: ignore[operator]
    model = type(alike[0])
    model.objects.bulk_create(alike)
    written = [columns(row) for row in model.objects.order_by("id")]
    model.objects.all().delete()
    again = [make(operator, "k1"), make(operator, "k2")]  # type: ignore[operator]
    assert insert_rows(again) == 2
    assert [columns(row) for row in model.objects.order_by("id")] == written
    assert insert_rows([]) == 0


def test_a_message_is_queued_once_by_its_key_and_its_neighbours_are_queued():
    operator = rows.operator(rows.firm())
    [first] = outbox.enqueue_all([message(operator, "k1")])
    again, second, third = (message(operator, key) for key in ("k1", "k2", "k3"))
    assert outbox.enqueue_all([again, second, third]) == [second, third]
    assert set(OutboxMessage.objects.values_list("pk", flat=True)) == {first.pk, second.pk, third.pk}
    assert outbox.enqueue_all([message(operator, "k2")]) == []


def test_what_the_database_objects_to_for_another_reason_is_no_repetition():
    operator = rows.operator(rows.firm())
    wrong = message(operator, "k1")
    wrong.audience = "nobody"
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.enqueue_all([wrong])
    decisions.record_all([decision(operator, "k1")])
    with pytest.raises(IntegrityError), transaction.atomic():
        decisions.record_all([decision(operator, "k2"), decision(operator, "k1")])
    assert Decision.objects.count() == 1
