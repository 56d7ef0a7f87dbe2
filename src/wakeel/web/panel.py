"""What one item offers right now: only verbs that would do something, asked of the domain's own tables."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from wakeel import clock
from wakeel.domain.content import Finding, findings
from wakeel.domain.drafts import DraftAction, DraftRuling, DraftState
from wakeel.domain.drafts import rule_on as rule_on_draft
from wakeel.domain.failures import Trouble
from wakeel.domain.gate import Verdict
from wakeel.domain.opportunities import OpportunityAction, OpportunityState, Ruling
from wakeel.domain.opportunities import rule_on as rule_on_opportunity
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import REASONS, ReasonCode, steps_for
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.steps import Step
from wakeel.domain.words import Text
from wakeel.flows.failure_desk import Case, advise
from wakeel.flows.fitting_templates import that_work
from wakeel.flows.preview_draft import Preview
from wakeel.flows.preview_opportunity import asked_digest
from wakeel.flows.send_later import Offered, offered
from wakeel.flows.verdict_line import Line, line_of
from wakeel.store.screens.item import DraftView, Item, Message
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.next_steps import NextSteps, next_steps
from wakeel.web.steps import DrawnStep, Subject, draw
from wakeel.whatsapp import errors

_OFFERED = {
    DraftRuling.APPROVE,
    DraftRuling.RELEASE,
    DraftRuling.EDIT,
    DraftRuling.EDIT_APPROVED,
    DraftRuling.CANCEL,
    DraftRuling.UNDO,
}
_CODES = {code.value for code in ReasonCode}
_DONE_BY_WRITING = {Step.EDIT_TEXT, Step.APPROVE_AGAIN}
"""Steps that lead to the item page: there, the form itself is the step."""


@dataclass(frozen=True, slots=True)
class Panel:
    """item with what can be done. verbs, draft_verbs: button words by verb. digest: of what is shown, '' if closed.

    verdict: as if approved now, None unless a text waits for approval; line: the same in words. findings: what to look
    at in the text of a living draft. may_approve: approving would be carried out. steps: towards a message that may
    leave, or out of a failure. keeps_only: approving stores, a stop switch is on. failure: why the message was not
    sent or not delivered; None if it was not so. next: what may come after the first decision.
    buttons: labels that the contact sees under a template. may_decide: whether whoever looks decides about it at all;
    without it there are no verbs. later: hours and times to choose from.
    """

    item: Item
    verbs: frozenset[str]
    draft_verbs: frozenset[str]
    opportunity_digest: str
    digest: str
    verdict: Verdict | None
    line: Line | None
    findings: tuple[Finding, ...]
    steps: tuple[DrawnStep, ...]
    may_approve: bool
    keeps_only: bool
    failure: Text | None
    next: NextSteps
    buttons: tuple[str, ...]
    may_decide: bool
    later: Offered

    @property
    def mark(self) -> str:
        """Another one as soon as something else can be decided here, or about another text."""
        shown = (self.opportunity_digest, self.digest, sorted(self.verbs), sorted(self.draft_verbs))
        return sha256(repr(shown).encode()).hexdigest()[:16]

    @property
    def releases(self) -> bool:
        """Approved before; they wrote, and approving now sends it as it is."""
        return self.item.draft is not None and self.item.draft.state == DraftState.APPROVED and self.may_approve


def open_panel(item: Item, seat: Seat, seen: Preview | None, *, now: datetime) -> Panel:
    """Look at one item; changes nothing. seen: what its living draft is now, None without one."""
    draft = item.living_draft
    may_decide = whose.may_decide(seat, is_theirs=item.is_theirs)
    rulings = _draft_rulings(draft) if draft else {}
    verdict = seen.verdict if seen and rulings[DraftAction.APPROVE] in _APPROVING else None
    keeps_only = verdict is not None and verdict.is_only_stopped
    subject = Subject(item.person.id, item.id, _failed_message(item))
    return Panel(
        item=item,
        verbs=_verbs(item, has_draft=draft is not None) if may_decide else frozenset(),
        draft_verbs=frozenset(action.value for action, ruling in rulings.items() if ruling in _OFFERED and may_decide),
        opportunity_digest=asked_digest(item.id),
        digest=seen.asked_digest if seen else "",
        verdict=verdict,
        line=line_of(seen.request, verdict, now=now, text=seen.text) if seen and verdict else None,
        findings=findings(seen.text) if seen else (),
        steps=draw(_steps(item, verdict, seat, now=now), subject, our_phone=seat.our_phone, may=seat.may)
        if item.is_theirs or may_decide
        else (),
        may_approve=may_decide and verdict is not None and (verdict.may_be_approved or keeps_only),
        keeps_only=keeps_only,
        failure=_failure(item),
        next=next_steps(item, may_decide=may_decide),
        buttons=seen.buttons if seen else (),
        may_decide=may_decide,
        later=_later(item, seat, seen, now=now) if may_decide else Offered(),
    )


def _later(item: Item, seat: Seat, seen: Preview | None, *, now: datetime) -> Offered:
    """Of a text that two must approve no hour is chosen: the second approval lets it leave."""
    waits = item.draft is not None and item.draft.state == DraftState.AWAITING_APPROVAL and not item.draft.needs_two
    return offered(seat.operator_id or "", seen if waits else None, now=now)


_APPROVING = {DraftRuling.APPROVE, DraftRuling.RELEASE, DraftRuling.WAITS_FOR_TEXT}


def _draft_rulings(draft: DraftView) -> dict[DraftAction, DraftRuling]:
    state = DraftState(draft.state)
    return {action: rule_on_draft(state, action, phase=draft.phase) for action in DraftAction}


def _verbs(item: Item, *, has_draft: bool) -> frozenset[str]:
    state = OpportunityState(item.state)
    rulings = {action: rule_on_opportunity(state, action).ruling for action in OpportunityAction}
    offered = {Ruling.MOVE, Ruling.TAKE_BACK} | (set() if has_draft else {Ruling.SHOW_DRAFT})
    return frozenset(action.value for action, ruling in rulings.items() if ruling in offered)


def _steps(item: Item, verdict: Verdict | None, seat: Seat, *, now: datetime) -> tuple[Step, ...]:
    message = item.draft.message if item.draft else None
    found: tuple[Step, ...] = ()
    if verdict is not None:
        found = steps_for(verdict.code, verdict.answer)
    elif message is not None and message.hold_code in _CODES:
        found = REASONS[ReasonCode(message.hold_code)].steps
    elif message is not None and _failed_message(item):
        case = _case(item, message)
        found = advise(seat.business_id, [case], now=now, real_now=clock.real_now())[message.id].steps
    return tuple(step for step in that_work(found, item.id, now=now) if step not in _DONE_BY_WRITING)


def _case(item: Item, message: Message) -> Case:
    """Its failure as the desk's engine asks for it; what is written anew here is written in the form beside it."""
    return Case(
        outbox_id=message.id,
        trouble=Trouble.FAILED if message.state == OutboxState.FAILED else Trouble.FAILED_STATUS,
        number_id=message.number_id,
        opportunity_id=item.id,
        draft_id=item.draft.id if item.draft else "",
        hold_code="",
        facts={},
        failure_code=message.failure_code,
        failure_details=message.failure_details,
        at=message.updated_at,
        attempted_at=None,
        may_be_rewritten=False,
    )


def _failure(item: Item) -> Text | None:
    message = item.draft.message if item.draft else None
    if message is None or not _failed_message(item):
        return None
    return errors.reason(message.failure_code, details=message.failure_details)


def _failed_message(item: Item) -> str:
    """The id of the message whose failure can be settled here; '' without one."""
    message = item.draft.message if item.draft else None
    if message is None:
        return ""
    failed = message.state == OutboxState.FAILED or message.status == MessageStatus.FAILED
    return message.id if failed else ""
