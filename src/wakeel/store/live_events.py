"""Old changes go: nobody who is away for long is told what they missed, they open the page anew."""

from django.db import connection

from wakeel.store.models import LiveEvent


def newest() -> int:
    """Its number; 0 without any."""
    return LiveEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def delete_up_to(last: int, *, limit: int) -> int:
    """Delete the oldest ones up to that number, at most so many numbers' worth; how many are gone.

    The newest of all stays, so that its number says what a page has seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM live_event WHERE id < (SELECT min(id) FROM live_event) + %s AND id <= %s "
            "AND id < (SELECT max(id) FROM live_event)",
            [limit, last],
        )
        return cursor.rowcount
