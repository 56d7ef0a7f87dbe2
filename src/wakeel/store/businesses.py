"""Businesses and their numbers."""

from datetime import datetime

from django.db.models import Q

from wakeel.domain.sending_limits import OwnLimits
from wakeel.domain.stop_switches import Stop
from wakeel.store.models import Business, SendingNumber, StopSwitch


def route(phone_number_id: str | None, waba_id: str | None) -> SendingNumber | None:
    """Whose webhook this is: by number, else by account; None if it is not ours."""
    rows = SendingNumber.objects.select_related("business")
    if phone_number_id:
        return rows.filter(phone_number_id=phone_number_id).first()
    return rows.filter(waba_id=waba_id).order_by("phone_number_id").first() if waba_id else None


def ensure(
    *, name: str, phone_number_id: str, waba_id: str, display_phone: str, practice: bool, now: datetime
) -> Business:
    """The business of this deployment, made at the first start; its number and name follow the settings."""
    business = Business.objects.order_by("created_at").first()
    if business is None:
        business = Business.objects.create(name=name, practice=practice, created_at=now)
    elif business.name != name:
        business.name = name
        business.save(update_fields=["name"])
    known = {"business": business, "waba_id": waba_id, "display_phone": display_phone}
    # Nobody is annoyed by a demo, and one person taps on all of its phones: Meta's pace would only make them wait.
    first = known | {"pair_interval_ms": 0} if practice else known
    SendingNumber.objects.update_or_create(phone_number_id=phone_number_id, defaults=known, create_defaults=first)
    return business


def webhook_seen(number: SendingNumber, *, real_now: datetime) -> None:
    SendingNumber.objects.filter(pk=number.pk).update(webhook_seen_at=real_now)


def number_of(business_id: str) -> SendingNumber:
    """The number this business sends from, with its business."""
    rows = SendingNumber.objects.select_related("business").filter(business_id=business_id)
    return rows.order_by("phone_number_id")[0]


def numbers_of(business_id: str) -> list[SendingNumber]:
    return list(SendingNumber.objects.filter(business_id=business_id).order_by("phone_number_id"))


def is_stopped(business_id: str) -> bool:
    """True while nothing goes to contacts of this business: its own stop switch is on, or the one for everything."""
    on = Q(scope=StopSwitch.Scope.BUSINESS, target=business_id) | Q(scope=StopSwitch.Scope.EVERYWHERE)
    return StopSwitch.objects.filter(on).exists()


def touched_by(stop: Stop) -> list[str]:
    """Businesses of which this stop switch stops anything."""
    if stop.scope == StopSwitch.Scope.NUMBER:
        rows = SendingNumber.objects.filter(phone_number_id=stop.target)
        return list(rows.values_list("business_id", flat=True))
    return under(stop)


def under(stop: Stop) -> list[str]:
    """Businesses that this stop switch stops as a whole; none for a number's."""
    match stop.scope:
        case StopSwitch.Scope.BUSINESS:
            return [stop.target]
        case StopSwitch.Scope.EVERYWHERE:
            return list(Business.objects.order_by("created_at").values_list("pk", flat=True))
        case _:
            return []


def name_of(business_id: str) -> str:
    return Business.objects.values_list("name", flat=True).get(pk=business_id)


def our_phone(business_id: str) -> str:
    """The digits people write to; '' while no number is set up."""
    number = SendingNumber.objects.filter(business_id=business_id).order_by("phone_number_id").first()
    return number.display_phone if number else ""


def set_own_limits(business_id: str, number_id: str, limits: OwnLimits) -> bool:
    """False if the business has no such number."""
    rows = SendingNumber.objects.filter(pk=number_id, business_id=business_id)
    changed = rows.update(
        own_limit_mps=limits.a_second,
        pair_interval_ms=round(limits.pair_interval_s * 1000),
        operator_burst=limits.operator_burst,
        contact_burst=limits.contact_burst,
    )
    return changed > 0
