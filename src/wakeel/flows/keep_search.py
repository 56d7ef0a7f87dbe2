"""Reading what changed into the words that people are found by: slice by slice, behind everything else."""

from django.db import transaction

from wakeel.store import search_words
from wakeel.store.give_way import taking_turns
from wakeel.store.retry import whole_transaction


@whole_transaction
def read_some() -> bool:
    """Read one slice; True if more waits."""
    if not search_words.is_any_due():
        return False
    with taking_turns(), transaction.atomic():
        dues = search_words.claim()
        search_words.take(dues)
    return len(dues) == search_words.SLICE
