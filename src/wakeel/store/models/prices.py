"""How many messages Meta reported as delivered, by what it charges them as. Prices themselves are never known here."""

from django.db import models

from wakeel.store.models.business import SendingNumber
from wakeel.store.models.columns import business_key


class PriceCount(models.Model):
    """Delivered messages of one number in one month, by Meta's own words for category and pricing type.

    month: its first day, in the business's time zone.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    number = models.ForeignKey(SendingNumber, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    category = models.CharField(max_length=40)
    pricing_type = models.CharField(max_length=40)
    messages = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "price_count"
        constraints = [
            models.UniqueConstraint(
                fields=["business", "number", "month", "category", "pricing_type"], name="price_count_once"
            )
        ]


class PriceMark(models.Model):
    """One row, id 1: statuses up to this id are counted."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    status_event = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "price_mark"
