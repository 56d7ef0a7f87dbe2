"""What Meta said of the account and its numbers: each piece of news kept once, and what the numbers are now."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db.models import Q

from wakeel.domain.account import AccountNews, AccountState
from wakeel.domain.platform_events import AccountUpdated, NumberNameDecided, PlatformEvent, Restriction
from wakeel.store.models import PlatformEventRow, SendingNumber

_NOT_FACTS = frozenset({"key", "at", "path", "webhook_field"})
RED = "RED"


def keep(business_id: str, event: PlatformEvent, *, at: datetime, now: datetime) -> bool:
    """Store one piece of news; False if it was stored before. at: Meta's time of it."""
    _, made = PlatformEventRow.objects.get_or_create(
        business_id=business_id,
        key=event.key,
        defaults={
            "webhook_field": event.webhook_field[:100],
            "kind": type(event).__name__,
            "facts": facts_of(event),
            "at": at,
            "recorded_at": now,
        },
    )
    return made


def facts_of(event: PlatformEvent) -> dict[str, Any]:
    """What an event says, by our names of its fields, as JSON holds it."""
    return {field.name: _plain(getattr(event, field.name)) for field in fields(event) if field.name not in _NOT_FACTS}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Restriction():
            return {"type": value.type, "until": _plain(value.until)}
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case tuple() | list():
            return [_plain(part) for part in value]
    return value


def lock_numbers(business_id: str, waba_id: str) -> list[SendingNumber]:
    """The numbers of one account, locked until the transaction ends: news of one account is taken one by one."""
    rows = SendingNumber.objects.select_for_update().filter(business_id=business_id, waba_id=waba_id)
    return list(rows.order_by("phone_number_id"))


def number_meant(numbers: list[SendingNumber], *, display_phone: str) -> SendingNumber | None:
    """The number an event names by its digits; None if it is none of ours."""
    digits = "".join(letter for letter in display_phone if letter.isdecimal())
    return next((number for number in numbers if number.display_phone == digits), None)


def account_news(business_id: str, waba_id: str) -> list[AccountNews]:
    """Everything that was ever said of this account, in any order: a handful of rows in a year."""
    rows = PlatformEventRow.objects.filter(business_id=business_id, kind=AccountUpdated.__name__)
    return [_news(row) for row in rows if row.facts.get("waba_id") == waba_id]


def _news(row: PlatformEventRow) -> AccountNews:
    restrictions = tuple(
        Restriction(type=one["type"], until=datetime.fromisoformat(one["until"]) if one["until"] else None)
        for one in row.facts["restrictions"]
    )
    return AccountNews(
        event=row.facts["event"], at=row.at, key=row.key, restrictions=restrictions, ban_state=row.facts["ban_state"]
    )


def set_account(business_id: str, waba_id: str, state: AccountState) -> None:
    SendingNumber.objects.filter(business_id=business_id, waba_id=waba_id).update(
        account_state=state.word[:60], account_until=state.until, account_at=state.at
    )


def stopped_accounts(business_id: str) -> list[str]:
    """WABA ids of this business that Meta does not let send."""
    rows = SendingNumber.objects.filter(business_id=business_id).exclude(account_state="")
    return list(rows.order_by("waba_id").values_list("waba_id", flat=True).distinct())


def with_ended_restriction(*, now: datetime) -> list[SendingNumber]:
    """One number of each account whose restriction had an end that is past."""
    rows = SendingNumber.objects.filter(account_until__lte=now).exclude(account_state="").order_by("phone_number_id")
    return list({(row.business_id, row.waba_id): row for row in rows}.values())


def set_limit(business_id: str, waba_id: str, limit: int | None, *, at: datetime) -> None:
    """News of the messaging limit; of one instant the lower one counts. limit: None for no bound."""
    is_newer = Q(limit_at=None) | Q(limit_at__lt=at)
    if limit is not None:
        is_newer |= Q(limit_at=at) & (Q(messaging_limit=None) | Q(messaging_limit__gt=limit))
    rows = SendingNumber.objects.filter(is_newer, business_id=business_id, waba_id=waba_id)
    rows.update(messaging_limit=limit, limit_at=at)


def set_quality(number: SendingNumber, quality: str, *, at: datetime) -> None:
    """News of the quality; of one instant RED counts."""
    is_newer = Q(quality_at=None) | Q(quality_at__lt=at) | (Q(quality_at=at) & ~Q(quality=RED))
    SendingNumber.objects.filter(is_newer, pk=number.pk).update(quality=quality[:20], quality_at=at)


def set_throughput(number: SendingNumber, messages_a_second: int) -> None:
    """Meta announces only upgrades, so no order matters; a reading of the number tells the rest."""
    SendingNumber.objects.filter(pk=number.pk).update(throughput_mps=messages_a_second)


def set_name(number: SendingNumber, name: str) -> None:
    SendingNumber.objects.filter(pk=number.pk).update(verified_name=name[:120])


def take_newest_name(number: SendingNumber, display_phone: str) -> None:
    """The name of the newest approval that was kept."""
    rows = PlatformEventRow.objects.filter(business_id=number.business_id, kind=NumberNameDecided.__name__)
    names = [
        row.facts["name"]
        for row in rows.order_by("at", "key")
        if row.facts["display_phone"] == display_phone and row.facts["decision"] == "APPROVED"
    ]
    if names:
        set_name(number, names[-1])
