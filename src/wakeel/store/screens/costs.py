"""What the messages of a month were charged as; one small row for each kind, however many messages there were."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from wakeel.domain.prices import FREE_SERVICE_A_MONTH, SERVICE, category_words, is_free, type_words
from wakeel.domain.words import Text
from wakeel.store.models import PriceCount, SendingNumber


@dataclass(frozen=True, slots=True)
class CostLine:
    """Delivered messages of one kind. phone: digits of our number; pricing_type: Meta's word, kind: what it means."""

    phone: str
    category: Text
    pricing_type: str
    kind: Text
    is_free: bool
    messages: int


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """Free-form messages of one number, those to operators among them. phone: its digits."""

    phone: str
    messages: int

    @property
    def is_beyond(self) -> bool:
        """The rest of the month costs money."""
        return self.messages >= FREE_SERVICE_A_MONTH


@dataclass(frozen=True, slots=True)
class Costs:
    """month: its first day. service: for each number of the business."""

    month: date
    lines: tuple[CostLine, ...]
    service: tuple[ServiceLine, ...] = ()
    free_service: int = FREE_SERVICE_A_MONTH

    @property
    def free(self) -> int:
        return sum(line.messages for line in self.lines if line.is_free)

    @property
    def charged(self) -> int:
        return sum(line.messages for line in self.lines if not line.is_free)


def read(business_id: str, *, month: date) -> Costs:
    rows = PriceCount.objects.filter(business_id=business_id, month=month).select_related("number")
    found = list(rows.order_by("number", "category", "pricing_type"))
    numbers = SendingNumber.objects.filter(business_id=business_id).order_by("pk")
    service = Counter(dict.fromkeys(numbers.values_list("display_phone", flat=True), 0))
    for row in found:
        if row.category == SERVICE:
            service[row.number.display_phone] += row.messages
    return Costs(month, tuple(map(_line, found)), tuple(ServiceLine(*counted) for counted in service.items()))


def _line(row: PriceCount) -> CostLine:
    return CostLine(
        phone=row.number.display_phone,
        category=category_words(row.category),
        pricing_type=row.pricing_type,
        kind=type_words(row.pricing_type),
        is_free=is_free(row.pricing_type),
        messages=row.messages,
    )
