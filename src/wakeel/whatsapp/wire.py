"""The shapes of Meta's webhooks, as far as we read them. Fields not named here are tolerated and ignored.

Source: reference of the Cloud API 3.3 to 3.7 (Meta's pages of 2025-12 to 2026-09, read 2026-11-22), Graph v26.0.
`Raw` keeps one part's bytes unread, so that each item is decoded, and can fail, by itself.
"""

import msgspec

ABSENT = msgspec.Raw(b"null")


class Envelope(msgspec.Struct):
    object: str
    entry: list[msgspec.Raw] = []


class Entry(msgspec.Struct):
    id: str | int = ""
    changes: list[msgspec.Raw] = []


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


class OtherValue(msgspec.Struct):
    """Fields that only say that something happened to the account, a template or the number."""

    event: str = ""


class Metadata(msgspec.Struct):
    phone_number_id: str = ""


class Profile(msgspec.Struct):
    name: str | None = None
    username: str | None = None


class Contact(msgspec.Struct):
    wa_id: str | None = None
    user_id: str | None = None
    profile: Profile | None = None


class Context(msgspec.Struct):
    id: str | None = None


class TextBody(msgspec.Struct):
    body: str


class Tapped(msgspec.Struct):
    id: str
    title: str = ""


class Interactive(msgspec.Struct):
    type: str = ""
    button_reply: Tapped | None = None
    list_reply: Tapped | None = None


class TemplateButton(msgspec.Struct):
    text: str
    payload: str | None = None


class Media(msgspec.Struct):
    caption: str | None = None


class System(msgspec.Struct):
    type: str
    wa_id: str | None = None
    user_id: str | None = None
    previous_user_id: str | None = None


class Message(msgspec.Struct):
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
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None
    system: System | None = None


class Writer(msgspec.Struct):
    """Who an item is from, whatever else is wrong with it: `from` of messages, `wa_id` of preferences."""

    from_: object = msgspec.field(default=None, name="from")
    from_user_id: object = None
    wa_id: object = None
    user_id: object = None


class Status(msgspec.Struct):
    id: str
    status: str
    timestamp: str | int
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    biz_opaque_callback_data: str | None = None
    errors: msgspec.Raw = ABSENT


class Preference(msgspec.Struct):
    category: str
    value: str
    timestamp: str | int
    wa_id: str | None = None
    user_id: str | None = None


class Error(msgspec.Struct):
    code: int
    error_data: object = None
