"""Webhook bodies as Meta builds them. Source: Meta, "messages webhook" and "BSUID", v25, read 2026-11-22."""

import json
from dataclasses import dataclass
from typing import Any

from wakeel.simulator.errors import title
from wakeel.simulator.world import Message, Phone, StatusEvent

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """The business number that every webhook names."""

    waba_id: str
    phone_number_id: str
    display_phone: str


def serialise(body: Json) -> bytes:
    """The bytes that are signed: compact, with non-ASCII escaped in lower-case hex, as Meta sends them."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def inbound(sender: Sender, phone: Phone, message: Message, content: Json, *, context: Json | None) -> Json:
    """A message the owner of a phone wrote or tapped. content: the `type` of the message and its part."""
    row: Json = {} if context is None else {"context": context}
    if not phone.persona.hide_phone:
        row["from"] = phone.wa_id
    row |= {"from_user_id": phone.bsuid, "id": message.wamid, "timestamp": str(int(message.at))}
    return _envelope(sender, {"contacts": [_contact(phone, named=True)], "messages": [row | content]})


def status(sender: Sender, phone: Phone, message: Message, event: StatusEvent) -> Json:
    """One status of a message to a phone we know. `failed` has no contacts."""
    if event.status == "failed":
        recipient = {"recipient_user_id": phone.bsuid} if message.by_bsuid else {"recipient_id": phone.wa_id}
        return failed(sender, message, event, recipient=recipient)
    row: Json = {"id": message.wamid, "status": event.status, "timestamp": str(int(event.at))}
    if _phone_is_shown(phone, message):
        row["recipient_id"] = phone.wa_id
    row["recipient_user_id"] = phone.bsuid
    row |= _echo(message) | _pricing(event)
    # The username is never on `sent`, only on delivered and read (Meta, "BSUID").
    contact = _contact(phone, named=event.status != "sent")
    if _phone_is_shown(phone, message):
        contact["wa_id"] = phone.wa_id
    return _envelope(sender, {"contacts": [contact], "statuses": [row]})


def failed(sender: Sender, message: Message, event: StatusEvent, *, recipient: Json) -> Json:
    """A failed status. recipient: `recipient_id` or `recipient_user_id`, whichever the request was addressed by."""
    code = event.code or 131000
    error = {"code": code, "title": title(code), "message": title(code)}
    error |= {
        "error_data": {"details": title(code)},
        "href": "/documentation/business-messaging/whatsapp/support/error-codes",
    }
    row = {"id": message.wamid, "status": "failed", "timestamp": str(int(event.at))}
    return _envelope(sender, {"statuses": [row | recipient | _echo(message) | {"errors": [error]}]})


def management(sender: Sender, field: str, value: Json, *, at: int) -> Json:
    """News of the account, its numbers or templates; only these carry the time in the entry."""
    entry = {"id": sender.waba_id, "time": at, "changes": [{"value": value, "field": field}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _envelope(sender: Sender, parts: Json) -> Json:
    metadata = {"display_phone_number": sender.display_phone, "phone_number_id": sender.phone_number_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata} | parts
    change = {"value": value, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": sender.waba_id, "changes": [change]}]}


def _contact(phone: Phone, *, named: bool) -> Json:
    profile = {"name": phone.persona.name}
    if phone.persona.hide_phone:
        if named and phone.persona.username:
            profile["username"] = phone.persona.username
        return {"profile": profile, "user_id": phone.bsuid}
    return {"profile": profile, "wa_id": phone.wa_id, "user_id": phone.bsuid}


def _phone_is_shown(phone: Phone, message: Message) -> bool:
    """wa_id is always there when the request was addressed by phone, else only if the person shows it."""
    return not (message.by_bsuid and phone.persona.hide_phone)


def _echo(message: Message) -> Json:
    return {} if message.callback is None else {"biz_opaque_callback_data": message.callback}


def _pricing(event: StatusEvent) -> Json:
    """On `sent` and on exactly one of delivered and read; inside the window free text is free."""
    if event.status not in {"sent", "delivered"}:
        return {}
    pricing = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    return {"pricing": pricing}
