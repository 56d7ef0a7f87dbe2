"""Whom a message to an operator names beside the one person it is about."""

from collections.abc import Iterable, Sequence

from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Mention, OutboxMessage


def note(message: OutboxMessage, contact_ids: Iterable[str]) -> None:
    """Remember it, so that erasing any of these people finds the message. message: just queued."""
    named = dict.fromkeys(contact_ids)
    insert_rows([Mention(business_id=message.business_id, message=message, contact_id=pk) for pk in named])


def named_in(messages: Sequence[OutboxMessage]) -> list[str]:
    """The ids of everybody whom these name or are about."""
    beside = Mention.objects.filter(message__in=[message.pk for message in messages])
    about = [message.about_id for message in messages if message.about_id is not None]
    return [*about, *beside.values_list("contact_id", flat=True)]
