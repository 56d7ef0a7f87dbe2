"""What becomes of a message that was due and may not leave now: held, put off, asked again or taken back. Walk 2."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never

from wakeel.domain.gate_request import Verdict
from wakeel.domain.outbox import OutboxState, spread
from wakeel.domain.reasons import REASONS, Answer, ReasonCode
from wakeel.domain.words import Text
from wakeel.flows.ask_again import ask_again
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.reply import reason_words
from wakeel.flows.show_card import show_as_it_is
from wakeel.flows.tell_failure import tell_held
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage

_ASK_AGAIN = frozenset({
    ReasonCode.APPROVAL_MISSING, ReasonCode.APPROVAL_STALE, ReasonCode.APPROVAL_EXPIRED, ReasonCode.CONTENT_PII,
    ReasonCode.CONTENT_RISKY_CLAIM, ReasonCode.SENDER_NOT_NAMED, ReasonCode.OPT_OUT_PATH_MISSING,
})  # fmt: skip
"""Any drift from what was approved asks for a new approval (design section 1, promise 1); so does a text that only
another version can mend."""
_TEXT_IS_KEPT = frozenset({ReasonCode.APPROVAL_MISSING, ReasonCode.KILL_SWITCH})
"""A fixed text waits for these to end; with any other it would be an answer nobody waits for any more."""
DEFER_AT_LEAST = timedelta(seconds=1)


def keep_back(refused: Iterable[tuple[str, Verdict]], *, now: datetime) -> None:
    """Carry out every answer of the gate but ALLOW, inside the claim's transaction, which holds the messages.

    refused: message ids with what the gate said.
    """
    simulated: list[str] = []
    for message_id, verdict in refused:
        if verdict.answer is Answer.SIMULATE:
            simulated.append(message_id)
        elif verdict.answer is Answer.DEFER:
            next_at = max(verdict.next_allowed_at or now, now + DEFER_AT_LEAST)
            due_at = spread(next_at, now=now, share=random.random())  # noqa: S311 - spreads load, no secret
            outbox_verbs.put_off(message_id, due_at=due_at, code=verdict.code, now=now)
        else:
            _stop(_message(message_id), verdict, now=now)
    outbox_verbs.simulate(simulated, now=now)


def _stop(message: OutboxMessage, verdict: Verdict, *, now: datetime) -> None:
    """What does not go by itself any more, and who is told."""
    match verdict.answer:
        case Answer.HOLD if verdict.code in _ASK_AGAIN and message.draft is not None:
            ask_again(message, code=verdict.code, now=now)
        case Answer.HOLD if message.intent and verdict.code not in _TEXT_IS_KEPT:
            _move(message, OutboxState.SUPPRESSED, now=now, code=verdict.code)
        case Answer.HOLD:
            _move(message, OutboxState.HELD, now=now, code=verdict.code)
            if verdict.code is ReasonCode.CONTACT_REPLIED:
                show_as_it_is(message, reply="", now=now)
            else:
                _tell_held(message, verdict, now=now)
        case Answer.BLOCK:
            _move(message, OutboxState.SUPPRESSED, now=now, code=verdict.code)
            _tell_held(message, verdict, now=now)
            _close_draft(message, verdict, now=now)
        case Answer.ALLOW | Answer.SIMULATE | Answer.DEFER:
            raise AssertionError("what may leave, now or later, is not stopped")
        case _:
            assert_never(verdict.answer)


def hold_unread(message_id: str, *, now: datetime) -> None:
    """Something of theirs could not be read: whenever this was approved or let go, nobody has looked yet."""
    message = _message(message_id)
    _move(message, OutboxState.HELD, now=now, code=ReasonCode.UNREAD_MESSAGE)
    show_as_it_is(message, reply="", now=now)


def _message(message_id: str) -> OutboxMessage:
    return OutboxMessage.objects.select_related("number__business", "draft", "operator", "contact").get(pk=message_id)


def _move(message: OutboxMessage, to: OutboxState, *, now: datetime, code: ReasonCode | None = None) -> None:
    outbox_verbs.move(message.id, to=to, come_from=[OutboxState.PENDING], now=now, hold_code=code.value if code else "")


def _close_draft(message: OutboxMessage, verdict: Verdict, *, now: datetime) -> None:
    """What will never leave is not "approved" any more; a duplicate's draft stays, because the first one left."""
    if message.draft is not None and verdict.code is not ReasonCode.DUPLICATE_REQUEST:
        put_down(message.draft, now=now)


def _tell_held(message: OutboxMessage, verdict: Verdict, *, now: datetime) -> None:
    why = Text.both(lambda language: reason_words(verdict.code, verdict.facts, language))
    tell_held(message, why, REASONS[verdict.code].steps, now=now)
