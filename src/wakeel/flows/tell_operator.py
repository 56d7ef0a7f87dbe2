"""Put words for an operator into the outbox, inside the caller's transaction: state and answer commit together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category
from wakeel.domain.outbox import Audience, Lane
from wakeel.domain.recognition import OperatorState
from wakeel.flows.reply import Reply
from wakeel.store import outbox
from wakeel.store.models import Contact, Operator, OutboxMessage
from wakeel.store.operators import address_of
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.payloads import message_body


def tell(
    operator: Operator, reply: Reply, *, key: str, now: datetime, about: Contact | None = None
) -> OutboxMessage | None:
    """Queue one answer; None if this very answer was queued before. Arguments: as for `answer`."""
    message = answer(operator, reply, key=key, now=now, about=about)
    return next(iter(outbox.enqueue_all([message])), None) if message is not None else None


def answer(
    operator: Operator, reply: Reply, *, key: str, now: datetime, about: Contact | None = None
) -> OutboxMessage | None:
    """An answer to be queued. key: what is answered, such as a wamid.

    about: whom the words name, so that erasing that person finds them; None if nobody. To a suspended operator only
    the way back is said: None for everything else.
    """
    if operator.state != OperatorState.ACTIVE and reply.code is not AnswerCode.ENROL_AGAIN:
        return None
    part = text_part(reply.say(operator.language))
    return _message(operator, part, lane=Lane.ANSWER, key=f"answer:{key}", now=now, about=about)


def message_to(
    operator: Operator, part: Mapping[str, Any], *, lane: Lane, key: str, now: datetime, about: Contact | None = None
) -> OutboxMessage | None:
    """A message to an operator's own phone, to be queued; None to a suspended one, whose phone may be lost.

    about: as for `answer`.
    """
    if operator.state != OperatorState.ACTIVE:
        return None
    return _message(operator, part, lane=lane, key=key, now=now, about=about)


def _message(
    operator: Operator, part: Mapping[str, Any], *, lane: Lane, key: str, now: datetime, about: Contact | None
) -> OutboxMessage | None:
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
        request_key=key,
        due_at=now,
        now=now,
    )
