"""Put words for an operator into the outbox, inside the caller's transaction: state and answer commit together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category
from wakeel.domain.outbox import Audience, Lane
from wakeel.domain.recognition import WAY_BACK, OperatorState
from wakeel.flows.reply import Reply
from wakeel.store import mentions, outbox, prompts
from wakeel.store.models import Contact, Operator, OutboxMessage
from wakeel.store.operators import address_of
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.payloads import message_body

NOTICE = "notice"
"""The purpose of a message to an operator that answers nothing: those that wait may come together."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer to one operator. key: what is answered, such as a wamid.

    about: whom the words name, so that erasing that person finds them; None if nobody. purpose: '' for an answer,
    NOTICE for what nobody asked for. due_at: None for at once.
    """

    operator: Operator
    reply: Reply
    key: str
    about: Contact | None = None
    purpose: str = ""
    due_at: datetime | None = None


def tell(
    operator: Operator, reply: Reply, *, key: str, now: datetime, about: Contact | None = None, purpose: str = "",
    due_at: datetime | None = None,
) -> OutboxMessage | None:  # fmt: skip
    """Queue one answer; None if this very answer was queued before. Arguments: as for `Told`."""
    return next(iter(tell_all([Told(operator, reply, key, about, purpose, due_at)], now=now)), None)


def tell_all(told: Sequence[Told], *, now: datetime) -> list[OutboxMessage]:
    """Queue these answers, and keep the questions that stand under them; those that were never queued before."""
    answers = [(one, _answer(one, now=now)) for one in told]
    queued = outbox.enqueue_all([message for _, message in answers if message is not None])
    new = {message.id for message in queued}
    prompts.keep_all([
        prompts.made(one.operator, asks.kind, subject=asks.subject, outbox=message, now=now)
        for one, message in answers
        if (asks := one.reply.asks) is not None and message is not None and message.id in new
    ])  # fmt: skip
    for one, message in answers:
        if one.reply.names and message is not None and message.id in new:
            mentions.note(message, one.reply.names)
    return queued


def _answer(one: Told, *, now: datetime) -> OutboxMessage | None:
    """To whoever is no operator now only the way back is said: None for everything else."""
    operator, reply = one.operator, one.reply
    if operator.state != OperatorState.ACTIVE and reply.code not in _WAYS_BACK:
        return None
    words = reply.say(operator.language)
    part = reply.asks.part(words, language=operator.language) if reply.asks is not None else text_part(words)
    key, purpose = f"answer:{one.key}", WAY_BACK if reply.code in _WAYS_BACK else one.purpose
    return _message(
        operator, part, lane=Lane.ANSWER, key=key, now=now, about=one.about, purpose=purpose, due_at=one.due_at
    )


_WAYS_BACK = (AnswerCode.ENROL_AGAIN, AnswerCode.LEFT_TEAM)


def message_to(
    operator: Operator, part: Mapping[str, Any], *, lane: Lane, key: str, now: datetime, about: Contact | None = None,
    purpose: str = "", due_at: datetime | None = None, expires_at: datetime | None = None,
) -> OutboxMessage | None:  # fmt: skip
    """A message to an operator's own phone, to be queued; None to a suspended one, whose phone may be lost.

    about, purpose: as for `Told`. due_at: None for at once. expires_at: None if it never comes too late.
    """
    if operator.state != OperatorState.ACTIVE:
        return None
    return _message(
        operator, part, lane=lane, key=key, now=now, about=about, purpose=purpose, due_at=due_at, expires_at=expires_at
    )


def _message(
    operator: Operator, part: Mapping[str, Any], *, lane: Lane, key: str, now: datetime, about: Contact | None,
    purpose: str = "", due_at: datetime | None = None, expires_at: datetime | None = None,
) -> OutboxMessage | None:  # fmt: skip
    address = address_of(operator)
    if address is None:
        return None
    return outbox.made(
        business_id=operator.business_id,
        number_id=operator.number_id,
        audience=Audience.OPERATOR,
        operator_id=operator.id,
        about=about,
        address=address,
        lane=lane,
        body=message_body(part, address=address),
        category=Category.UTILITY,
        purpose=purpose,
        request_key=key,
        due_at=due_at or now,
        expires_at=expires_at,
        now=now,
    )
