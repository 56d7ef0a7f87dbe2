"""What the messages of a month were charged as; one small row for each kind, however many messages there were."""

from dataclasses import dataclass
from datetime import date

from wakeel.domain.prices import category_words, is_free, type_words
from wakeel.domain.words import Text
from wakeel.store.models import PriceCount


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
class Costs:
    """month: its first day."""

    month: date
    lines: tuple[CostLine, ...]

    @property
    def free(self) -> int:
        return sum(line.messages for line in self.lines if line.is_free)

    @property
    def charged(self) -> int:
        return sum(line.messages for line in self.lines if not line.is_free)


def read(business_id: str, *, month: date) -> Costs:
    rows = PriceCount.objects.filter(business_id=business_id, month=month).select_related("number")
    return Costs(month, tuple(_line(row) for row in rows.order_by("number", "category", "pricing_type")))


def _line(row: PriceCount) -> CostLine:
    return CostLine(
        phone=row.number.display_phone,
        category=category_words(row.category),
        pricing_type=row.pricing_type,
        kind=type_words(row.pricing_type),
        is_free=is_free(row.pricing_type),
        messages=row.messages,
    )
