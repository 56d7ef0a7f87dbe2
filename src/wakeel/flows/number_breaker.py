"""A number that gets no answers, or that Meta holds back, stops trying; and how it starts again. Design section 7."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Action
from wakeel.domain.steps import Step
from wakeel.domain.text import isolate
from wakeel.flows import audit
from wakeel.flows.tell_operators import tell_operators
from wakeel.store import breakers
from wakeel.store.models import Attempt, SendingNumber
from wakeel.store.retry import whole_transaction
from wakeel.whatsapp import errors
from wakeel.whatsapp.errors import Failure, Stop

OUR_OWN_SILENCE = frozenset({"lease_ended", "stopped"})
"""Why an attempt is unknown when our own process ended: that says nothing about Meta."""


def after_silence(attempt: Attempt, why: str) -> None:
    """Count one send that was not answered, inside the caller's transaction; the fifth in a row stops the number.

    Nobody is told on the phone: what would tell them goes out through the same number. The screens say it.
    """
    if why in OUR_OWN_SILENCE:
        breakers.give_back_probe([attempt.id], real_now=clock.real_now())
    else:
        breakers.unanswered(attempt.outbox.number, attempt.id, real_now=clock.real_now())


def after_answers(number_ids: Collection[str]) -> None:
    """Meta answered sends of these numbers with yes or no: their outage is over, inside the caller's transaction.

    One look at an almost empty table, for any number of answers.
    """
    breakers.answered(number_ids)


def after_proof(attempt: Attempt) -> None:
    """A status settled this attempt: it left, and still nobody answered. If it is the probe, the next message is one:
    its own answer comes later, or never, and would find nothing to end."""
    breakers.give_back_probe([attempt.id], real_now=clock.real_now())


def after_refusal(attempt: Attempt, failure: Failure) -> None:
    """A no of Meta's is an answer too; a connection that failed is silence; our own no says nothing about Meta."""
    if failure.http_status is not None:
        after_answers([attempt.outbox.number_id])
    elif failure.details == errors.CONNECTION_FAILED:
        breakers.unanswered(attempt.outbox.number, attempt.id, real_now=clock.real_now())
    else:
        breakers.give_back_probe([attempt.id], real_now=clock.real_now())


def stop_if_told(number: SendingNumber, code: int | None, *, now: datetime) -> None:
    """Open the breaker if this code of Meta's, by answer or by status, means that the number must not send."""
    stop = errors.stop_of(code)
    if code is None or stop is Stop.NOTHING:
        return
    contacts_only = stop is Stop.CONTACTS
    if breakers.refuse(number, code, contacts_only=contacts_only, real_now=clock.real_now()) and contacts_only:
        tell_operators(
            number.business_id, AnswerCode.NUMBER_STOPPED,
            {"phone": isolate(f"+{number.display_phone}"), "reason": errors.reason(code)},
            key=f"number_stopped:{number.pk}:{code}:{now.isoformat()}", steps=(Step.RESUME_NUMBER,), now=now,
        )  # fmt: skip


@whole_transaction
def release(business_id: str, number_id: str, *, by: str, now: datetime) -> bool:
    """A person settled it with Meta, or wants to see: the number sends again at once. False if nothing was stopped."""
    with transaction.atomic():
        released = breakers.release(business_id, number_id)
        if released:
            audit.note(business_id, by=by, action=Action.NUMBER_RESUMED, subject=number_id, now=now)
        return released
