"""Message statuses: many events, in any order, any number of times, one merged answer."""

from enum import StrEnum


class MessageStatus(StrEnum):
    """Meta's words for what became of a message; `accepted` is the answer to the send itself."""

    ACCEPTED = "accepted"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"


_ORDER = {status: place for place, status in enumerate(MessageStatus)}


def merge(known: MessageStatus | None, news: str) -> MessageStatus | None:
    """The status after one more event; the same for every order and repetition of the same events.

    Later in the list wins: a failure closes what was only sent, a delivery or a reading proves a failure wrong.
    `played` says that a voice message was heard, hence read. Words we do not know change nothing.
    """
    word = "read" if news == "played" else news
    if word not in _ORDER:
        return known
    status = MessageStatus(word)
    return status if known is None or _ORDER[status] > _ORDER[known] else known
