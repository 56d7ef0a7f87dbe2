"""What was not asked for comes as few messages, not as one each: every one of them costs, and WhatsApp paces them.

The first two leave at once. What follows them within half a minute waits for its end and becomes one message; so does
everything that waited for an operator's window once that opens: until then it stays apart, since somebody whom it names
may be erased. Only texts are put together: a question keeps a message of its own, so that a tap on it says which one is
meant.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from wakeel.domain.cards import BETWEEN_NOTICES, TEXT_LIMIT
from wakeel.domain.gate import is_window_open
from wakeel.domain.outbox import Lane, OutboxState
from wakeel.domain.text import measure
from wakeel.flows.reply import Reply
from wakeel.flows.tell_operator import NOTICE, message_to, tell
from wakeel.store import mentions, outbox
from wakeel.store.models import Contact, Operator, OutboxMessage
from wakeel.whatsapp.cards import text_part

_WHOLE = "gathered:"
"""Begins the request keys of what was put together."""
AT_ONCE = 2
WITHIN = timedelta(seconds=30)
"""So many notices to one operator leave within such a time; more come together at its end."""


def notify(operator: Operator, reply: Reply, *, key: str, now: datetime, about: Contact | None = None) -> None:
    """Queue a notice once per key, together with those to this operator that have not left. Arguments: as for
    `tell`."""
    is_open = is_window_open(operator.last_inbound_at, now=now)
    due_at = _leaves_at(operator, now=now) if is_open else None
    queued = tell(operator, reply, key=key, now=now, about=about, purpose=NOTICE, due_at=due_at)
    if queued is not None and is_open:
        _gather(operator, outbox.texts_waiting(operator.id, purpose=NOTICE), now=now)


def _leaves_at(operator: Operator, *, now: datetime) -> datetime:
    left = outbox.left_lately(operator, purpose=NOTICE, since=now - WITHIN, most=AT_ONCE)
    return left[-1] + WITHIN if len(left) == AT_ONCE else now


def gather(operator: Operator, *, now: datetime) -> int:
    """Put everything together that waited, in the transaction in which their window opens; returns how many became
    part of another. None of it was an answer to a tap: any tap opens the window.
    """
    return _gather(operator, outbox.texts_waiting(operator.id), now=now)


def _gather(operator: Operator, waiting: Sequence[OutboxMessage], *, now: datetime) -> int:
    return sum(_join(operator, part, now=now) for part in _fitting(waiting) if len(part) > 1)


def _join(operator: Operator, part: Sequence[OutboxMessage], *, now: datetime) -> int:
    due_at = min(message.due_at for message in part)
    if not _queue(operator, part, key=f"{_WHOLE}{part[0].id}:{part[-1].id}", due_at=due_at, now=now):
        return 0
    return outbox.take_back_all([message.id for message in part], now=now)


def _queue(operator: Operator, part: Sequence[OutboxMessage], *, key: str, due_at: datetime, now: datetime) -> bool:
    """One message of the words of all of these; False if it was queued before. Whoever is named in one of them is
    named in the whole."""
    words = text_part(BETWEEN_NOTICES.join(map(_words, part)))
    whole = message_to(operator, words, lane=Lane.ANSWER, key=key, purpose=NOTICE, due_at=due_at, now=now)
    queued = outbox.enqueue_all([whole] if whole is not None else [])
    if queued:
        mentions.note(queued[0], mentions.named_in(part))
    return bool(queued)


def keep_others(unsent: QuerySet[OutboxMessage], *, now: datetime) -> None:
    """Before these are taken back because of whom they name: what was put together with one of them, and is about
    others, waits again without it."""
    taken = set(unsent.filter(state=OutboxState.PENDING).values_list("pk", flat=True))
    for whole in OutboxMessage.objects.filter(pk__in=taken, request_key__startswith=_WHOLE).select_related("operator"):
        if whole.operator is not None:
            _keep_others(whole, whole.operator, unsent, now=now)


def _keep_others(whole: OutboxMessage, operator: Operator, unsent: QuerySet[OutboxMessage], *, now: datetime) -> None:
    said = _words(whole).split(BETWEEN_NOTICES)
    parts = [part for part in outbox.texts_taken_back(operator.id) if _words(part) in said]
    gone = set(unsent.filter(pk__in=[part.pk for part in parts]).values_list("pk", flat=True))
    lost = {_words(part) for part in parts if part.pk in gone}
    others = {_words(part): part for part in parts if _words(part) not in lost}
    kept = [others[words] for words in said if words in others]
    if kept:
        _queue(operator, kept, key=f"{_WHOLE}{whole.id}:less", now=now, due_at=whole.due_at)


def _fitting(waiting: Sequence[OutboxMessage]) -> Iterator[list[OutboxMessage]]:
    """In their order, as many together as one message holds."""
    part: list[OutboxMessage] = []
    for message in waiting:
        together = [*part, message]
        if part and measure(BETWEEN_NOTICES.join(map(_words, together))) > TEXT_LIMIT:
            yield part
            together = [message]
        part = together
    yield part


def _words(message: OutboxMessage) -> str:
    return str(message.body["text"]["body"])
