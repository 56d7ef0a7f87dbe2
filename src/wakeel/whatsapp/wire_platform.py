"""The shapes of what Meta says of the account, its numbers and templates. Source: reference WA 3.7, read 2026-11-22."""

from typing import Any

import msgspec

from wakeel.whatsapp.wire import ABSENT

Number = str | int
"""Meta writes ids and limits as numbers in samples and as texts in descriptions."""


class Template(msgspec.Struct, kw_only=True):
    """Which template, in which language."""

    id: Number | None = msgspec.field(default=None, name="message_template_id")
    name: str = msgspec.field(name="message_template_name")
    language: str = msgspec.field(name="message_template_language")


class TemplateStatus(Template, kw_only=True):
    event: str
    category: str | None = msgspec.field(default=None, name="message_template_category")
    reason: str | None = None
    other_info: object = None
    rejection_info: object = None
    disable_info: object = None


class TemplateQuality(Template, kw_only=True):
    new_quality_score: str
    previous_quality_score: str | None = None


class TemplateCategory(Template, kw_only=True):
    new_category: str
    previous_category: str | None = None
    correct_category: str | None = None
    category_update_timestamp: Number | None = None


class TemplateButton(msgspec.Struct):
    type: str = msgspec.field(default="", name="message_template_button_type")
    text: str = msgspec.field(default="", name="message_template_button_text")
    url: str | None = msgspec.field(default=None, name="message_template_button_url")
    phone_number: str | None = msgspec.field(default=None, name="message_template_button_phone_number")


class TemplateComponents(Template, kw_only=True):
    title: str | None = msgspec.field(default=None, name="message_template_title")
    element: str = msgspec.field(name="message_template_element")
    footer: str | None = msgspec.field(default=None, name="message_template_footer")
    buttons: list[TemplateButton] | None = msgspec.field(default=None, name="message_template_buttons")


class NumberQuality(msgspec.Struct):
    """current_limit: the name before 2026-02."""

    display_phone_number: str
    event: str
    max_daily_conversations_per_business: Number | None = None
    current_limit: Number | None = None


class NumberName(msgspec.Struct):
    display_phone_number: str
    decision: str
    requested_verified_name: str | None = None
    rejection_reason: str | None = None


class Capability(msgspec.Struct):
    """max_daily_conversation_per_phone, max_phone_numbers_per_business: older names, and newer ones of larger units."""

    max_daily_conversations_per_business: Number | None = None
    max_daily_conversation_per_phone: Number | None = None
    max_phone_numbers_per_waba: int | None = None
    max_phone_numbers_per_business: int | None = None


class Restricted(msgspec.Struct):
    restriction_type: str
    expiration: object = None


class Account(msgspec.Struct):
    event: str
    restriction_info: msgspec.Raw = ABSENT
    ban_info: object = None


class Alert(msgspec.Struct):
    alert_type: str
    alert_severity: str | None = None
    alert_status: str | None = None
    alert_description: str | None = None


class AccountAlert(msgspec.Struct):
    """alert_info: older versions have its fields beside the entity."""

    entity_type: str = ""
    entity_id: Number = ""
    alert_info: msgspec.Raw = ABSENT


class Review(msgspec.Struct):
    decision: str


class Security(msgspec.Struct):
    display_phone_number: str
    event: str


class BusinessUsername(msgspec.Struct):
    display_phone_number: str
    status: str
    username: str | None = None


class Keys(msgspec.Struct):
    """What tells one kind of template news from another, whichever field it came under."""

    new_quality_score: Any = None
