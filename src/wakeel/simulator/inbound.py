"""What a person can send, as `messages[]` of a webhook has it: the `type` of a message and the part of that name.

Source: Meta, "messages webhook", v25, read 2026-11-22. Pure: files are named by an id that the caller has.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wakeel.simulator.wishes import Mistake, given, number, words

Json = dict[str, Any]

SAMPLES = Path(__file__).with_name("sample_files")
"""Small files made for this project: they show nobody and say nothing."""

CATALOG_ID = "194836987000001"
RIYADH = {"latitude": 24.7136, "longitude": 46.6753}
UNSUPPORTED = 131051


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a person who brought none of their own. sample: its name in the folder of samples."""

    type: str
    mime: str
    sample: str
    filename: str = ""

    def content(self) -> bytes:
        """A small file of the right kind."""
        return (SAMPLES / self.sample).read_bytes()


ATTACHMENTS = {
    "image": Attachment("image", "image/jpeg", "photo.jpg"),
    "video": Attachment("video", "video/mp4", "clip.mp4"),
    "audio": Attachment("audio", "audio/mpeg", "audio.mp3"),
    "voice": Attachment("audio", "audio/ogg; codecs=opus", "voice.ogg"),
    "document": Attachment("document", "application/pdf", "document.pdf", "قائمة الأسعار.pdf"),
    "sticker": Attachment("sticker", "image/webp", "sticker.webp"),
}
"""By the word of the bench; a voice note is an `audio` to Meta."""

CAPTIONED = frozenset({"image", "video", "document"})


def attached(kind: str, wish: Json, *, media: Json) -> Json:
    """A message with a file. kind: of ATTACHMENTS; media: its id, mime_type, sha256 and url. Raises Mistake."""
    known = ATTACHMENTS[kind]
    part = dict(media)
    if kind == "document":
        part["filename"] = words(wish, "filename", default=known.filename)
    if known.type == "audio":
        part["voice"] = kind == "voice"
    if kind == "sticker":
        part["animated"] = given(wish, "animated", bool, default=False)
    if kind in CAPTIONED and (caption := words(wish, "caption")):
        part["caption"] = caption
    return {"type": known.type, known.type: part}


def said(kind: str, wish: Json) -> Json:
    """A message without a file. Raises Mistake, also for a type that carries nothing and names no `content`."""
    if make := SAID.get(kind):
        return make(wish)
    content = given(wish, "content", dict)
    return {"type": kind, kind: content}


def _text(wish: Json) -> Json:
    return {"type": "text", "text": {"body": given(wish, "text", str)}}


def _location(wish: Json) -> Json:
    part: Json = {name: number(wish, name, default=at) for name, at in RIYADH.items()}
    part |= {name: text for name in ("name", "address", "url") if (text := words(wish, name))}
    return {"type": "location", "location": part}


def _contacts(wish: Json) -> Json:
    """Cards shared by hand: what stands on them proves nothing about who sent them."""
    cards = given(wish, "contacts", list, default=[wish])
    if not cards or not all(isinstance(card, dict) for card in cards):
        raise Mistake("contacts must be a list of objects with name and phone")
    return {"type": "contacts", "contacts": [_card(card) for card in cards]}


def _card(wish: Json) -> Json:
    name, phone = given(wish, "name", str), given(wish, "phone", str)
    digits = "".join(letter for letter in phone if letter.isdecimal())
    vcard = f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid={digits}:{phone}\nEND:VCARD"
    first, _, last = name.partition(" ")
    named = {"formatted_name": name, "first_name": first} | ({"last_name": last} if last else {})
    phones = [{"phone": phone, "wa_id": digits, "type": "CELL"}]
    return {"origin": "other", "name": named, "vcard": vcard, "phones": phones}


def own_card(wa_id: str) -> Json:
    """The person's own number, given by the button that asks for it: `origin` proves it."""
    phones = [{"phone": f"+{wa_id}", "wa_id": wa_id, "type": "CELL"}]
    return {"type": "contacts", "contacts": [{"origin": "contact_request", "phones": phones}]}


def _reaction(wish: Json) -> Json:
    """Without an emoji it takes an earlier one away; the key is then absent."""
    part = {"message_id": given(wish, "wamid", str)}
    if emoji := words(wish, "emoji"):
        part["emoji"] = emoji
    return {"type": "reaction", "reaction": part}


def _order(wish: Json) -> Json:
    items = given(wish, "items", list, default=[{}])
    if not all(isinstance(item, dict) for item in items):
        raise Mistake("items must be a list of objects with product, quantity, price and currency")
    rows = [
        {
            "product_retailer_id": words(item, "product", default="sku-1"),
            "quantity": given(item, "quantity", int, default=1),
            "item_price": number(item, "price", default=30),
            "currency": words(item, "currency", default="SAR"),
        }
        for item in items
    ]
    part = {"catalog_id": CATALOG_ID, "text": words(wish, "text"), "product_items": rows}
    return {"type": "order", "order": part}


def _referral(wish: Json) -> Json:
    """The first words after a tap on an ad. in_status: the ad stood in a Status, which gives no click id."""
    part: Json = {
        "source_type": words(wish, "source_type", default="ad"),
        "source_id": words(wish, "source_id", default="120226305854000001"),
        "source_url": words(wish, "source_url", default="https://fb.me/3example"),
        "headline": words(wish, "headline", default="عرض خاص"),
        "body": words(wish, "body", default="اطلب عرضك الآن"),
        "media_type": "image",
        "image_url": "https://lookaside.example/ad.jpg",
    }
    if not given(wish, "in_status", bool, default=False):
        part["ctwa_clid"] = words(wish, "click_id", default="Aff-n8ZTpracticeclick")
    text = words(wish, "text", default="أرغب في معرفة المزيد")
    return {"referral": part | {"welcome_message": {"text": "أهلاً"}}, "type": "text", "text": {"body": text}}


def _flow(wish: Json) -> Json:
    """A completed form; its answers come as JSON inside a text."""
    answers = {"flow_token": words(wish, "token", default="unused")} | given(wish, "answers", dict, default={})
    reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(answers, separators=(",", ":"))}
    return {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}


def _unsupported(wish: Json) -> Json:
    title = "Message type unknown"
    details = {"details": "Message type is currently not supported."}
    errors = [{"code": UNSUPPORTED, "title": title, "message": title, "error_data": details}]
    part = {"type": words(wish, "kind", default="poll")}
    return {"type": "unsupported", "unsupported": part, "errors": errors}


SAID: dict[str, Callable[[Json], Json]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "order": _order,
    "referral": _referral,
    "flow": _flow,
    "unsupported": _unsupported,
}


def context_of(wish: Json, *, business: str) -> Json | None:
    """What stands beside a message: what it quotes, asks about, and whether it was forwarded. None for nothing.

    business: digits of the number whose message is quoted. Raises Mistake.
    """
    context: Json = {}
    if quoted := words(wish, "context_wamid"):
        context |= {"from": business, "id": quoted}
    match wish.get("forwarded"):
        case None | False:
            pass
        case True:
            context["forwarded"] = True
        case "often":
            context["frequently_forwarded"] = True
        case _:
            raise Mistake('forwarded must be true, false or "often"')
    if product := words(wish, "product"):
        context["referred_product"] = {"catalog_id": CATALOG_ID, "product_retailer_id": product}
    return context or None
