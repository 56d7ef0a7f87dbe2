"""Changes note themselves, whichever statement makes them, on whichever database the suite runs on."""

import pytest
from django.db import connection

from tests import rows
from wakeel.domain.consent import Category
from wakeel.domain.outbox import Audience, Lane
from wakeel.domain.statuses import MessageStatus
from wakeel.store import live_triggers, outbox, status_batches
from wakeel.store.models import Business, Contact, LiveEvent, Opportunity, OutboxMessage, StopSwitch
from wakeel.store.status_batches import Known

pytestmark = pytest.mark.django_db


class Heard:
    """What was noted since it was asked last, as `noun subject news`."""

    def __init__(self) -> None:
        self._last = 0
        self.again()

    def again(self) -> list[str]:
        found = list(LiveEvent.objects.filter(pk__gt=self._last).order_by("pk"))
        self._last = found[-1].pk if found else self._last
        return [f"{event.noun} {event.subject} {event.news}" for event in found]


def to_contact(firm: rows.Firm, contact: Contact, *, key: str) -> OutboxMessage:
    made = outbox.enqueue(
        business_id=firm.business.id, number_id=firm.number.pk, audience=Audience.CONTACT, address="+966500000001",
        contact=contact, lane=Lane.CONTACT, body={"type": "text", "text": {"body": "أهلًا"}}, digest="0" * 64,
        category=Category.MARKETING, request_key=key, due_at=rows.T0, now=rows.T0, state="accepted", status="accepted",
        fence=1, wamid=f"wamid.{key}",
    )  # fmt: skip
    assert made is not None
    return made


def test_every_trigger_is_there_after_all_migrations():
    """Django remakes a table on SQLite to alter it, and forgets its triggers."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        found = {name for (name,) in cursor.fetchall() if name.startswith("live_")}
    assert found == live_triggers.names()


def test_what_comes_to_wait_is_told_from_what_moves():
    firm = rows.firm()
    contact = rows.contact(firm)
    heard = Heard()
    deal = Opportunity.objects.create(
        business=firm.business, external_key="1", contact=contact, title="تجديد", created_at=rows.T0, updated_at=rows.T0
    )
    assert heard.again() == [f"opportunity {deal.id} came"]
    for state, news in (("presented", "moved"), ("snoozed", "moved"), ("presented", "came")):
        Opportunity.objects.filter(pk=deal.pk).update(state=state)
        assert heard.again() == [f"opportunity {deal.id} {news}"]
    Opportunity.objects.filter(pk=deal.pk).update(state="presented", summary="لا خبر في هذا")
    assert heard.again() == []


def test_many_rows_of_one_statement_are_all_noted():
    """As the worker writes them: statuses of a batch in one statement, and those that change nothing change nothing."""
    firm = rows.firm()
    person = rows.contact(firm)
    sent = [to_contact(firm, person, key=str(n)) for n in range(3)]
    heard = Heard()
    news = {Known(f"att_{n}", row.id, 1): MessageStatus.DELIVERED for n, row in enumerate(sent)}
    status_batches.raise_all(news)
    assert sorted(heard.again()) == sorted(f"message {row.id} moved" for row in sent)
    status_batches.raise_all(news)
    assert heard.again() == []


def test_a_card_to_an_operator_is_no_news():
    """Nine of ten rows of the outbox may be such; no page shows them by themselves."""
    firm = rows.firm()
    heard = Heard()
    outbox.enqueue(
        business_id=firm.business.id, number_id=firm.number.pk, audience=Audience.OPERATOR, address="+966500000001",
        operator=rows.operator(firm), lane=Lane.CARD, body={}, category=Category.SERVICE, request_key="k",
        due_at=rows.T0, now=rows.T0,
    )  # fmt: skip
    assert heard.again() == []


@pytest.mark.parametrize("scope", ["global", "business", "number"])
def test_a_stop_is_told_to_every_business_that_it_stops(scope: str):
    firm = rows.firm()
    other = Business.objects.create(name="أخرى", created_at=rows.T0)
    heard = Heard()
    target = {"global": "", "business": firm.business.id, "number": firm.number.pk}[scope]
    switch = StopSwitch.objects.create(scope=scope, target=target, pressed_by="x", pressed_at=rows.T0)
    first = list(LiveEvent.objects.order_by("pk").values_list("business_id", flat=True))[-2:]
    told = {firm.business.id, other.id} if scope == "global" else {firm.business.id}
    assert heard.again() == ["stop  moved"] * len(told)
    assert told <= set(first)
    switch.delete()
    assert heard.again() == ["stop  moved"] * len(told)
