"""Webhooks put into the inbox and carried out together, as the worker does it, or one item after the other."""

import hashlib
import itertools
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain import inbox_notes
from wakeel.flows.forget_late_news import forget_late_news
from wakeel.flows.inbox_batch import unfold
from wakeel.flows.route_batch import Paces, RouteBatch
from wakeel.flows.route_item import route_item
from wakeel.store import businesses, inbox, raw_bodies
from wakeel.store.models import InboxRow
from wakeel.whatsapp.webhook import decode

Json = dict[str, Any]
_numbers = itertools.count(1)


def put(stage: Stage, *values: Json, number: str = rows.NUMBER_ID) -> InboxRow:
    """One POST with these values, stored and not carried out. Every one is another, also with the same values."""
    changes = [
        {
            "field": "messages",
            "value": {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, **value},
        }
        for value in values
    ]
    entry = {"id": rows.WABA_ID, "changes": changes, "n": next(_numbers)}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    return InboxRow.objects.create(digest=hashlib.sha256(body).digest(), body=body, received_at=stage.now)


def status(stage: Stage, wamid: str, word: str, *, code: int | None = None, **fields: Any) -> Json:
    item = {"id": wamid, "status": word, "timestamp": stamp(stage.now), "recipient_id": "966509722233", **fields}
    if code is not None:
        item["errors"] = [{"code": code, "title": "x", "error_data": {"details": "y"}}]
    return {"statuses": [item]}


def text(stage: Stage, words: str, *, by: str, wamid: str, name: str = "مريم", **fields: Any) -> Json:
    """by: digits."""
    message = {"from": by, "id": wamid, "timestamp": stamp(stage.now), "type": "text", "text": {"body": words}}
    return {"contacts": [{"profile": {"name": name}, "wa_id": by}], "messages": [{**message, **fields}]}


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))


def batch_of_waiting(stage: Stage, blocked: dict[str, datetime] | None = None) -> RouteBatch:
    waiting = inbox.take(real_now=stage.now, limit=500)
    return RouteBatch(unfold(waiting), blocked=blocked or {}, paces=Paces())


def carry_out(stage: Stage, blocked: dict[str, datetime] | None = None) -> dict[str, datetime]:
    """Everything that waits, in one batch; what has to wait longer, by address."""
    batch = batch_of_waiting(stage, blocked)
    while batch.quiet_step(now=stage.now):
        pass
    for queue in batch.queues():
        while batch.step(queue, now=stage.now):
            pass
    return batch.end()


def carry_out_one_by_one(stage: Stage) -> None:
    """The oracle: no batch, no grouping, one item after the other in the order of arrival."""
    for row in InboxRow.objects.filter(state="received").order_by("id"):
        late: list[Any] = []
        with transaction.atomic():
            found = [
                route_item(
                    event, businesses.route(event.phone_number_id, event.waba_id), late=late, may_wait=False,
                    last_try=True, now=stage.now,
                )
                for event in decode(raw_bodies.opened(row))
            ]  # fmt: skip
            notes = [note for note in found if note is not None]
            forget_late_news(row.pk, late)
            inbox.finish(row.pk, errors=notes, quarantined=inbox_notes.is_quarantined(notes), real_now=stage.now)
