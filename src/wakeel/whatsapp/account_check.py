"""Reading what Meta says of our token, number and subscriptions, for `wakeel doctor`. Nothing is changed or sent.

Fields: Meta, "Phone number", "Subscribed apps", "Debug token", read 2026-11-23; reference WA 3.1, 5.3 and 7.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec
from aiohttp.abc import AbstractResolver

from wakeel.domain.checkup_account import NumberFacts, Subscription, TokenFacts
from wakeel.domain.templates import ListedTemplate
from wakeel.domain.text import plain
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.listing import CannotRead, GraphReader, decoded, reading

_FIELDS: Final = (
    "id,display_phone_number,verified_name,name_status,status,code_verification_status,quality_rating,throughput,"
    "whatsapp_business_manager_messaging_limit,health_status,webhook_configuration"
)
_MANAGES: Final = "whatsapp_business_management"
_LATEST: Final = 4_102_444_800
"""2100-01-01: a date behind it is none that Meta gives."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChecked:
    """What was read, each part by itself: what could not be read is the refusal. answered_at: Meta's clock, None if
    nobody answered."""

    token: TokenFacts | CannotRead
    number: NumberFacts | CannotRead
    apps: tuple[Subscription, ...] | CannotRead
    templates: tuple[ListedTemplate, ...] | CannotRead
    answered_at: datetime | None


class _Scope(msgspec.Struct):
    scope: str = ""
    target_ids: list[str] = []


class _Token(msgspec.Struct):
    is_valid: bool = False
    app_id: str | int = ""
    type: str = ""
    scopes: list[str] = []
    granular_scopes: list[_Scope] = []
    expires_at: int = 0


class _TokenAnswer(msgspec.Struct):
    data: _Token


class _Throughput(msgspec.Struct):
    level: str = ""


class _Health(msgspec.Struct):
    can_send_message: str = ""


class _Callbacks(msgspec.Struct):
    phone_number: str = ""
    whatsapp_business_account: str = ""
    application: str = ""


class _Number(msgspec.Struct):
    display_phone_number: str | None = None
    verified_name: str | None = None
    name_status: str | None = None
    status: str | None = None
    code_verification_status: str | None = None
    quality_rating: str | None = None
    throughput: _Throughput | None = None
    limit: str | None = msgspec.field(default=None, name="whatsapp_business_manager_messaging_limit")
    health_status: _Health | None = None
    webhook_configuration: _Callbacks | None = None


class _App(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Subscribed(msgspec.Struct):
    app: _App = msgspec.field(default_factory=_App, name="whatsapp_business_api_data")
    override_callback_uri: str = ""


class _SubscribedAnswer(msgspec.Struct):
    data: list[_Subscribed]


_TOKEN = msgspec.json.Decoder(_TokenAnswer)
_NUMBER = msgspec.json.Decoder(_Number)
_SUBSCRIBED = msgspec.json.Decoder(_SubscribedAnswer)


async def check_account(
    options: ApiOptions, *, waba_id: str, phone_number_id: str, resolver: AbstractResolver | None = None
) -> AccountChecked:
    """Ask Meta once for each. Raises CannotRead if nothing can be asked at all, and BadGraphUrl.

    resolver: another one than the system's, for tests and unusual networks.
    """
    async with reading(options, what="account", object_id=waba_id, resolver=resolver) as reader:
        return AccountChecked(
            token=await _or_refusal(_token(reader, options.token)),
            number=await _or_refusal(_number(reader, phone_number_id)),
            apps=await _or_refusal(_apps(reader, waba_id)),
            templates=await _or_refusal(reader.templates(waba_id)),
            answered_at=reader.answered_at,
        )


async def check_token(options: ApiOptions, *, resolver: AbstractResolver | None = None) -> TokenFacts:
    """What Meta says of our token alone. Raises CannotRead, and BadGraphUrl."""
    async with reading(options, what="token", object_id="this app", resolver=resolver) as reader:
        return await _token(reader, options.token)


async def _or_refusal(reading_it: Awaitable[T]) -> T | CannotRead:
    try:
        return await reading_it
    except CannotRead as cannot:
        return cannot


async def _token(reader: GraphReader, token: str) -> TokenFacts:
    # Meta takes what to look at in the query and nowhere else; it goes to the Graph host alone, and into no log.
    raw = await reader.ask("token", "this app", "/debug_token", {"input_token": token})
    data = decoded(_TOKEN, raw, what="token", object_id="this app").data
    managed = [one.target_ids for one in data.granular_scopes if one.scope == _MANAGES]
    has_end = 0 < data.expires_at < _LATEST
    return TokenFacts(
        is_valid=data.is_valid,
        app_id=plain(str(data.app_id)),
        kind=plain(data.type),
        scopes=tuple(data.scopes),
        waba_ids=tuple(managed[0]) if managed else (),
        expires_at=datetime.fromtimestamp(data.expires_at, UTC) if has_end else None,
    )


async def _number(reader: GraphReader, phone_number_id: str) -> NumberFacts:
    raw = await reader.get("number", phone_number_id, "", {"fields": _FIELDS})
    found = decoded(_NUMBER, raw, what="number", object_id=phone_number_id)
    to = found.webhook_configuration or _Callbacks()
    return NumberFacts(
        phone=plain(found.display_phone_number or ""),
        name=plain(found.verified_name or ""),
        name_status=plain(found.name_status or ""),
        status=plain(found.status or ""),
        verification=plain(found.code_verification_status or ""),
        quality=plain(found.quality_rating or ""),
        limit=plain(found.limit or ""),
        throughput=plain(found.throughput.level) if found.throughput else "",
        can_send=plain(found.health_status.can_send_message) if found.health_status else "",
        callbacks=tuple(plain(one) for one in (to.phone_number, to.whatsapp_business_account, to.application) if one),
    )


async def _apps(reader: GraphReader, waba_id: str) -> tuple[Subscription, ...]:
    raw = await reader.get("subscriptions", waba_id, "/subscribed_apps", {})
    rows = decoded(_SUBSCRIBED, raw, what="subscriptions", object_id=waba_id).data
    return tuple(
        Subscription(app_id=plain(row.app.id), name=plain(row.app.name), callback=plain(row.override_callback_uri))
        for row in rows
    )
