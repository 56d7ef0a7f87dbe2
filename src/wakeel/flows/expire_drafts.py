"""Drafts that nobody decided in time: nothing leaves, nobody is asked any more, their opportunities are open again."""

from collections import defaultdict
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
from wakeel.store import draft_waits, drafts
from wakeel.store.models import Draft, Operator


def expire(over: Iterable[Draft], active: Mapping[str, Sequence[Operator]], *, now: datetime) -> None:
    """End these, inside the transaction that locked them; whoever had one hears it, or everybody if nobody had.

    active: operators by business.
    """
    told: dict[str, list[Draft]] = defaultdict(list)
    whom: dict[str, Operator] = {}
    ended = []
    for draft in over:
        if draft.state == DraftState.EDITING:
            # Nobody sent the text that was asked for: what expires is the version there is.
            drafts.move(draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.EDITING])
        if not put_down(draft, to=DraftState.EXPIRED, now=now):
            continue
        ended.append(draft.id)
        for operator in _had(draft, active[draft.business_id]):
            whom[operator.id] = operator
            told[operator.id].append(draft)
    draft_waits.forget(ended)
    for operator_id, drafts_ in told.items():
        said = about_drafts(AnswerCode.DRAFTS_EXPIRED, drafts_)
        notify(whom[operator_id], said, key=f"expired:{drafts_[0].id}:{operator_id}", now=now)


def _had(draft: Draft, active: Sequence[Operator]) -> Sequence[Operator]:
    owner = draft.opportunity.owner
    return [owner] if owner is not None and owner.state == OperatorState.ACTIVE else active


def about_drafts(code: AnswerCode, about: Sequence[Draft]) -> Reply:
    """What is said of these by whom they would reach, a few by name and the rest as a number."""
    names = [one_line(draft.contact.name) or one_line(draft.opportunity.title) for draft in about[:NAMED]]
    said = "، ".join(names) + (f" +{len(about) - NAMED}" if len(about) > NAMED else "")
    return Reply(code, {"names": said}, names=tuple(draft.contact_id for draft in about[:NAMED]))
