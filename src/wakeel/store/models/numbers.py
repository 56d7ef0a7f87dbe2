"""What happened on each day, counted once so that no page counts a million rows."""

from django.db import models

from wakeel.store.models.columns import business_key


class DayNumbers(models.Model):
    """One day of one business. day: in the business's time zone. counts: operator id, '' for nobody's → name of a
    number (`store.day_counts`) → how many. counted_at: business time; a later count takes the place of this one.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    day = models.DateField()
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "day_numbers"
        constraints = [models.UniqueConstraint(fields=["business", "day"], name="day_numbers_once")]
