"""One piece of news has one effect: told twice at the same moment, in two different bodies, or again six days later.

Unique keys of the database decide, never a memory; two real connections try at once, on both databases.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from tests import rows
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage
from tests.flows.test_withdrawal_race import at_once, patiently
from wakeel.store.models import (
    Card,
    ConsentEventRow,
    Contact,
    ContactAlias,
    Draft,
    InboundMessage,
    InboxRow,
    OutboxMessage,
    StatusEvent,
)

Json = dict[str, Any]
NOISE: tuple[str, Json] = ("calls", {"calls": [{"id": "wacid.1"}]})
"""Something of a kind that is only kept: it makes another body of the same news."""
COUNTED = (InboundMessage, StatusEvent, ConsentEventRow, Contact, ContactAlias, OutboxMessage, Card, Draft)


def text(stage: Stage) -> tuple[str, Json]:
    return _message(stage, stage.sender_of(_contact(stage)), {"type": "text", "text": {"body": "متى الموعد؟"}})


def first_words(stage: Stage) -> tuple[str, Json]:
    """Of somebody we do not know: one person is made."""
    sender = {"from": "966505550088", "from_user_id": "SA.new"}
    return _message(stage, sender, {"type": "text", "text": {"body": "السلام عليكم"}})


def stop(stage: Stage) -> tuple[str, Json]:
    sender = stage.sender_of(_contact(stage))
    return _message(stage, sender, {"type": "text", "text": {"body": "إيقاف"}})


def tap(stage: Stage) -> tuple[str, Json]:
    opportunity = stage.person()
    stage.show_cards()
    button_id = f"opp:{opportunity.id}:accept"
    reply = {"type": "button_reply", "button_reply": {"id": button_id, "title": "قبول"}}
    context = {"from": "966110000001", "id": stage.showing_of(button_id)}
    return _message(
        stage, stage.sender_of(stage.operator), {"context": context, "type": "interactive", "interactive": reply}
    )


def status(stage: Stage) -> tuple[str, Json]:
    news = {"status": "delivered", "timestamp": _stamp(stage), "recipient_id": "966509722233"}
    return "messages", {"statuses": [{"id": stage.sent().wamid} | news]}


def failure(stage: Stage) -> tuple[str, Json]:
    """131050: told to the operator, and a withdrawal."""
    news = {"status": "failed", "timestamp": _stamp(stage), "recipient_id": "966509722233"}
    return "messages", {"statuses": [{"id": stage.sent().wamid, "errors": [{"code": 131050, "title": "x"}]} | news]}


def preference(stage: Stage) -> tuple[str, Json]:
    who = {"wa_id": stage.sender_of(_contact(stage))["from"]}
    news = who | {"category": "marketing_messages", "value": "stop", "timestamp": int(_stamp(stage))}
    return "user_preferences", {"contacts": [who], "user_preferences": [news]}


def number_change(stage: Stage) -> tuple[str, Json]:
    """Of somebody who has a consent to carry and wrote from the new number before the notice came."""
    contact = _contact(stage)
    stage.says("هذا رقمي الجديد", sender={"from": "966505550099", "from_user_id": "SA.after"}, by=Contact(name="مريم"))
    system = {"type": "user_changed_number", "body": "x", "wa_id": "966505550099", "user_id": "SA.after"}
    return _message(stage, stage.sender_of(contact), {"type": "system", "system": system})


KINDS = (text, first_words, stop, tap, status, failure, preference, number_change)


def _contact(stage: Stage) -> Contact:
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    return contact


def _stamp(stage: Stage) -> str:
    return str(int(stage.now.timestamp()))


def _message(stage: Stage, sender: Json, content: Json) -> tuple[str, Json]:
    return "messages", {"messages": [sender | {"id": "wamid.ONCE", "timestamp": _stamp(stage)} | content]}


def body_of(*items: tuple[str, Json]) -> bytes:
    ours = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": rows.NUMBER_ID}}
    entries = [{"id": rows.WABA_ID, "changes": [{"field": kind, "value": ours | value}]} for kind, value in items]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def kept(stage: Stage, *items: tuple[str, Json]) -> InboxRow:
    body = body_of(*items)
    row, _ = InboxRow.objects.get_or_create(
        digest=hashlib.sha256(body).digest(), defaults={"body": body, "received_at": stage.now}
    )
    return row


def carried_out(stage: Stage, row: InboxRow) -> None:
    """As the worker does it: a row that met a fault of the database is taken up again."""
    for _ in range(500):
        if patiently(lambda: route_inbound(row.id, now=stage.now)):
            return
        if patiently(lambda: InboxRow.objects.get(pk=row.pk)).state != "received":  # type: ignore[attr-defined]
            return
        patiently(lambda: InboxRow.objects.filter(pk=row.pk).update(next_try_at=None))
        threading.Event().wait(0.01)
    raise AssertionError("never carried out")


def effects() -> dict[str, int]:
    counted = {model.__name__: model.objects.count() for model in COUNTED}
    statuses = OutboxMessage.objects.exclude(status=None).values_list("status", flat=True)
    return counted | {"statuses": hash(tuple(sorted(filter(None, statuses))))}


every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@every_kind
def test_the_same_news_six_days_later_changes_nothing(stage: Stage, kind: Callable[[Stage], tuple[str, Json]]):
    """Also when the raw body was deleted in the meantime, and in the company of other news."""
    news = kind(stage)
    carried_out(stage, kept(stage, news))
    once = effects()
    stage.wait(days=6)
    InboxRow.objects.all().delete()
    carried_out(stage, kept(stage, news))
    carried_out(stage, kept(stage, NOISE, news))
    assert effects() == once
    assert set(InboxRow.objects.values_list("state", flat=True)) == {"done"}


@every_kind
def test_twice_in_one_body_is_once(stage: Stage, kind: Callable[[Stage], tuple[str, Json]]):
    with transaction.atomic():
        carried_out(stage, kept(stage, kind(stage)))
        once = effects()
        transaction.set_rollback(True)
    news = kind(stage)
    carried_out(stage, kept(stage, news, news))
    assert effects() == once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "bodies"), [*((kind, "two bodies") for kind in KINDS), (tap, "one body"), (stop, "one body")],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)  # fmt: skip
def test_two_workers_at_the_same_moment_make_one_effect(
    stage: Stage, kind: Callable[[Stage], tuple[str, Json]], bodies: str
):
    with transaction.atomic():
        carried_out(stage, kept(stage, kind(stage)))
        once = effects()
        transaction.set_rollback(True)
    with transaction.atomic():
        news = kind(stage)
        found = [kept(stage, news), kept(stage, news) if bodies == "one body" else kept(stage, NOISE, news)]
    at_once(*(lambda row=row: carried_out(stage, row) for row in found))
    assert effects() == once
    assert set(InboxRow.objects.values_list("state", flat=True)) == {"done"}
