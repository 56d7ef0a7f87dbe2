"""The shapes of Meta's messages and statuses, as far as we read them. Fields not named here are tolerated and ignored.

Source: reference of the Cloud API 3.3 to 3.7 (Meta's pages of 2025-12 to 2026-09, read 2026-11-22), Graph v26.0.
`Raw` keeps one part's bytes unread, so that each item is decoded, and can fail, by itself. Shapes of what Meta says of
the account, its numbers and templates are in `wire_platform`.
"""

import msgspec

ABSENT = msgspec.Raw(b"null")
OBJECT = "whatsapp_business_account"


class Envelope(msgspec.Struct):
    object: str
    entry: list[msgspec.Raw] = []


class Entry(msgspec.Struct):
    """time: present where Meta speaks of the account, absent on messages and statuses."""

    id: str | int = ""
    changes: list[msgspec.Raw] = []
    time: object = None


class Change(msgspec.Struct):
    field: str
    value: msgspec.Raw = ABSENT


class Value(msgspec.Struct):
    metadata: msgspec.Raw = ABSENT
    contacts: msgspec.Raw = ABSENT
    messages: msgspec.Raw = ABSENT
    statuses: msgspec.Raw = ABSENT
    errors: msgspec.Raw = ABSENT
    user_preferences: msgspec.Raw = ABSENT
    message_echoes: msgspec.Raw = ABSENT


class OtherValue(msgspec.Struct):
    """Fields that only say that something happened, calls and groups for example."""

    event: str = ""


class Metadata(msgspec.Struct, gc=False):
    phone_number_id: str = ""


class Profile(msgspec.Struct, gc=False):
    name: str | None = None
    username: str | None = None


class Contact(msgspec.Struct, gc=False):
    wa_id: str | None = None
    user_id: str | None = None
    profile: Profile | None = None


class Product(msgspec.Struct, gc=False):
    """What a question about a catalogue item is about."""

    catalog_id: str | None = None
    product_retailer_id: str | None = None


class Context(msgspec.Struct, gc=False):
    id: str | None = None
    forwarded: object = None
    frequently_forwarded: object = None
    referred_product: msgspec.Raw = ABSENT


class TextBody(msgspec.Struct, gc=False):
    body: str


class Tapped(msgspec.Struct, gc=False):
    id: str
    title: str = ""


class FormAnswer(msgspec.Struct, gc=False):
    """response_json: a text that holds JSON."""

    name: str | None = None
    response_json: object = None


class Interactive(msgspec.Struct):
    type: str = ""
    button_reply: Tapped | None = None
    list_reply: Tapped | None = None
    nfm_reply: msgspec.Raw = ABSENT


class TemplateButton(msgspec.Struct, gc=False):
    text: str
    payload: str | None = None


class Media(msgspec.Struct, gc=False):
    id: object = None
    mime_type: object = None
    sha256: object = None
    caption: str | None = None
    filename: object = None
    voice: object = None


class Location(msgspec.Struct, gc=False):
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class CardPhone(msgspec.Struct, gc=False):
    phone: str | None = None
    wa_id: str | None = None


class SharedCard(msgspec.Struct):
    """origin: contact_request if it answers our request for the number, else other or absent."""

    phones: list[CardPhone] | None = None
    origin: str | None = None


class Reaction(msgspec.Struct, gc=False):
    message_id: str
    emoji: str | None = None


class OrderItem(msgspec.Struct, gc=False):
    product_retailer_id: str
    quantity: int = 1
    item_price: str | int | float | None = None
    currency: str | None = None


class Order(msgspec.Struct):
    catalog_id: object = None
    text: str | None = None
    product_items: msgspec.Raw = ABSENT


class Edited(msgspec.Struct):
    """What an edited message says now."""

    text: TextBody | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None


class Edit(msgspec.Struct):
    original_message_id: str | None = None
    message: Edited | None = None


class Revoke(msgspec.Struct, gc=False):
    original_message_id: str


class UnsupportedKind(msgspec.Struct, gc=False):
    type: str | None = None


class Referral(msgspec.Struct, gc=False):
    source_type: str
    source_id: str | None = None
    source_url: str | None = None
    headline: str | None = None
    body: str | None = None
    ctwa_clid: str | None = None


class System(msgspec.Struct, gc=False):
    """customer, new_wa_id: how versions before v12.0 named the ids before and after."""

    type: str
    body: object = None
    wa_id: str | None = None
    new_wa_id: str | None = None
    customer: str | None = None
    user_id: str | None = None
    previous_user_id: str | None = None


class Message(msgspec.Struct):
    """What can hold words is read at once; the other parts when the type asks for them."""

    id: str
    timestamp: str | int
    type: str
    from_: str | None = msgspec.field(default=None, name="from")
    from_user_id: str | None = None
    group_id: str | None = None
    context: Context | None = None
    text: TextBody | None = None
    interactive: Interactive | None = None
    button: TemplateButton | None = None
    system: System | None = None
    image: msgspec.Raw = ABSENT
    video: msgspec.Raw = ABSENT
    audio: msgspec.Raw = ABSENT
    document: msgspec.Raw = ABSENT
    sticker: msgspec.Raw = ABSENT
    location: msgspec.Raw = ABSENT
    contacts: msgspec.Raw = ABSENT
    reaction: msgspec.Raw = ABSENT
    order: msgspec.Raw = ABSENT
    edit: msgspec.Raw = ABSENT
    revoke: msgspec.Raw = ABSENT
    unsupported: msgspec.Raw = ABSENT
    referral: msgspec.Raw = ABSENT
    errors: msgspec.Raw = ABSENT
    to: str | None = None
    to_user_id: str | None = None


class Writer(msgspec.Struct):
    """Who an item is from, whatever else is wrong with it: `from` of messages, `wa_id` of preferences."""

    from_: object = msgspec.field(default=None, name="from")
    from_user_id: object = None
    wa_id: object = None
    user_id: object = None


class Pricing(msgspec.Struct, gc=False):
    category: object = None
    type: object = None


class StatusHead(msgspec.Struct):
    """recipient_id: of a group if recipient_type says so; the person is the participant then."""

    id: str
    status: str
    timestamp: str | int
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    recipient_type: str | None = None
    recipient_participant_id: str | None = None
    recipient_participant_user_id: str | None = None
    biz_opaque_callback_data: str | None = None


class Status(StatusHead):
    pricing: msgspec.Raw = ABSENT
    errors: msgspec.Raw = ABSENT


class Preference(msgspec.Struct, gc=False):
    category: str
    value: str
    timestamp: str | int
    wa_id: str | None = None
    user_id: str | None = None


class Error(msgspec.Struct):
    code: int
    error_data: object = None
