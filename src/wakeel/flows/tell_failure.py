"""Tell the person who approved a message that it did not go through, why, and what can be done. Walk 3.

Once per cause, not once per message: what fails for the same reason, from the same number, in the same hour is told of
the first message only; the desk has them all. Somebody who acted on a message hears what became of that very act.
"""

from datetime import datetime

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.failures import Trouble, cause_key
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.steps import Step
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows.failure_desk import Advice, Case, advise, cause_of
from wakeel.flows.fitting_templates import that_work
from wakeel.flows.gather_notices import notify
from wakeel.flows.reply import Reply, Value, reason_words
from wakeel.flows.step_links import Steps
from wakeel.store import decisions
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Approval, OutboxMessage, VerdictRow


def tell_failure(message: OutboxMessage, code: AnswerCode, *, now: datetime) -> None:
    """Queue one answer for one cause; nothing for messages to operators (the screens show those)."""
    _tell(message, code, now=now)


def tell_held(message: OutboxMessage, why: Text, next_steps: tuple[Step, ...], *, now: datetime) -> None:
    """The claim refused what was approved: say so, also when it was released and is refused once more.

    why: with what the verdict named. next_steps: of the reason; those that cannot work here are left out.
    """
    message.refresh_from_db(fields=["state", "hold_code"])
    _tell(message, AnswerCode.HELD_NOW, now=now, why=why, only=next_steps)


def tell_confirmed(message: OutboxMessage, *, now: datetime) -> None:
    """A late status settled what was unknown: whoever was told so hears the end of it."""
    _tell(message, AnswerCode.SEND_CONFIRMED, now=now)


def tell_late_proof(message: OutboxMessage, code: AnswerCode, *, attempt: int, now: datetime) -> None:
    """Something contradicts what a person settled; said for every message, because each one may need an answer."""
    approval = _approval(message)
    if message.contact is not None and approval is not None:
        values: dict[str, Value] = {"name": one_line(message.contact.name)}
        key = f"{code}:{message.id}:{attempt}"
        notify(approval.operator, Reply(code, values), key=key, now=now, about=message.contact)


def still_held(message: OutboxMessage) -> Reply:
    """What to say to somebody who approves once more what is held for another reason."""
    code = ReasonCode(message.hold_code)
    name = one_line(message.contact.name) if message.contact else ""
    verdict = VerdictRow.objects.filter(outbox=message, code=code.value).order_by("-id").first()
    facts = verdict.facts if verdict is not None else {"scope": "business"}
    why = Text.both(lambda language: reason_words(code, facts, language))
    opportunity_id = message.draft.opportunity_id if message.draft else ""
    steps = that_work(REASONS[code].steps, opportunity_id, now=clock.now())
    return Reply(AnswerCode.HELD_NOW, {"name": name, "reason": why, "steps": _steps(message, steps)})


def _tell(
    message: OutboxMessage, code: AnswerCode, *, now: datetime, why: Text | None = None,
    only: tuple[Step, ...] | None = None,
) -> None:  # fmt: skip
    approval = _approval(message)
    if message.contact is None or message.draft_id is None or approval is None:
        return
    case = _case(message, now=now)
    what = f"{code}:{cause_of(case)}"
    key = f"{cause_key(what, number_id=message.number_id, at=now)}:{approval.operator_id}"
    acts = decisions.sends_wanted(message.draft_id)
    if acts > 1:
        key = f"{key}:{message.id}:{acts}"
    if outbox_verbs.was_queued(message.business_id, f"answer:{key}"):
        return
    advice = advise(message.business_id, [case], now=now, real_now=clock.real_now())[case.outbox_id]
    steps = advice.steps if only is None else tuple(step for step in only if step in advice.steps)
    values: dict[str, Value] = {
        "name": one_line(message.contact.name),
        "reason": why or _reason(advice),
        "steps": _steps(message, steps),
    }
    notify(approval.operator, Reply(code, values), key=key, now=now, about=message.contact)


def _reason(advice: Advice) -> Text:
    """Why, and what happens without anybody's doing; a time is on the desk, where it is still true when it is read."""
    if advice.until is not None:
        return advice.reason
    return Text(f"{advice.reason.ar}. {advice.by_itself.ar}", f"{advice.reason.en}. {advice.by_itself.en}")


def _case(message: OutboxMessage, *, now: datetime) -> Case:
    state = OutboxState(message.state)
    trouble = {
        OutboxState.FAILED: Trouble.FAILED,
        OutboxState.HELD: Trouble.HELD,
        OutboxState.SUPPRESSED: Trouble.SUPPRESSED,
        OutboxState.UNKNOWN: Trouble.UNKNOWN,
    }.get(state, Trouble.FAILED_STATUS)
    return Case(
        outbox_id=message.id,
        trouble=trouble,
        number_id=message.number_id,
        opportunity_id=message.draft.opportunity_id if message.draft else "",
        draft_id=message.draft_id or "",
        hold_code=message.hold_code if trouble in {Trouble.HELD, Trouble.SUPPRESSED} else "",
        facts={},
        failure_code=message.failure_code,
        failure_details=message.failure_details,
        at=now,
        attempted_at=clock.real_now(),
        may_be_rewritten=trouble in {Trouble.FAILED, Trouble.HELD, Trouble.SUPPRESSED},
    )


def _approval(message: OutboxMessage) -> Approval | None:
    rows = Approval.objects.filter(draft=message.draft_id).select_related("operator")
    return rows.order_by("-approved_at").first() if message.draft_id else None


def _steps(message: OutboxMessage, next_steps: tuple[Step, ...]) -> Steps:
    opportunity_id = message.draft.opportunity_id if message.draft else ""
    return Steps(next_steps, message.number, message.contact_id or "", opportunity_id)
