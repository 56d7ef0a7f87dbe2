"""What a message holds besides its frame: its words and its content, by type. Field names: reference WA 3.4.

Words are never lost: a part that could hold them and cannot be read makes the message unreadable. What only adds to it
(a place, a picture's type) is left out instead.
"""

import json
from collections.abc import Iterator

import msgspec

from wakeel.domain.message_contents import (
    Content,
    Edit,
    FlowReply,
    Location,
    Media,
    Order,
    OrderLine,
    Product,
    Reaction,
    Referral,
    Revocation,
    SharedContacts,
    Unsupported,
)
from wakeel.whatsapp import wire
from wakeel.whatsapp.lenient_json import is_too_deep, repaired
from wakeel.whatsapp.outbound_status import reported_errors
from wakeel.whatsapp.reading import Unreadable, optional, read, readable, text_of, wamid_of

_ASKED_FOR = "contact_request"
_MEDIA = frozenset({"image", "video", "audio", "document", "sticker"})

Said = tuple[str | None, Content | None]
"""Words and content; None for none."""


def said_in(message: wire.Message, kind: str) -> Said:
    """What a message of this type says; (None, None) for a type we do not know. Raises Unreadable."""
    match kind:
        case "order":
            return _order(message.order)
        case "edit":
            return _edit(message.edit)
        case _ if kind in _MEDIA:
            return _media(getattr(message, kind))
        case _:
            return None, _wordless(message, kind)


def flow_reply(raw: msgspec.Raw) -> FlowReply | None:
    """A completed form; an answer that is no text stays as JSON, one that cannot be read is no answer."""
    form = optional(raw, wire.FormAnswer)
    if form is None:
        return None
    return FlowReply(name=form.name or "", answers=dict(_answers(form.response_json)))


def referral_of(raw: msgspec.Raw) -> Referral | None:
    """What the chat was started from; None for most."""
    found = optional(raw, wire.Referral)
    if found is None:
        return None
    return Referral(
        source_type=found.source_type,
        source_id=found.source_id or "",
        source_url=found.source_url or "",
        headline=found.headline or "",
        body=found.body or "",
        click_id=found.ctwa_clid or "",
    )


def product_of(raw: msgspec.Raw) -> Product | None:
    """What of a catalogue the message asks about; None for most."""
    found = optional(raw, wire.Product)
    if found is None:
        return None
    return Product(catalog_id=found.catalog_id or "", product_id=found.product_retailer_id or "")


def words_of(message: wire.Message, kind: str) -> str:
    """What somebody wrote, or put under a picture; '' for anything else. Raises Unreadable."""
    if kind == "text":
        return message.text.body if message.text else ""
    return said_in(message, kind)[0] or ""


def _media(raw: msgspec.Raw) -> Said:
    found = read(raw, wire.Media | None)  # type: ignore[arg-type]
    if found is None:
        return None, None
    media = Media(
        id=text_of(found.id),
        mime_type=text_of(found.mime_type),
        sha256=text_of(found.sha256),
        filename=text_of(found.filename),
        is_voice=found.voice is True,
    )
    return found.caption, media


def _order(raw: msgspec.Raw) -> Said:
    order = read(raw, wire.Order | None)  # type: ignore[arg-type]
    if order is None:
        return None, None
    lines = tuple(
        OrderLine(
            product_id=line.product_retailer_id,
            quantity=line.quantity,
            price="" if line.item_price is None else str(line.item_price),
            currency=line.currency or "",
        )
        for line in readable(order.product_items, wire.OrderItem)
    )
    return order.text or None, Order(catalog_id=text_of(order.catalog_id), lines=lines)


def _edit(raw: msgspec.Raw) -> Said:
    """The new words; under a picture they are its caption."""
    edit = read(raw, wire.Edit)
    if edit.message is None:
        raise Unreadable("type is edit, but there is no message in it")
    now = edit.message
    media = now.image or now.video or now.document
    words = now.text.body if now.text else media.caption if media else None
    return words, _edit_of(edit.original_message_id)


def _edit_of(original: str | None) -> Edit | None:
    try:
        return Edit(wamid=wamid_of(original)) if original else None
    except Unreadable:
        return None


def _wordless(message: wire.Message, kind: str) -> Content | None:
    match kind:
        case "location":
            return _location(message.location)
        case "contacts":
            return _shared(message.contacts)
        case "reaction":
            return _reaction(message.reaction)
        case "revoke":
            return _revocation(message.revoke)
        case "unsupported":
            return _unsupported(message)
        case _:
            return None


def _location(raw: msgspec.Raw) -> Location | None:
    found = optional(raw, wire.Location)
    if found is None:
        return None
    return Location(
        latitude=found.latitude, longitude=found.longitude, name=found.name or "", address=found.address or ""
    )


def _shared(raw: msgspec.Raw) -> SharedContacts:
    cards = list(readable(raw, wire.SharedCard))
    phones = [phone for card in cards for phone in card.phones or ()]
    return SharedContacts(
        phones=tuple(phone.phone for phone in phones if phone.phone),
        wa_ids=tuple(phone.wa_id for phone in phones if phone.wa_id),
        is_own=bool(cards) and all(card.origin == _ASKED_FOR for card in cards),
    )


def _reaction(raw: msgspec.Raw) -> Reaction | None:
    found = optional(raw, wire.Reaction)
    try:
        return Reaction(wamid=wamid_of(found.message_id), emoji=found.emoji or None) if found else None
    except Unreadable:
        return None


def _revocation(raw: msgspec.Raw) -> Revocation | None:
    found = optional(raw, wire.Revoke)
    try:
        return Revocation(wamid=wamid_of(found.original_message_id)) if found else None
    except Unreadable:
        return None


def _unsupported(message: wire.Message) -> Unsupported:
    kind = optional(message.unsupported, wire.UnsupportedKind)
    error = next(reported_errors(message.errors), None)
    return Unsupported(what=(kind and kind.type) or "", code=error.code if error else None)


def _answers(response_json: object) -> Iterator[tuple[str, str]]:
    """Fields of a form. Its JSON is a text within the JSON of the body, so nobody has looked into it before."""
    found = _taken_apart(response_json) if isinstance(response_json, str) else response_json
    if isinstance(found, dict):
        for name, value in found.items():
            yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _taken_apart(text: str) -> object:
    raw = text.encode()
    if is_too_deep(raw):
        return None
    try:
        return msgspec.json.decode(repaired(raw))
    except ValueError:
        return None
