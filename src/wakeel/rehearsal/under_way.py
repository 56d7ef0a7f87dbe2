"""What a household has not finished yet: pieces of SQL that are one number each, and how to ask for several at once."""

from wakeel.rehearsal.databases import RehearsalDatabase

RECEIVED = "(SELECT count(*) FROM inbox WHERE state = 'received')"
"""Webhooks that were taken and not decoded."""
DUE = "(SELECT count(*) FROM outbox WHERE state = 'pending')"
LEAVING = "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
LEAVING_TO_OPERATORS = "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') AND audience = 'operator')"
WITHOUT_END = """(SELECT count(*) FROM outbox WHERE audience = 'contact' AND draft_id IS NOT NULL
  AND (state = 'unknown' OR state = 'accepted' AND (status IS NULL OR status NOT IN ('read', 'failed'))))"""
"""Approved messages that left and of which nobody knows yet whether they were read."""


def counts(database: RehearsalDatabase, *pieces: str) -> tuple[int, ...]:
    """The numbers of these pieces, of one moment."""
    [row] = database.rows(f"SELECT {', '.join(pieces)}")
    return tuple(int(number) for number in row)
