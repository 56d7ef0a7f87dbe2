"""Webhook bodies as Meta builds them. Source: Meta, "messages webhook", "Status messages" and "BSUID", v25, read
2026-11-22.
"""

import json
from dataclasses import dataclass
from typing import Any

from wakeel.simulator.errors import title
from wakeel.simulator.world import Message, Phone, StatusEvent

Json = dict[str, Any]

HREF = "/documentation/business-messaging/whatsapp/support/error-codes"
WITH_ERRORS = frozenset({"failed", "warning"})


@dataclass(frozen=True, slots=True)
class Sender:
    """The business number that every webhook names. checks_identity: it asked for people's identity key hashes."""

    waba_id: str
    phone_number_id: str
    display_phone: str
    checks_identity: bool = False


def serialise(body: Json) -> bytes:
    """The bytes that are signed: compact, with non-ASCII escaped in lower-case hex, as Meta sends them."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def inbound(sender: Sender, phone: Phone, message: Message, content: Json, *, context: Json | None) -> Json:
    """A message of the owner of a phone. content: the `type` of the message and its part."""
    row: Json = {} if context is None else {"context": context}
    if not phone.persona.hide_phone:
        row["from"] = phone.wa_id
    row |= {"from_user_id": phone.bsuid, "id": message.wamid, "timestamp": str(int(message.at))}
    contact = _contact(phone, named=True)
    if sender.checks_identity:
        contact["identity_key_hash"] = phone.identity_hash
    return messages(sender, {"contacts": [contact], "messages": [row | content]})


def status(sender: Sender, phone: Phone, message: Message, event: StatusEvent) -> Json:
    """One status of a message to a phone we know. `failed` has no contacts."""
    if event.status == "failed":
        recipient = {"recipient_user_id": phone.bsuid} if message.by_bsuid else {"recipient_id": phone.wa_id}
        return failed(sender, message, event, recipient=recipient)
    row: Json = {"id": message.wamid, "status": event.status, "timestamp": str(int(event.at))}
    if _phone_is_shown(phone, message):
        row["recipient_id"] = phone.wa_id
    row |= {"recipient_user_id": phone.bsuid} | _echo(message) | event.costs
    if event.status in WITH_ERRORS:
        row["errors"] = [error(event.code or 131000, details=event.details)]
    # The username is never on `sent`, only on delivered and read (Meta, "BSUID").
    contact = _contact(phone, named=event.status != "sent")
    if _phone_is_shown(phone, message):
        contact["wa_id"] = phone.wa_id
    return messages(sender, {"contacts": [contact], "statuses": [row]})


def failed(sender: Sender, message: Message, event: StatusEvent, *, recipient: Json) -> Json:
    """A failed status. recipient: `recipient_id` or `recipient_user_id`, whichever the request was addressed by."""
    row = {"id": message.wamid, "status": "failed", "timestamp": str(int(event.at))}
    errors = [error(event.code or 131000, details=event.details)]
    return messages(sender, {"statuses": [row | recipient | _echo(message) | {"errors": errors}]})


def error(code: int, *, details: str = "") -> Json:
    """An error as webhooks carry it. details: the code's title without them."""
    text = title(code)
    return {
        "code": code,
        "title": text,
        "message": text,
        "error_data": {"details": details or text},
        "href": HREF,
    }


def system(sender: Sender, row: Json) -> Json:
    """News of a person that Meta tells by itself, without `contacts`. row: one of `messages`."""
    return messages(sender, {"messages": [row]})


def preference(sender: Sender, phone: Phone, *, value: str, detail: str, at: int) -> Json:
    """A person stopped or resumed marketing messages. at: Unix seconds, a number here."""
    row: Json = {} if phone.persona.hide_phone else {"wa_id": phone.wa_id}
    row |= {"user_id": phone.bsuid, "category": "marketing_messages", "value": value, "detail": detail, "timestamp": at}
    value_ = _heading(sender) | {"contacts": [_contact(phone, named=True)], "user_preferences": [row]}
    return management(sender, "user_preferences", value_, at=at)


def echo(sender: Sender, phone: Phone, message: Message, content: Json) -> Json:
    """What somebody of the business typed in the WhatsApp Business app on the same number."""
    row: Json = {"from": sender.display_phone}
    row |= {"to_user_id": phone.bsuid} if phone.persona.hide_phone else {"to": phone.wa_id}
    row |= {"id": message.wamid, "timestamp": str(int(message.at))} | content
    value = _heading(sender) | {"contacts": [_contact(phone, named=True)], "message_echoes": [row]}
    return management(sender, "smb_message_echoes", value, at=int(message.at))


def app_state(sender: Sender, rows: list[Json], *, at: int) -> Json:
    """Changes of the contact book in the WhatsApp Business app on the same number."""
    return management(sender, "smb_app_state_sync", _heading(sender) | {"state_sync": rows}, at=at)


def account_errors(sender: Sender, errors: list[Json]) -> Json:
    """Errors of the number or the account that belong to no message."""
    return messages(sender, {"errors": errors})


def management(sender: Sender, field: str, value: Json, *, at: int) -> Json:
    """News of the account, its numbers or templates; only these carry the time in the entry."""
    entry = {"id": sender.waba_id, "time": at, "changes": [{"value": value, "field": field}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def messages(sender: Sender, parts: Json) -> Json:
    """A change of the field `messages`. parts: its contacts, messages, statuses or errors."""
    change = {"value": _heading(sender) | parts, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": sender.waba_id, "changes": [change]}]}


def _heading(sender: Sender) -> Json:
    metadata = {"display_phone_number": sender.display_phone, "phone_number_id": sender.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _contact(phone: Phone, *, named: bool) -> Json:
    """named: with the username, if the person has one."""
    profile = {"name": phone.persona.name}
    if named and phone.persona.username:
        profile["username"] = phone.persona.username
    if phone.persona.hide_phone:
        return {"profile": profile, "user_id": phone.bsuid}
    return {"profile": profile, "wa_id": phone.wa_id, "user_id": phone.bsuid}


def _phone_is_shown(phone: Phone, message: Message) -> bool:
    """wa_id is always there when the request was addressed by phone, else only if the person shows it."""
    return not (message.by_bsuid and phone.persona.hide_phone)


def _echo(message: Message) -> Json:
    return {} if message.callback is None else {"biz_opaque_callback_data": message.callback}
