"""What changed, for the pages that are open. Issue 8."""

from django.db import models


class LiveEvent(models.Model):
    """One change, written by a database trigger in the transaction that made it (`store.live_triggers`), never by code.

    noun, news: `domain.live`. subject: id of the row, '' for a stop. Kept for a while (`flows.forget_live_events`).
    Nothing checks the business and there is no index but the key: most changes have one, and only the newest are read.
    """

    id = models.BigAutoField(primary_key=True)
    business = models.ForeignKey(
        "store.Business", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    noun = models.CharField(max_length=12)
    subject = models.CharField(max_length=64)
    news = models.CharField(max_length=5)

    class Meta:
        db_table = "live_event"
