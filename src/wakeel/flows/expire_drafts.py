"""Drafts that nobody decided in time: nothing leaves, nobody is asked any more, their opportunities are open again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import DraftState
from wakeel.domain.recognition import OperatorState
from wakeel.domain.team import NAMED
from wakeel.domain.text import one_line
from wakeel.flows.gather_notices import notify
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.reply import Reply
from wakeel.store import draft_waits, drafts, other_phones
from wakeel.store.models import Draft, Operator


def expire(over: Iterable[Draft], active: Mapping[str, Sequence[Operator]], *, now: datetime) -> None:
    """End these, inside the transaction that locked them; whoever has one or its card hears it, or everybody if nobody
    has one.

    active: operators by business.
    """
    ended: dict[str, Draft] = {}
    for draft in over:
        if draft.state == DraftState.EDITING:
            # Nobody sent the text that was asked for: what expires is the version there is.
            drafts.move(draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.EDITING])
        if put_down(draft, to=DraftState.EXPIRED, now=now):
            ended[draft.id] = draft
    draft_waits.forget(ended)
    had_card = {
        (card.operator_id, card.draft_id)
        for card in other_phones.closed_just_now({draft.opportunity_id for draft in ended.values()}, now=now)
    }
    for operator in (one for team in active.values() for one in team):
        theirs = [draft for draft in ended.values() if (operator.id, draft.id) in had_card or _has(operator, draft)]
        if theirs:
            said = about_drafts(AnswerCode.DRAFTS_EXPIRED, theirs)
            notify(operator, said, key=f"expired:{theirs[0].id}:{operator.id}", now=now)


def _has(operator: Operator, draft: Draft) -> bool:
    owner = draft.opportunity.owner
    if owner is None or owner.state != OperatorState.ACTIVE:
        return operator.business_id == draft.business_id
    return owner.id == operator.id


def about_drafts(code: AnswerCode, about: Sequence[Draft]) -> Reply:
    """What is said of these by whom they would reach, a few by name and the rest as a number."""
    names = [one_line(draft.contact.name) or one_line(draft.opportunity.title) for draft in about[:NAMED]]
    said = "، ".join(names) + (f" +{len(about) - NAMED}" if len(about) > NAMED else "")
    return Reply(code, {"names": said}, names=tuple(draft.contact_id for draft in about[:NAMED]))
