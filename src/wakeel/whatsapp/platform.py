"""What Meta says of the account, its numbers and templates, as events: one change of an entry makes one event.

Fields: reference WA 3.7, read 2026-11-22. Which field is which event is in `_READERS`; every other field is not ours.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from wakeel.domain.platform_events import (
    AccountAlerted,
    AccountErred,
    AccountReviewed,
    AccountUpdated,
    BusinessUsernameChanged,
    CapabilityChanged,
    NumberLimitChanged,
    NumberNameDecided,
    PlatformEvent,
    Restriction,
    SecurityChanged,
)
from wakeel.whatsapp import wire
from wakeel.whatsapp import wire_platform as shapes
from wakeel.whatsapp.news import Common, first_of, moment_or_none, news_key, news_word, optional_word
from wakeel.whatsapp.outbound_status import details_of
from wakeel.whatsapp.reading import Place, read, readable, text_of
from wakeel.whatsapp.templates import template_category, template_components, template_quality, template_status

_NESTED = 4
"""How deep the details of an account update are looked into; Meta's own are two deep."""
_READ_ELSEWHERE = frozenset({"event", "restriction_type", "expiration", "waba_ban_state"})
_Reader = Callable[[msgspec.Raw, Common], PlatformEvent]


def platform_event(field: str, value: msgspec.Raw, place: Place, *, time: object) -> PlatformEvent | None:
    """The event of one change, None for a field that is none of these; raises Unreadable.

    time: the entry's, an integer, a text or None.
    """
    reader = _READERS.get(field)
    if reader is None:
        return None
    common: Common = {
        "waba_id": place.waba_id,
        "webhook_field": field,
        "key": news_key(field, place.waba_id, time, value),
        "at": moment_or_none(time),
        "path": place.path,
    }
    return reader(value, common)


def account_error(raw: msgspec.Raw, place: Place) -> AccountErred:
    """The event of one element of a value's `errors`, which belongs to no message; raises Unreadable."""
    error = read(raw, wire.Error)
    return AccountErred(
        waba_id=place.waba_id,
        webhook_field="messages",
        key=news_key("messages", place.phone_number_id or place.waba_id, None, raw),
        phone_number_id=place.phone_number_id,
        code=error.code,
        details=details_of(error),
        path=place.path,
    )


def _limit(raw: msgspec.Raw, common: Common) -> NumberLimitChanged:
    value = read(raw, shapes.NumberQuality)
    limit = first_of(value.max_daily_conversations_per_business, value.current_limit)
    return NumberLimitChanged(
        **common, display_phone=value.display_phone_number, event=news_word(value.event, "event"), limit=text_of(limit)
    )


def _name(raw: msgspec.Raw, common: Common) -> NumberNameDecided:
    value = read(raw, shapes.NumberName)
    return NumberNameDecided(
        **common,
        display_phone=value.display_phone_number,
        decision=news_word(value.decision, "decision"),
        name=value.requested_verified_name or "",
        reason=optional_word(value.rejection_reason, "rejection_reason"),
    )


def _capability(raw: msgspec.Raw, common: Common) -> CapabilityChanged:
    value = read(raw, shapes.Capability)
    limit = first_of(value.max_daily_conversations_per_business, value.max_daily_conversation_per_phone)
    return CapabilityChanged(
        **common,
        messaging_limit=text_of(limit),
        max_numbers=first_of(value.max_phone_numbers_per_waba, value.max_phone_numbers_per_business),
    )


def _account(raw: msgspec.Raw, common: Common) -> AccountUpdated:
    """What cannot be read of the details never hides that something happened: a restriction stops sending at once."""
    value = read(raw, shapes.Account)
    ban = value.ban_info if isinstance(value.ban_info, dict) else {}
    restrictions = tuple(
        Restriction(type=one.restriction_type, until=moment_or_none(one.expiration))
        for one in readable(value.restriction_info, shapes.Restricted)
    )
    return AccountUpdated(
        **common,
        event=news_word(value.event, "event"),
        restrictions=restrictions,
        ban_state=text_of(ban.get("waba_ban_state")),
        details=_details(read(raw, dict[str, Any])),
    )


def _details(value: dict[str, Any]) -> dict[str, str]:
    """Whatever stands beside the event, by Meta's name of it; of two with the same name the first."""
    found: dict[str, str] = {}
    for name, text in _leaves(value):
        if name not in _READ_ELSEWHERE:
            found.setdefault(name, text)
    return found


def _leaves(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth < _NESTED:
        for inner, item in value.items():
            yield from _leaves(item, str(inner), depth + 1)
    elif isinstance(value, list) and depth < _NESTED:
        for item in value:
            yield from _leaves(item, name, depth + 1)
    elif text := text_of(value):
        yield name, text


def _alert(raw: msgspec.Raw, common: Common) -> AccountAlerted:
    value = read(raw, shapes.AccountAlert)
    alert = read(raw if value.alert_info is wire.ABSENT else value.alert_info, shapes.Alert)
    return AccountAlerted(
        **common,
        entity=f"{value.entity_type} {value.entity_id}".strip(),
        alert=news_word(alert.alert_type, "alert_type"),
        severity=optional_word(alert.alert_severity, "alert_severity"),
        status=optional_word(alert.alert_status, "alert_status"),
        description=alert.alert_description or "",
    )


def _review(raw: msgspec.Raw, common: Common) -> AccountReviewed:
    return AccountReviewed(**common, decision=news_word(read(raw, shapes.Review).decision, "decision"))


def _security(raw: msgspec.Raw, common: Common) -> SecurityChanged:
    value = read(raw, shapes.Security)
    return SecurityChanged(
        **common, display_phone=value.display_phone_number, event=news_word(value.event, "event")
    )  # fmt: skip


def _username(raw: msgspec.Raw, common: Common) -> BusinessUsernameChanged:
    value = read(raw, shapes.BusinessUsername)
    return BusinessUsernameChanged(
        **common,
        display_phone=value.display_phone_number,
        status=news_word(value.status, "status"),
        username=value.username or None,
    )


_READERS: dict[str, _Reader] = {
    "message_template_status_update": template_status,
    "message_template_quality_update": template_quality,
    "template_category_update": template_category,
    "message_template_components_update": template_components,
    "phone_number_quality_update": _limit,
    "phone_number_name_update": _name,
    "business_capability_update": _capability,
    "account_update": _account,
    "account_alerts": _alert,
    "account_review_update": _review,
    "security": _security,
    "business_username_updates": _username,
}
