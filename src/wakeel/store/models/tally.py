"""Counted tries, shared by all web processes. Issue 8."""

from django.db import models


class Tally(models.Model):
    """A row of Django's database cache: its columns and their names are Django's. No business: a try at a login belongs
    to none yet. cache_key: hashes of a name and an address, never themselves.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "tally"
